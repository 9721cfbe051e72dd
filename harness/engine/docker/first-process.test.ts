import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { reaped } from './first-process.ts';

const idle = async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  return child;
};

test('a process of this machine that only has the number of a container\'s is not watched: its end says nothing', async () => {
  const child = await idle();
  const seen = reaped({ pid: child.pid!, containerId: 'f'.repeat(64) }, new AbortController().signal).then(() => 'reaped');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await Promise.race([seen, delay(100).then(() => 'nothing')])).toBe('nothing');
});

test('what has no process says nothing', async () => {
  const seen = reaped({ pid: 0, containerId: '' }, new AbortController().signal).then(() => 'reaped');
  expect(await Promise.race([seen, delay(100).then(() => 'nothing')])).toBe('nothing');
});

test('the end of a watched process is told once it is gone, and not before', async () => {
  const child = await idle();
  try {
    // Whatever its control group is called, it holds the empty text.
    const seen = reaped({ pid: child.pid!, containerId: '' }, new AbortController().signal).then(() => 'reaped');
    expect(await Promise.race([seen, delay(100).then(() => 'alive')])).toBe('alive');
    child.kill('SIGKILL');
    expect(await seen).toBe('reaped');
  } finally {
    child.kill('SIGKILL');
  }
});
