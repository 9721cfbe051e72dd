// Lines of a shell, taken apart by a shell: which programs it would start, and with which arguments. None of them is started.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The program, and its arguments as a shell hands them over. */
export type Call = readonly [program: string, ...words: readonly string[]];

const shim = '#!/bin/sh\n{ printf "%s\\0" "${0##*/shims/}" "$@"; printf "\\n\\0"; } >> "$CALLS"\n';

export interface ShellPlace {
  readonly folder: string;
  /** Programs that pages start by name. */
  readonly programs: readonly string[];
  /** Programs that pages start by a path relative to the folder. */
  readonly files: readonly string[];
}

export function placeShims({ folder, programs, files }: ShellPlace): void {
  for (const file of [...programs.map((name) => join('shims', name)), ...files]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), shim);
    chmodSync(join(folder, file), 0o755);
  }
}

/**
 * Redirections, quotes, `&&` and `$(…)` are bash's own doing; expressions of a CI are replaced by 1.
 * @throws where bash does not understand the line, or meets a program that was not placed.
 */
export function callsOf(line: string, folder: string): readonly Call[] {
  const calls = join(folder, '.calls');
  rmSync(calls, { force: true });
  const env = { PATH: `${join(folder, 'shims')}:/usr/bin:/bin`, HOME: folder, CALLS: calls, GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  execFileSync('bash', ['--norc', '--noprofile', '-euc', line.replaceAll(/\$\{\{.*?\}\}/g, '1')], { cwd: folder, env, stdio: 'pipe' });
  const words = readFileSync(calls, { encoding: 'utf8', flag: 'a+' }).split('\0');
  return words.join('\0').split('\0\n\0').filter((call) => call !== '').map((call) => call.split('\0') as unknown as Call);
}

/** One command a line; a comment line stands alone, and a line may be continued. */
export const linesOf = (text: string): readonly string[] => text.replaceAll('\\\n', ' ').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
