// Faults that strike a node's process, on the real embedded broker: swallowed in any of their parts they are not proved.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MemoryCluster } from '../../brokers/memory/cluster.ts';
import type { Life, Node } from '../../model/cluster.ts';
import type { FaultName } from '../../model/scenario.ts';
import { sabotagesOn, swallowing } from '../testing/sabotage.ts';
import { strike, type Struck } from '../testing/strike.ts';

const { signal } = new AbortController();
let cluster: MemoryCluster;
beforeAll(async () => {
  cluster = await MemoryCluster.start({ spec: { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} }, runId: 'process', keep: false, signal, onProgress: () => {} });
});
afterEach(() => cluster.heal(signal));
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const inject = (fault: FaultName, life: Node, graceful = 1): Promise<Struck> =>
  strike(fault, { cluster, destination: { name: 'orders', partitions: 1 }, victims: [{ kind: 'node', life }], partition: 0, parameter: () => graceful, signal });

const strikes = ['kill', 'stop', 'pause'] as const satisfies readonly (keyof Life)[];

test.each(sabotagesOn('memory node'))('%s of a %s is not proved when its injection was swallowed', async (fault) => {
  const node: Node = cluster.nodes[0];
  const before = await node.state(signal);
  const active = await inject(fault, swallowing(node, ...strikes));
  expect(await active.prove(signal)).toMatchObject({ ok: false });
  await active.heal(signal);
  expect(await node.state(signal)).toEqual(before);
});

test.each([['with', 1, 'stop'], ['without', 0, 'kill']] as const)('a restart %s a goodbye is proved by another process, and not where the first one lived on or none followed', async (_, graceful, ending) => {
  const node: Node = cluster.nodes[0];
  const before = await node.state(signal);
  const active = await inject('restart', node, graceful);
  expect(await active.prove(signal)).toMatchObject({ ok: true, detail: expect.stringContaining(`(process ${before.pid}) ended`) });
  expect(await (await inject('restart', swallowing(node, ending), graceful)).prove(signal)).toMatchObject({ ok: false, detail: expect.stringContaining('is running') });
  expect(await (await inject('restart', swallowing(node, 'start'), graceful)).prove(AbortSignal.timeout(300))).toMatchObject({ ok: false });
});
