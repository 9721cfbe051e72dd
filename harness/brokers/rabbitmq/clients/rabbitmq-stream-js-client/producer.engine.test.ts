// One node that speaks the stream protocol: what a stream does with publishing ids that it has had, and what our driver makes of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProducerClient } from '../../../../model/client.ts';
import type { Cluster, Destination } from '../../../../model/cluster.ts';
import type { ClusterSpec, ProducerSpec } from '../../../../model/scenario.ts';
import { rabbitmq } from '../../index.ts';

const spec: ClusterSpec = { broker: 'rabbitmq', version: '4.3', nodes: 1, properties: {}, file: null, defects: {}, equipment: ['streams'] };
const limit = (): AbortSignal => AbortSignal.timeout(60_000);
let cluster: Cluster;

beforeAll(async () => {
  cluster = await rabbitmq.startCluster({ spec, runId: 'rabbitmq-streams', keep: false, signal: AbortSignal.timeout(110_000), onProgress: () => {} });
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose]());

const declare = (name: string): Promise<Destination> =>
  cluster.createDestination({ name: `${name}-${process.pid}`, partitions: 1, settings: rabbitmq.spec.destination.parse({ type: 'stream' }) }, limit());

function producerOn(destination: Destination, policy: Record<string, unknown>, notes: string[] = []): Promise<ProducerClient> {
  const producer: ProducerSpec = {
    driver: 'rabbitmq-stream-js-client', program: null, count: 1, inFlight: 1, batch: 10, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never',
    policy: rabbitmq.spec.producerPolicy.parse(policy), options: {},
  };
  const context = { connection: cluster.connection(), destination, destinationSpec: { partitions: 1, settings: {} }, leader: 'rabbitmq-1', index: 0, onNote: (note: string) => notes.push(note) };
  return rabbitmq.createProducer(context, producer);
}

const messages = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ payload: Buffer.from(`message ${from + index}`), partition: 0, key: null, sequence: from + index }));

async function stored(destination: Destination): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { payload } of cluster.audit(destination, { subjects: [], signal: limit() })) texts.push(Buffer.from(payload).toString());
  return texts;
}

const texts = (from: number, to: number): readonly string[] => messages(from, to).map(({ payload }) => payload.toString());

/** Publishes 0 to 24, reconnects, and publishes 5 to 29. */
async function publishTwice(destination: Destination, deduplicate: boolean): Promise<void> {
  for (const batch of [messages(0, 25), messages(5, 30)]) {
    await using producer = await producerOn(destination, { deduplicate });
    await producer.connect(limit());
    const outcomes = [...(await producer.publish(batch.slice(0, 10))), ...(await producer.publish(batch.slice(10)))];
    expect(outcomes).toEqual(batch.map(() => ({ outcome: 'ok' })));
    await producer.flush(limit());
  }
}

test('what is published again after a reconnect is stored once with deduplication, and confirmed all the same', async () => {
  const destination = await declare('deduplicated');
  await publishTwice(destination, true);
  expect(await stored(destination)).toEqual(texts(0, 30));
});

test('and twice without', async () => {
  const destination = await declare('not-deduplicated');
  await publishTwice(destination, false);
  expect(await stored(destination)).toEqual([...texts(0, 25), ...texts(5, 30)]);
});

test('an id that comes after a higher one is confirmed and not stored: why such a publisher may have one publish under way', async () => {
  const destination = await declare('out-of-order');
  await using producer = await producerOn(destination, { deduplicate: true });
  await producer.publish(messages(10, 20));
  expect(await producer.publish(messages(0, 5))).toEqual(messages(0, 5).map(() => ({ outcome: 'ok' })));
  expect(await stored(destination)).toEqual(texts(10, 20));
});

test('what a frozen node does not confirm in time is unknown, and what a dead one cannot be asked has failed', async () => {
  const destination = await declare('frozen');
  const notes: string[] = [];
  await using producer = await producerOn(destination, { deduplicate: true, confirmTimeoutMs: 1_000, heartbeatSeconds: 1 }, notes);
  await producer.connect(limit());
  expect(await producer.publish(messages(0, 5))).toEqual(messages(0, 5).map(() => ({ outcome: 'ok' })));
  const node = cluster.nodes[0]!;
  await node.pause(limit());
  const [late] = await producer.publish(messages(5, 6));
  expect(late).toMatchObject({ outcome: 'info', error: { name: 'ConfirmTimeout' } });
  const [silent] = await producer.publish(messages(5, 6));
  expect(silent!.outcome).toBe('info');
  await expect.poll(() => notes.some((note) => note.includes('no answer for')), { timeout: 5_000 }).toBe(true);
  expect((await producer.publish(messages(5, 6)))[0]).toMatchObject({ outcome: 'fail', error: { name: 'NotWritten' } });
  await node.unpause(limit());
  await expect.poll(async () => (await producer.publish(messages(5, 6)))[0]!.outcome, { timeout: 30_000 }).toBe('ok');
  expect(await stored(destination)).toEqual(texts(0, 6));
});
