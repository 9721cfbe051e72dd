import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireBuildLock } from './build-lock.ts';

let folder: string;
let path: string;
const { signal } = new AbortController();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leaderfall-test-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

test('of many that want the lock, one at a time has it', async () => {
  let holders = 0;
  let most = 0;
  await Promise.all(Array.from({ length: 5 }, async () => {
    await using _lock = await acquireBuildLock({ signal, path, onWait: () => {} });
    holders += 1;
    most = Math.max(most, holders);
    await readFile(path);
    holders -= 1;
  }));
  expect(most).toBe(1);
  await expect(readFile(path)).rejects.toThrow(/ENOENT/);
});

test('a lock whose owner has died is taken over', async () => {
  await writeFile(path, String(spawnSync('true').pid));
  await using _lock = await acquireBuildLock({ signal, path, onWait: () => {} });
  expect(await readFile(path, 'utf8')).toBe(String(process.pid));
});

test('a waiter says once whom it waits for, and stops waiting when interrupted', async () => {
  await using _lock = await acquireBuildLock({ signal, path, onWait: () => {} });
  const stop = new AbortController();
  const told: number[] = [];
  const waiting = acquireBuildLock({ signal: stop.signal, path, onWait: (pid) => { told.push(pid); setTimeout(() => stop.abort(), 250); } });
  await expect(waiting).rejects.toThrow(/abort/i);
  expect(told).toEqual([process.pid]);
});
