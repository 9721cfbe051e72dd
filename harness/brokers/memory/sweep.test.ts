// What a harness leaves when it is killed outright while its broker is paused, and what becomes of it.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTicksOf } from '../../engine/owner.ts';
import { OwnTemporaryFolder } from '../../engine/process/testing/own-temporary-folder.ts';
import { waitUntil } from '../../model/wait.ts';
import { MemoryCluster } from './cluster.ts';
import { sweepFolders } from './sweep.ts';

const never = new AbortController().signal;
const options = { spec: { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} }, runId: 'sweep', keep: false } as const;
const start = (): Promise<MemoryCluster> => MemoryCluster.start({ ...options, signal: never, onProgress: () => {} });

let own: OwnTemporaryFolder;
beforeEach(() => { own = new OwnTemporaryFolder(); });
afterEach(() => own[Symbol.dispose]());

/** A process that starts a cluster, pauses its node, says where and who it is, and is killed. */
async function abandonPausedCluster(): Promise<{ readonly folder: string; readonly pid: number }> {
  const script = `
    const { MemoryCluster } = await import(${JSON.stringify(new URL('./cluster.ts', import.meta.url).href)});
    const cluster = await MemoryCluster.start({ ...${JSON.stringify(options)}, signal: new AbortController().signal, onProgress: () => {} });
    await cluster.nodes[0].pause();
    console.log(JSON.stringify({ endpoint: cluster.nodes[0].endpoint, pid: (await cluster.nodes[0].state()).pid }));
    setInterval(() => {}, 1_000);
  `;
  const { endpoint, pid } = await own.abandon<{ readonly endpoint: string; readonly pid: number }>(script);
  return { folder: dirname(endpoint), pid };
}

test('the next cluster removes the folder of a dead owner, and its paused server ends', { timeout: 30_000 }, async () => {
  const { folder, pid } = await abandonPausedCluster();
  expect([existsSync(folder), startTicksOf(pid) === undefined]).toEqual([true, false]);
  await using cluster = await start();
  expect(readdirSync(own.path)).toEqual([dirname(cluster.nodes[0].endpoint).slice(own.path.length + 1)]);
  await waitUntil(async () => (startTicksOf(pid) === undefined ? { done: true, value: undefined } : { done: false, seen: `process ${pid} is still there` }), { describe: 'the server to end', timeoutMs: 5_000, intervalMs: 10, signal: never });
});

test('a living owner\'s folder stays, even while its server is dead, and so does one that names no owner', async () => {
  await using cluster = await start();
  await cluster.nodes[0].kill();
  mkdirSync(join(own.path, 'leaderfall-memory-nobody'));
  sweepFolders();
  expect(readdirSync(own.path).length).toBe(2);
  await cluster.heal(never);
  expect((await cluster.health()).healthy).toBe(true);
});
