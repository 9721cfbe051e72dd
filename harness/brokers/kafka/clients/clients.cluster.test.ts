// Both drivers on a live cluster: what they claim is where they claim it, and the audit of one is the other.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Outgoing, ProducerClient } from '../../../model/client.ts';
import type { Cluster, Destination, StoredRecord } from '../../../model/cluster.ts';
import { invariant } from '../../../model/errors.ts';
import type { ProducerSpec } from '../../../model/scenario.ts';
import { waitUntil } from '../../../model/wait.ts';
import { kafka } from '../index.ts';
import { consumerSpec, messageText, outgoing, producerSpec, recordingSink, startCluster } from '../testing/support.ts';

const signal = AbortSignal.timeout(170_000);
const drivers = ['kafkajs', 'platformatic'] as const;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 }, signal);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});
afterEach(async () => {
  await cluster.heal(signal);
  await until('the cluster to be healthy', async () => {
    const { healthy, detail } = await cluster.health(null, signal);
    return { done: healthy, detail };
  });
});

const until = (describe: string, look: () => Promise<{ readonly done: boolean; readonly detail: string }>): Promise<null> =>
  waitUntil(async () => {
    const { done, detail } = await look();
    return done ? { done: true, value: null } : { done: false, seen: detail };
  }, { describe, timeoutMs: 60_000, signal });
const topic = (name: string, partitions: number, settings: object = {}): Promise<Destination> => cluster.createDestination({ name, partitions, settings: { ...settings } }, signal);
const context = (destination: Destination) => ({
  connection: cluster.connection(), destination, destinationSpec: { partitions: destination.partitions, settings: {} }, leader: null, index: 0, onNote: () => {},
});
async function connected(destination: Destination, spec: ProducerSpec): Promise<ProducerClient> {
  const producer = await kafka.createProducer(context(destination), spec);
  await producer.connect(signal);
  return producer;
}
async function stored(destination: Destination, ...subjects: readonly string[]): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of cluster.audit(destination, { subjects, signal })) records.push(record);
  return records;
}
const placeOf = ({ partition, offset, payload }: StoredRecord): string => `${partition}/${offset} ${messageText(payload)}`;

const routings: readonly (readonly [string, (message: Outgoing, position: number) => Outgoing])[] = [
  ['one partition', (message) => message],
  ['several partitions in one publish', (message, position) => ({ ...message, partition: position % 3 })],
  ['the client\'s choice by key', (message, position) => ({ ...message, partition: null, key: `key-${position % 7}` })],
  ['the client\'s choice without a key', (message) => ({ ...message, partition: null })],
];
test.each(drivers.flatMap((driver) => routings.map(([name, route]) => [driver, name, route] as const)))(
  '%s, %s: every receipt names the place where the audit finds the message', async (driver, name, route) => {
    const destination = await topic(`receipts-${driver}-${name}`, 3);
    await using producer = await connected(destination, producerSpec({ acks: 'all' }, driver));
    const claimed: string[] = [];
    for (let round = 0; round < 4; round++) {
      const batch = outgoing(25).map(route);
      const outcomes = await producer.publish(batch);
      outcomes.forEach(({ outcome, partition, offset }, position) => {
        expect(outcome).toBe('ok');
        claimed.push(`${partition}/${offset} ${messageText(batch[position]?.payload ?? new Uint8Array(0))}`);
      });
    }
    const found = await stored(destination, driver);
    expect(found.map(placeOf).toSorted()).toEqual(claimed.toSorted());
    if (name !== 'one partition') expect(new Set(found.map(({ partition }) => partition)).size).toBe(3);
  });

test('both audits read the same records', async () => {
  const destination = await topic('both-audits', 3);
  await using producer = await connected(destination, producerSpec({}));
  for (let round = 0; round < 40; round++) await producer.publish(outgoing(250, round % 2));
  const [one, other] = [await stored(destination, 'kafkajs'), await stored(destination, 'platformatic')];
  expect(await stored(destination, ...drivers)).toHaveLength(10_000);
  expect(one).toHaveLength(10_000);
  expect(other.map(placeOf).toSorted()).toEqual(one.map(placeOf).toSorted());
});

test.each(['after-processing', 'before-processing', 'automatic'] as const)('platformatic consumers that settle %s drain a topic, and its committed position is its end', async (settle) => {
  const destination = await topic(`platformatic-drain-${settle}`, 2);
  await using producer = await connected(destination, producerSpec({}, 'platformatic'));
  for (const partition of [0, 1]) await producer.publish(outgoing(250, partition));
  const { sink, received, settled, assigned } = recordingSink();
  const consumer = await kafka.createConsumer(context(destination), consumerSpec(settle, 'platformatic'));
  await consumer.start(sink, signal);
  await until('the topic to be drained', () => cluster.drained(destination, signal));
  await until('all to be settled', async () => ({ done: new Set(settled).size === 500, detail: `${settled.length} settled` }));
  expect(consumer.alive()).toBe(true);
  expect(assigned.toSorted()).toEqual([0, 1]);
  expect(new Set(received).size).toBe(500);
  await consumer[Symbol.asyncDispose]();
  expect(consumer.alive()).toBe(false);
});

test.each(drivers)('a %s consumer that has started reads from where it is: a new group at the latest record misses nothing of what follows', async (driver) => {
  const rounds = 3;
  for (let round = 0; round < rounds; round++) {
    const destination = await topic(`latest-${driver}-${round}`, 1);
    await using producer = await connected(destination, producerSpec({ acks: 1 }, driver));
    const { sink, received } = recordingSink();
    await using consumer = await kafka.createConsumer(context(destination), { ...consumerSpec('after-processing', driver), policy: { autoOffsetReset: 'latest' } });
    await consumer.start(sink, signal);
    for (let sent = 0; sent < 3; sent++) await producer.publish(outgoing(1));
    await until('all to be received', async () => ({ done: new Set(received).size === 3, detail: `round ${round}: ${received.length} received` }));
  }
});

test('a platformatic producer and consumer outlive the leader', async () => {
  const destination = await topic('platformatic-leader-kill', 1);
  await using producer = await connected(destination, producerSpec({ acks: 'all', idempotent: true }, 'platformatic'));
  const { sink, received } = recordingSink();
  await using consumer = await kafka.createConsumer(context(destination), consumerSpec('after-processing', 'platformatic'));
  await consumer.start(sink, signal);
  expect((await producer.publish(outgoing(50))).every(({ outcome }) => outcome === 'ok')).toBe(true);
  const leader = (await cluster.topology(destination, signal)).partitions[0]?.leader;
  const victim = cluster.nodes.find(({ id }) => id === leader);
  invariant(victim !== undefined, 'partition 0 has a leader');
  await victim.kill(signal);
  expect((await producer.publish(outgoing(50))).map(({ outcome }) => outcome)).toEqual(Array<string>(50).fill('ok'));
  await until('the topic to be drained', () => cluster.drained(destination, signal).catch((error: unknown) => ({ done: false, detail: String(error) })));
  expect(new Set(received).size).toBe(100);
});

test.each(drivers)('%s: a message too large is a proven failure, and acks=0 is handed over', async (driver) => {
  const destination = await topic(`edges-${driver}`, 1, { config: { 'max.message.bytes': '1000' } });
  await using producer = await connected(destination, producerSpec({ acks: 'all' }, driver));
  const [outcome] = await producer.publish([{ payload: Buffer.alloc(5000), partition: 0, key: null }]);
  expect(outcome).toMatchObject({ outcome: 'fail', error: { name: expect.stringContaining('MESSAGE_TOO_LARGE') } });
  await using careless = await connected(destination, producerSpec({ acks: 0 }, driver));
  expect(await careless.publish(outgoing(3))).toEqual(Array(3).fill({ outcome: 'ok', handedOver: true, partition: 0 }));
  await careless.flush(signal);
  await until('the log to hold all three', async () => {
    const end = (await cluster.auditPositions(destination, signal)).partitions[0]?.end ?? 0;
    return { done: end === 3, detail: `end ${end}` };
  });
});

test('the named settings of a topic are the ones it has', async () => {
  const settings = { uncleanLeaderElection: true, flushMessages: 1, retentionMs: 60_000, retentionBytes: -1, segmentBytes: 1_048_576, segmentMs: 60_000, cleanupPolicy: 'compact' };
  await expect(topic('named-settings', 1, settings)).resolves.toMatchObject({ partitions: 1 });
  await expect(topic('named-wrong', 1, { segmentBytes: 1 })).rejects.toMatchObject({ code: 'E_BROKER_SETTING', message: expect.stringContaining('segment.bytes') });
});
