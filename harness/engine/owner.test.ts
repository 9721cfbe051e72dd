import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { currentOwner, currentPlace, formatOwner, labelNames, ownerLabels, ownerLife, parseOwner, startTicksOf, type Viewpoint } from './owner.ts';

const here: Viewpoint = {
  bootId: 'boot-2', place: 'host/100', engineIsLocal: true,
  startTicksOf: (pid) => (pid === 10 ? 555 : undefined),
};

describe('an owner label', () => {
  test('reads back as the owner that it was written from', () => {
    const owner = { bootId: '9f0c-1', pid: 4711, startTicks: 123_456 };
    expect(parseOwner(formatOwner(owner))).toEqual(owner);
    expect(parseOwner(formatOwner(currentOwner()))).toEqual(currentOwner());
  });

  test.each(['', 'boot', 'boot/1', 'boot/x/1', 'boot/1/', '/1/2', 'boot/1/2/3', 'bo ot/1/2', 'boot/-1/2'])('that is malformed (%j) belongs to nobody', (text) => {
    expect(parseOwner(text)).toBeUndefined();
  });

  test('carries the mark, the run and, only when asked, the wish to keep', () => {
    expect(ownerLabels('run-1', false)).toEqual({
      leaderfall: '1', 'leaderfall.owner': formatOwner(currentOwner()), 'leaderfall.place': currentPlace(), 'leaderfall.run': 'run-1',
    });
    expect(ownerLabels('run-1', true)[labelNames.keep]).toBe('1');
  });
});

describe('an owner counts as', () => {
  const owner = { bootId: 'boot-2', pid: 10, startTicks: 555 };

  test('alive while its process with the same start time is there', () => {
    expect(ownerLife(owner, 'host/100', here)).toBe('alive');
  });

  test('dead when its process number is free, or taken by a later process', () => {
    expect(ownerLife({ ...owner, pid: 11 }, 'host/100', here)).toBe('dead');
    expect(ownerLife({ ...owner, startTicks: 554 }, 'host/100', here)).toBe('dead');
  });

  test('dead when the machine has been started anew since, whatever now has its number', () => {
    expect(ownerLife({ ...owner, bootId: 'boot-1' }, 'host/100', here)).toBe('dead');
    expect(ownerLife({ ...owner, bootId: 'boot-1' }, 'renamed/100', here)).toBe('dead');
  });

  test('unknown in another process namespace, where its number means another process', () => {
    expect(ownerLife({ ...owner, pid: 11 }, 'host/200', here)).toBe('unknown');
  });

  test('unknown on another machine that uses the same remote engine', () => {
    const remote = { ...here, engineIsLocal: false };
    expect(ownerLife({ ...owner, bootId: 'boot-9' }, 'elsewhere/100', remote)).toBe('unknown');
    expect(ownerLife({ ...owner, bootId: 'boot-1' }, 'host/100', remote)).toBe('dead');
  });
});

describe('the start time of a process', () => {
  test('is there for a living process and gone with it', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    expect(startTicksOf(child.pid!)).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(startTicksOf(child.pid!)).toBeUndefined();
  });

  test('is not misread when the name of the command holds spaces and brackets', async () => {
    const child = spawn(process.execPath, ['-e', 'process.title = "a) b (c 1 2 3"; console.log("ready"); setInterval(() => {}, 1000)']);
    await once(child.stdout, 'data');
    const ticks = startTicksOf(child.pid!)!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(ticks).toBeGreaterThanOrEqual(startTicksOf(process.pid)!);
  });
});
