// What is left frozen by a harness that was killed outright, and what becomes of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../model/wait.ts';
import { startTicksOf } from '../owner.ts';
import { ChildLife } from './child-life.ts';
import { sweepFrozen } from './frozen.ts';

let own: string;
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), 'leaderfall-own-'));
  process.env['TMPDIR'] = own;
});
afterEach(() => {
  delete process.env['TMPDIR'];
  rmSync(own, { recursive: true, force: true });
});

const gone = (pid: number): Promise<undefined> => waitUntil(
  async () => (startTicksOf(pid) === undefined ? { done: true, value: undefined } : { done: false, seen: `process ${pid} is still there` }),
  { describe: 'the frozen process to end', timeoutMs: 5_000, intervalMs: 5, signal: new AbortController().signal },
);

/** A process that starts a group of two, freezes it, says their numbers, and is killed. */
async function abandonFrozenGroup(): Promise<readonly number[]> {
  const child = "const { pid } = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); process.send(pid); setInterval(() => {}, 1000); process.on('disconnect', () => {})";
  const script = `
    const { spawn } = await import('node:child_process');
    const { ChildLife } = await import(${JSON.stringify(new URL('./child-life.ts', import.meta.url).href)});
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.once('message', async (grandchild) => {
      await new ChildLife({ name: 'one', child, group: true }).pause();
      console.log(JSON.stringify([child.pid, grandchild]));
    });
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: own } });
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  return JSON.parse(said.toString()) as readonly number[];
}

test('a group that a dead owner left frozen is ended, all of it', async () => {
  const pids = await abandonFrozenGroup();
  expect(pids.map((pid) => startTicksOf(pid) === undefined)).toEqual([false, false]);
  sweepFrozen();
  await Promise.all(pids.map(gone));
  expect(readdirSync(own)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("what another user says is left alone, and keeps nobody from running", async () => {
  const pids = await abandonFrozenGroup();
  const [file = ''] = readdirSync(own);
  chownSync(join(own, file), 65_534, 65_534);
  sweepFrozen();
  expect([pids.map((pid) => startTicksOf(pid) === undefined), readdirSync(own)]).toEqual([[false, false], [file]]);
  chownSync(join(own, file), 0, 0);
  sweepFrozen();
  await Promise.all(pids.map(gone));
});

test('what a living owner froze stays frozen, and nothing is on record once it runs again or has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const life = new ChildLife({ name: 'one', child });
  await life.pause();
  sweepFrozen();
  expect([life.state().status, readdirSync(own).length]).toEqual(['paused', 1]);
  life.unpause();
  expect([life.state().status, readdirSync(own).length]).toEqual(['running', 0]);
  await life.pause();
  await life.kill();
  expect([life.state().status, readdirSync(own).length]).toEqual(['exited', 0]);
});
