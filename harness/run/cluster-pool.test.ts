// One cluster at a time, shared where the spec is the same, and never left behind.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { Cluster } from '../model/cluster.ts';
import type { ClusterSpec } from '../model/scenario.ts';
import { waitUntil } from '../model/wait.ts';
import { ClusterPool } from './cluster-pool.ts';
import { allEnded, childrenOf } from './testing/processes.ts';

const never = new AbortController().signal;
const memory = (losesEvery = 0): ClusterSpec => ({ broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: { losesEvery } });
const poolOf = (): ClusterPool => new ClusterPool({ suiteId: 'pool', keep: false, onProgress: () => {} });
const folderOf = ({ nodes }: Cluster): string => dirname(nodes[0]!.endpoint);

test('an equal spec shares the cluster; another spec replaces it; disposing removes it', async () => {
  const pool = poolOf();
  const first = await pool.acquire(memory(), never);
  const second = await pool.acquire(memory(), never);
  expect([first.fresh, second.fresh, second.cluster === first.cluster]).toEqual([true, false, true]);
  const other = await pool.acquire(memory(5), never);
  expect([other.fresh, existsSync(folderOf(first.cluster)), existsSync(folderOf(other.cluster))]).toEqual([true, false, true]);
  await pool[Symbol.asyncDispose]();
  expect(existsSync(folderOf(other.cluster))).toBe(false);
});

test('specs that differ only in the order of their settings, or in where the file lies, share the cluster', async () => {
  await using pool = poolOf();
  const one: ClusterSpec = { ...memory(), properties: { a: '1', b: '2' }, defects: { losesEvery: 0, duplicatesEvery: 0 }, file: { path: '/here/broker.conf', text: 'a=1' } };
  const other: ClusterSpec = { file: { text: 'a=1', path: '/there/broker.conf' }, defects: { duplicatesEvery: 0, losesEvery: 0 }, properties: { b: '2', a: '1' }, nodes: 1, version: 'embedded', broker: 'memory' };
  const first = await pool.acquire(one, never);
  const second = await pool.acquire(other, never);
  expect([second.fresh, second.cluster === first.cluster]).toEqual([false, true]);
  expect((await pool.acquire({ ...one, properties: { a: '2', b: '2' } }, never)).fresh).toBe(true);
});

test('a cluster that was given up is not handed out again', async () => {
  await using pool = poolOf();
  const first = await pool.acquire(memory(), never);
  await pool.discard();
  expect((await pool.acquire(memory(), never)).cluster === first.cluster).toBe(false);
});

test('a retired cluster stays up and is not handed out again; discarding it late takes no other', async () => {
  await using pool = poolOf();
  const first = await pool.acquire(memory(), never);
  pool.retire(first.cluster);
  expect(existsSync(folderOf(first.cluster))).toBe(true);
  const second = await pool.acquire(memory(), never);
  expect([second.fresh, existsSync(folderOf(first.cluster))]).toEqual([true, false]);
  await pool.discard(first.cluster);
  const third = await pool.acquire(memory(), never);
  expect([third.fresh, third.cluster === second.cluster]).toEqual([false, true]);
});

test('disposing waits for a start that was interrupted: no process is left of it', async () => {
  const before = childrenOf(process.pid);
  const pool = poolOf();
  const interrupt = new AbortController();
  const acquired = pool.acquire(memory(), interrupt.signal);
  acquired.catch(() => {});
  const started = () => childrenOf(process.pid).filter((pid) => !before.includes(pid));
  await waitUntil(async () => (started().length > 0 ? { done: true, value: undefined } : { done: false, seen: 'no process' }), { describe: 'the server to be spawned', timeoutMs: 5_000, intervalMs: 1, signal: never });
  const processes = started();
  interrupt.abort(new Error('no more'));
  await pool[Symbol.asyncDispose]();
  await allEnded(processes, 0);
  await expect(acquired).rejects.toThrow();
});
