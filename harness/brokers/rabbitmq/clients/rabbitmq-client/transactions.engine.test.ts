// One node: what a transaction of our driver makes of a publish.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProducerClient } from '../../../../model/client.ts';
import type { Cluster, Destination } from '../../../../model/cluster.ts';
import type { ClusterSpec, ProducerSpec } from '../../../../model/scenario.ts';
import { rabbitmq } from '../../index.ts';

const spec: ClusterSpec = { broker: 'rabbitmq', version: '4.3', nodes: 1, properties: {}, file: null, defects: {} };
const limit = (): AbortSignal => AbortSignal.timeout(60_000);
let cluster: Cluster;

beforeAll(async () => {
  cluster = await rabbitmq.startCluster({ spec, runId: 'rabbitmq-transactions', keep: false, signal: AbortSignal.timeout(110_000), onProgress: () => {} });
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose]());

const declare = (name: string): Promise<Destination> =>
  cluster.createDestination({ name: `${name}-${process.pid}`, partitions: 1, settings: rabbitmq.spec.destination.parse({ type: 'classic' }) }, limit());

function producerOn(destination: Destination, confirmTimeoutMs: number): Promise<ProducerClient> {
  const producer: ProducerSpec = {
    driver: 'rabbitmq-client', program: null, count: 1, inFlight: 1, batch: 10, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never',
    policy: rabbitmq.spec.producerPolicy.parse({ confirms: false, transaction: 'tx', confirmTimeoutMs }), options: {},
  };
  return rabbitmq.createProducer({ connection: cluster.connection(), destination, destinationSpec: { partitions: 1, settings: {} }, leader: 'rabbitmq-1', index: 0, onNote: () => {} }, producer);
}

const messages = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => ({ payload: Buffer.from(String(from + index)), partition: 0, key: null }));
const ok = (count: number) => Array.from({ length: count }, () => ({ outcome: 'ok' }));

async function stored(destination: Destination): Promise<readonly number[]> {
  const ids: number[] = [];
  for await (const { payload } of cluster.audit(destination, { subjects: ['rabbitmq-client'], signal: limit() })) ids.push(Number(Buffer.from(payload).toString()));
  return ids;
}

test('a committed batch is ok, several at once are committed one after the other, and the flush waits for them', async () => {
  const destination = await declare('committed');
  await using producer = await producerOn(destination, 10_000);
  await producer.connect(limit());
  let ended = 0;
  const publishes = [0, 10, 20].map((from) => producer.publish(messages(from, from + 10)).finally(() => { ended++; }));
  await producer.flush(limit());
  expect(ended).toBe(3);
  expect((await Promise.all(publishes)).flat()).toEqual(ok(30));
  expect(await stored(destination)).toEqual(Array.from({ length: 30 }, (_, id) => id));
});

test('a batch whose commit is not answered is unknown, and the next one has a transaction of its own', async () => {
  const destination = await declare('unanswered');
  await using producer = await producerOn(destination, 1_500);
  await producer.connect(limit());
  expect(await producer.publish(messages(0, 5))).toEqual(ok(5));
  const node = cluster.nodes[0]!;
  await node.pause(limit());
  const outcomes = await producer.publish(messages(5, 8));
  expect(outcomes).toHaveLength(3);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: 'info', error: { name: expect.any(String) } });
  await node.unpause(limit());
  await expect.poll(async () => (await producer.publish(messages(8, 9)))[0]!.outcome, { timeout: 30_000 }).toBe('ok');
  const found = await stored(destination);
  expect(found.filter((id) => id < 5)).toEqual([0, 1, 2, 3, 4]);
  expect(found).toContain(8);
});
