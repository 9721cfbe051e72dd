// Completion as a shell gives it: bash is everywhere; zsh and fish where they are installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { commandTable } from './command-table.ts';
import { main } from './main.ts';
import type { Shell } from './completion.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function script(shell: Shell): Promise<string> {
  let text = '';
  expect(await main(['completion', shell], { stdout: { write: (part) => { text += part; } }, stderr: { write: () => {} }, env: {}, nowMs: () => 0 })).toBe(0);
  const path = join(folder, `leaderfall.${shell}`);
  writeFileSync(path, text);
  return path;
}

/** What bash would offer for the last of the words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const path = await script('bash');
  const all = ['leaderfall', ...words].map((word) => `'${word}'`).join(' ');
  return execFileSync('bash', ['-c', `source '${path}'; COMP_WORDS=(${all}); COMP_CWORD=${words.length}; _leaderfall; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8' }).split('\n').filter((line) => line !== '');
}

test('bash offers every command', async () => {
  expect(await offered('')).toEqual(expect.arrayContaining([...Object.keys(commandTable), 'help', '--help', '--version']));
  expect(await offered('co')).toEqual(['compare', 'completion']);
});

test('bash offers the options of the command, and no other’s', async () => {
  expect(await offered('run', '--b')).toEqual(['--broker-version', '--baseline']);
  expect(await offered('report', '--b')).toEqual([]);
});

test('bash offers values: scenario names, tags, formats, shells', async () => {
  expect(await offered('run', 'kafka/acks-1/leader-kill-b')).toEqual(['kafka/acks-1/leader-kill-behind']);
  expect(await offered('run', '--tag', 'dem')).toEqual(['demo']);
  expect(await offered('report', '--reporter', 'j')).toEqual(['junit', 'json']);
  expect(await offered('run', '--reporter', 'html,j')).toEqual(['html,junit', 'html,json']);
  expect(await offered('run', '--reporter', 'html,junit,')).toContain('html,junit,markdown');
  expect(await offered('run', '--broker-version', '')).toEqual(expect.arrayContaining(['kafka=4.1', 'rabbitmq=4.0']));
  expect(await offered('completion', 'f')).toEqual(['fish']);
  expect(await offered('compare', '')).toEqual([]);
});

const isHere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

test.skipIf(!isHere('zsh'))('zsh takes the script without complaint (not runnable here where zsh is not installed)', async () => {
  const ended = spawnSync('zsh', ['-f', '-c', `autoload -Uz compinit && compinit -u -d '${join(folder, 'dump')}' && source '${await script('zsh')}' && print -r -- $_comps[leaderfall]`], { encoding: 'utf8' });
  expect([ended.stderr, ended.stdout.trim()]).toEqual(['', '_leaderfall']);
});

test.skipIf(!isHere('fish'))('fish offers commands, options and values (not runnable here where fish is not installed)', async () => {
  const path = await script('fish');
  const complete = (line: string): readonly string[] => execFileSync('fish', ['--no-config', '-c', `source '${path}'; complete -C '${line}'`], { encoding: 'utf8' }).split('\n').map((each) => each.split('\t')[0]!).filter((word) => word !== '');
  expect(complete('leaderfall expl')).toEqual(['explain']);
  expect(complete('leaderfall run --basel')).toEqual(['--baseline']);
  expect(complete('leaderfall run kafka/acks-1/leader-kill-b')).toEqual(['kafka/acks-1/leader-kill-behind']);
  expect(complete('leaderfall schema s')).toEqual(['scenario', 'suite']);
});

test('another shell exits 2 with what is there', async () => {
  let stderr = '';
  expect(await main(['completion', 'tcsh'], { stdout: { write: () => {} }, stderr: { write: (part) => { stderr += part; } }, env: {}, nowMs: () => 0 })).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
