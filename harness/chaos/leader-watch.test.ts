// What the watch records while a real embedded cluster loses and regains its only node.
import { expect, test } from 'vitest';
import type { Cluster, Topology } from '../model/cluster.ts';
import { MemoryCluster } from '../brokers/memory/cluster.ts';
import { LeaderWatch } from './leader-watch.ts';
import { ChaosBench, never } from './testing/memory-bench.ts';

const startMemory = (): Promise<MemoryCluster> =>
  MemoryCluster.start({ spec: { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} }, runId: 'watch', keep: false, signal: never, onProgress: () => {} });
const destination = { name: 'orders', partitions: 1 };

test('each change of leader, of in-sync replicas and of controller is recorded once, from what to what', async () => {
  const cluster = await startMemory();
  await using bench = new ChaosBench(cluster, destination);
  await bench.watch.start();
  for (let look = 0; look < 5; look++) await bench.watch.refresh();
  await cluster.nodes[0].kill();
  await bench.until(() => bench.watch.partition(0)?.leader === null, 'the leader to be gone');
  await cluster.heal(never);
  await bench.until(() => bench.watch.partition(0)?.leader === 'memory-1', 'the leader to be back');
  expect(bench.of('leader').map(({ from, to }) => [from, to])).toEqual([[null, 'memory-1'], ['memory-1', null], [null, 'memory-1']]);
  expect(bench.of('in-sync').map(({ nodes }) => nodes)).toEqual([['memory-1'], [], ['memory-1']]);
  expect(bench.of('controller').map(({ node }) => node)).toEqual(['memory-1', null, 'memory-1']);
});

test('a sample asked for before the moment does not answer for it, and an aborted wait has none', async () => {
  await using bench = new ChaosBench(await startMemory(), destination);
  await bench.watch.start();
  const asked = bench.watch.latest!.askedNs;
  const next = await bench.watch.next(asked, () => true, never);
  expect(next!.askedNs).toBeGreaterThan(asked);
  expect(await bench.watch.next(asked, () => true, AbortSignal.abort())).toBeNull();
  const end = new AbortController();
  const impossible = bench.watch.next(asked, () => false, end.signal);
  end.abort();
  expect(await impossible).toBeNull();
});

test('an answer that comes late does not turn a newer one back', async () => {
  const leaders = (leader: string): Topology => ({ partitions: [{ partition: 0, leader, epoch: null, replicas: [], inSync: [leader] }], controller: null, alive: [] });
  const answers: ((topology: Topology) => void)[] = [];
  const cluster = { topology: () => new Promise<Topology>((resolve) => { answers.push(resolve); }) } as unknown as Cluster;
  const recorded: string[] = [];
  let now = 0;
  const watch = new LeaderWatch(cluster, destination, (draft) => { if (draft.type === 'leader') recorded.push(`${draft.from} to ${draft.to}`); }, () => ++now);
  const early = watch.refresh();
  const later = watch.refresh();
  answers[1]!(leaders('new'));
  await later;
  answers[0]!(leaders('old'));
  await early;
  expect([watch.partition(0)?.leader, recorded]).toEqual(['new', ['null to new']]);
});
