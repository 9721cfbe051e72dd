// What is left frozen by a harness that was killed outright, and what becomes of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../model/wait.ts';
import { startTicksOf } from '../owner.ts';
import { ChildLife } from './child-life.ts';
import { sweepFrozen } from './frozen.ts';
import { OwnTemporaryFolder } from './testing/own-temporary-folder.ts';

let own: OwnTemporaryFolder;
beforeEach(() => { own = new OwnTemporaryFolder(); });
afterEach(() => own[Symbol.dispose]());

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
  return await own.abandon<readonly number[]>(script);
}

test('a group that a dead owner left frozen is ended, all of it', async () => {
  const pids = await abandonFrozenGroup();
  expect(pids.map((pid) => startTicksOf(pid) === undefined)).toEqual([false, false]);
  sweepFrozen();
  await Promise.all(pids.map(gone));
  expect(readdirSync(own.path)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("what another user says is left alone, and keeps nobody from running", async () => {
  const pids = await abandonFrozenGroup();
  const [file = ''] = readdirSync(own.path);
  chownSync(join(own.path, file), 65_534, 65_534);
  sweepFrozen();
  expect([pids.map((pid) => startTicksOf(pid) === undefined), readdirSync(own.path)]).toEqual([[false, false], [file]]);
  chownSync(join(own.path, file), 0, 0);
  sweepFrozen();
  await Promise.all(pids.map(gone));
});

test('what a living owner froze stays frozen, and nothing is on record once it runs again or has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const life = new ChildLife({ name: 'one', child });
  await life.pause();
  sweepFrozen();
  expect([life.state().status, readdirSync(own.path).length]).toEqual(['paused', 1]);
  life.unpause();
  expect([life.state().status, readdirSync(own.path).length]).toEqual(['running', 0]);
  await life.pause();
  await life.kill();
  expect([life.state().status, readdirSync(own.path).length]).toEqual(['exited', 0]);
});
