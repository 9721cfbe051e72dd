import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentOwner, formatOwner } from '../owner.ts';
import { processOnPort } from './port-holder.ts';
import { claimPort, isFree, portRange, reservePorts, sweepPortLocks } from './reserve-ports.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ports-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const dead = { bootId: currentOwner().bootId, pid: 2 ** 22 + 1, startTicks: 1 };

describe('reserved ports', () => {
  test('are distinct, inside the range, and locked until they are given back', async () => {
    const reserved = await reservePorts(20, { folder });
    expect(new Set(reserved.ports).size).toBe(20);
    expect(reserved.ports.every((port) => port >= portRange.first && port <= portRange.last)).toBe(true);
    expect((await readdir(folder)).toSorted()).toEqual(reserved.ports.map(String).toSorted());
    await reserved[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of two that reserve at once never overlap', async () => {
    const lists = await Promise.all(Array.from({ length: 8 }, () => reservePorts(25, { folder })));
    const all = lists.flatMap(({ ports }) => ports);
    expect(new Set(all).size).toBe(200);
  });
});

describe('a port lock', () => {
  test('of a living owner is refused to others and stays as it is', async () => {
    expect(await claimPort(folder, 20_001, currentOwner())).toBe(true);
    expect(await claimPort(folder, 20_001, { ...currentOwner(), pid: 1 })).toBe(false);
    expect(await readFile(join(folder, '20001'), 'utf8')).toBe(formatOwner(currentOwner()));
  });

  test.each([
    ['whose process is gone', dead],
    ['of an earlier boot', { ...currentOwner(), bootId: 'an-earlier-boot' }],
    ['whose process number now belongs to a later process', { ...currentOwner(), startTicks: currentOwner().startTicks - 1 }],
  ])('%s is taken over', async (_, owner) => {
    await writeFile(join(folder, '20002'), formatOwner(owner));
    expect(await claimPort(folder, 20_002, currentOwner())).toBe(true);
    expect(await readFile(join(folder, '20002'), 'utf8')).toBe(formatOwner(currentOwner()));
    expect(await readdir(folder)).toEqual(['20002']);
  });

  test('that nobody understands is left alone', async () => {
    await writeFile(join(folder, '20003'), 'a stranger wrote this');
    expect(await claimPort(folder, 20_003, currentOwner())).toBe(false);
    expect(await readFile(join(folder, '20003'), 'utf8')).toBe('a stranger wrote this');
  });

  test('of a dead owner goes to exactly one of many that want it at once', async () => {
    await writeFile(join(folder, '20004'), formatOwner(dead));
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimPort(folder, 20_004, currentOwner())));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });
});

test('sweeping removes the locks of dead owners and no other', async () => {
  await claimPort(folder, 20_005, currentOwner());
  await writeFile(join(folder, '20006'), formatOwner(dead));
  await writeFile(join(folder, '20007'), 'a stranger wrote this');
  await sweepPortLocks(folder);
  expect((await readdir(folder)).toSorted()).toEqual(['20005', '20007']);
});

test('a port on which a program listens is not free, and the program can be named', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  expect(await isFree(port)).toBe(false);
  expect(processOnPort(port)).toMatch(new RegExp(`^process ${process.pid} \\(`));
  server.close();
  await once(server, 'close');
  expect(await isFree(port)).toBe(true);
});
