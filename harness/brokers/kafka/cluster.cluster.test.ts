import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ProducerClient } from '../../model/client.ts';
import type { Cluster, Destination, Node } from '../../model/cluster.ts';
import { invariant } from '../../model/errors.ts';
import type { PublishOutcome } from '../../model/outcome.ts';
import { waitUntil } from '../../model/wait.ts';
import { kafka } from './index.ts';
import { coordinatorOf } from './positions.ts';
import { consumerSpec, messageText, outgoing, producerSpec, recordingSink, startCluster } from './testing/support.ts';
import { Wire } from './wire/wire.ts';

const signal = AbortSignal.timeout(300_000);
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3, properties: { 'log.retention.ms': '7200000', listeners: 'PLAINTEXT://:1' } }, signal);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const topic = (name: string, partitions = 1): Promise<Destination> =>
  cluster.createDestination({ name, partitions, settings: { replicationFactor: 3, minInsyncReplicas: 2, config: {} } }, signal);
const clientContext = (destination: Destination) => ({
  connection: cluster.connection(), destination, destinationSpec: { partitions: destination.partitions, settings: {} }, leader: null, index: 0, onNote: () => {},
});
const leaderOf = async (destination: Destination): Promise<Node> => {
  const { partitions } = await cluster.topology(destination, signal);
  const node = cluster.nodes.find(({ id }) => id === partitions[0]?.leader);
  invariant(node !== undefined, 'partition 0 has a leader');
  return node;
};
async function connected(destination: Destination, policy: object): Promise<ProducerClient> {
  const producer = await kafka.createProducer(clientContext(destination), producerSpec(policy));
  await producer.connect(signal);
  return producer;
}
const until = (describe: string, look: () => Promise<{ readonly done: boolean; readonly detail: string }>): Promise<null> =>
  waitUntil(async () => {
    const { done, detail } = await look();
    return done ? { done: true, value: null } : { done: false, seen: detail };
  }, { describe, timeoutMs: 60_000, signal });
const untilHealthy = (destination: Destination | null): Promise<null> =>
  until('the cluster to be healthy', async () => {
    const { healthy, detail } = await cluster.health(destination, signal);
    return { done: healthy, detail };
  });

// A test that failed in the middle of its fault must not fail the next ones.
afterEach(async () => {
  await cluster.heal(signal);
  await untilHealthy(null);
});

test('a ready cluster knows its nodes, its controller and where each setting came from', async () => {
  const destination = await topic('ready', 3);
  const { partitions, alive, controller } = await cluster.topology(destination, signal);
  expect(alive).toEqual(['kafka-1', 'kafka-2', 'kafka-3']);
  expect(alive).toContain(controller);
  expect(new Set(partitions.map(({ leader }) => leader)).size).toBe(3);
  expect(partitions.every(({ inSync }) => inSync.length === 3)).toBe(true);
  expect(cluster.version).toMatch(/^4\.1\.\d/);
  expect(cluster.configuration).toContainEqual({ scope: 'broker', key: 'log.retention.ms', value: '7200000', source: 'scenario' });
  expect(cluster.configuration.find(({ key }) => key === 'listeners')).toMatchObject({ source: 'harness', overridden: 'PLAINTEXT://:1' });
});

test('a killed leader is replaced at a higher epoch, and every acknowledged message is where its receipt says', async () => {
  const destination = await topic('leader-kill');
  await using producer = await connected(destination, { acks: 'all' });
  const acknowledged = new Map<number, string>();
  const publish = async (count: number): Promise<readonly PublishOutcome[]> => {
    const batch = outgoing(count);
    const outcomes = await producer.publish(batch);
    outcomes.forEach(({ outcome, offset }, position) => {
      const message = batch[position];
      if (outcome === 'ok' && offset !== undefined && message !== undefined) acknowledged.set(offset, messageText(message.payload));
    });
    return outcomes;
  };
  for (let round = 0; round < 20; round++) await publish(50);
  const victim = await leaderOf(destination);
  const epochBefore = (await cluster.topology(destination, signal)).partitions[0]?.epoch ?? 0;
  await victim.kill(signal);
  const outcomes = await publish(50);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array<string>(50).fill('ok'));
  const after = (await cluster.topology(destination, signal)).partitions[0];
  expect(after?.leader).not.toBe(victim.id);
  expect(after?.epoch).toBeGreaterThan(epochBefore);
  expect((await cluster.health(destination, signal)).healthy).toBe(false);
  await cluster.heal(signal);
  await untilHealthy(destination);
  const stored = new Map<number, string>();
  for await (const { offset, payload } of cluster.audit(destination, { subjects: ['kafkajs'], signal })) stored.set(offset, messageText(payload));
  expect(acknowledged.size).toBe(1050);
  for (const [offset, text] of acknowledged) expect(stored.get(offset)).toBe(text);
});

test('followers that are cut off are seen to lag, and to catch up afterwards', async () => {
  expect(cluster.capabilities).toContain('replication-cut');
  const destination = await topic('lag');
  await using producer = await connected(destination, { acks: 1 });
  await producer.publish(outgoing(10));
  await until('followers to have the first ten', async () => {
    const { healthy, detail } = await cluster.replicasCaughtUp(destination, signal);
    return { done: healthy, detail };
  });
  const leader = await leaderOf(destination);
  const port = String(cluster.replicationPort);
  // Both directions: a fetch that the leader already holds would still be answered with the new records.
  const rules = [['INPUT', '-p', 'tcp', '--dport', port, '-j', 'DROP'], ['OUTPUT', '-p', 'tcp', '--sport', port, '-j', 'DROP']];
  const iptables = async (action: string): Promise<void> => {
    for (const rule of rules) {
      expect(await leader.netExec(['iptables', '-w', action, ...rule], { timeoutMs: 5000, signal })).toEqual({ exitCode: 0, output: '' });
    }
  };
  await iptables('-I');
  try {
    expect((await producer.publish(outgoing(25))).every(({ outcome }) => outcome === 'ok')).toBe(true);
    const cut = await cluster.replicasCaughtUp(destination, signal);
    expect(cut.healthy).toBe(false);
    expect(cut.detail.match(/holds 10 of 35/g)).toHaveLength(2);
  } finally {
    await iptables('-D');
  }
  await until('followers to catch up', async () => {
    const { healthy, detail } = await cluster.replicasCaughtUp(destination, signal);
    return { done: healthy, detail };
  });
});

test.each(['after-processing', 'before-processing', 'automatic'] as const)('consumers that settle %s drain a topic, and its committed position is its end', async (settle) => {
  const destination = await topic(`drain-${settle}`, 2);
  await using producer = await connected(destination, { acks: 'all' });
  for (const partition of [0, 1]) await producer.publish(outgoing(250, partition));
  expect(await cluster.drained(destination, signal)).toMatchObject({ done: false });
  const { sink, received, settled, assigned } = recordingSink();
  const consumer = await kafka.createConsumer(clientContext(destination), consumerSpec(settle));
  await consumer.start(sink, signal);
  await until('the topic to be drained', () => cluster.drained(destination, signal));
  expect(consumer.alive()).toBe(true);
  expect(assigned.toSorted()).toEqual([0, 1]);
  expect(new Set(received).size).toBe(500);
  expect(new Set(settled)).toEqual(new Set(received));
  await consumer[Symbol.asyncDispose]();
  expect(consumer.alive()).toBe(false);
  const { partitions } = await cluster.auditPositions(destination, signal);
  expect(partitions).toEqual([0, 1].map((partition) => ({ partition, committed: 250, start: 0, end: 250 })));
});

test('a group goes on after its coordinator was killed', async () => {
  const destination = await topic('coordinator-kill');
  await using producer = await connected(destination, { acks: 'all' });
  const { sink, received } = recordingSink();
  await using consumer = await kafka.createConsumer(clientContext(destination), consumerSpec('after-processing'));
  await consumer.start(sink, signal);
  await using wire = new Wire(cluster.connection().endpoints);
  const coordinator = await coordinatorOf(wire, destination.group ?? '', signal);
  await cluster.nodes.find(({ id }) => id === coordinator.node)?.kill(signal);
  expect((await producer.publish(outgoing(100))).every(({ outcome }) => outcome === 'ok')).toBe(true);
  await until('the topic to be drained', () => cluster.drained(destination, signal).catch((error: unknown) => ({ done: false, detail: String(error) })));
  expect(new Set(received).size).toBe(100);
  await cluster.heal(signal);
  await untilHealthy(destination);
});

test('acks=0 hands over without a receipt, and a flushed message is in the log', async () => {
  const destination = await topic('acks-0');
  await using producer = await connected(destination, { acks: 0 });
  expect(await producer.publish(outgoing(3))).toEqual(Array(3).fill({ outcome: 'ok', handedOver: true, partition: 0 }));
  await producer.flush(signal);
  await until('the log to hold all three', async () => {
    const end = (await cluster.auditPositions(destination, signal)).partitions[0]?.end ?? 0;
    return { done: end === 3, detail: `end ${end}` };
  });
});

test('a message too large for the topic is a proven failure', async () => {
  const settings = { replicationFactor: 3, minInsyncReplicas: 2, config: { 'max.message.bytes': '1000' } };
  const destination = await cluster.createDestination({ name: 'small', partitions: 1, settings }, signal);
  await using producer = await connected(destination, { acks: 'all' });
  const [outcome] = await producer.publish([{ payload: Buffer.alloc(5000), partition: 0, key: null }]);
  expect(outcome).toMatchObject({ outcome: 'fail', error: { name: 'KafkaJSProtocolError/MESSAGE_TOO_LARGE' } });
});

test('a frozen node does not keep the others from telling what they see, and heal thaws it', async () => {
  const destination = await topic('frozen');
  const frozen = cluster.nodes.find(({ id }) => id === 'kafka-1');
  await frozen?.pause(signal);
  const { partitions } = await cluster.topology(destination, signal);
  expect(partitions).toHaveLength(1);
  expect(await cluster.health(destination, signal)).toMatchObject({ healthy: false, detail: expect.stringContaining('kafka-1 does not answer') });
  await cluster.heal(signal);
  await untilHealthy(destination);
});

test('every node leaves a log file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leaderfall-logs-'));
  try {
    expect(await cluster.collectLogs(folder, signal)).toEqual({ files: ['kafka-1.log', 'kafka-2.log', 'kafka-3.log'], incomplete: [] });
    expect(await readFile(join(folder, 'kafka-2.log'), 'utf8')).toContain('Kafka version: 4.1');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a deleted topic is gone, and an unknown topic setting is refused in the broker\'s words', async () => {
  const destination = await topic('gone');
  await cluster.deleteDestination(destination, signal);
  await expect(cluster.topology(destination, signal)).rejects.toMatchObject({ detail: expect.stringContaining('UNKNOWN_TOPIC_OR_PARTITION') });
  const settings = { replicationFactor: 3, minInsyncReplicas: 2, config: { 'flush.mesages': '1' } };
  await expect(cluster.createDestination({ name: 'refused', partitions: 1, settings }, signal)).rejects.toMatchObject({
    code: 'E_BROKER_SETTING', message: expect.stringContaining('Unknown topic config name: flush.mesages'),
  });
});
