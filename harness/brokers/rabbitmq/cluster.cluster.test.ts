// A real cluster of three nodes of RabbitMQ 4.3, shared by these tests; each has a queue of its own and heals what it broke.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ClientContext } from '../../model/broker.ts';
import type { Delivery, DeliverySink } from '../../model/client.ts';
import type { Cluster, Destination, Node, StoredRecord } from '../../model/cluster.ts';
import type { PublishOutcome } from '../../model/outcome.ts';
import type { ClusterSpec, ConsumerSpec, ProducerSpec } from '../../model/scenario.ts';
import { waitUntil } from '../../model/wait.ts';
import { rabbitmq } from './index.ts';

const spec: ClusterSpec = { broker: 'rabbitmq', version: '4.3', nodes: 3, properties: {}, file: null, defects: {} };
const limit = (): AbortSignal => AbortSignal.timeout(120_000);
let cluster: Cluster;

beforeAll(async () => {
  cluster = await rabbitmq.startCluster({ spec, runId: 'rabbitmq-test', keep: false, signal: limit(), onProgress: () => {} });
});
// A test that failed before it healed must not take the next ones with it.
afterEach(() => cluster.heal(limit()));
afterAll(() => cluster?.[Symbol.asyncDispose]());

const payload = (id: number): Uint8Array => Buffer.from(String(id).padEnd(200, ' '));
const idOf = ({ payload: bytes }: { readonly payload: Uint8Array }): number => Number(Buffer.from(bytes).toString());
const outgoing = (id: number) => [{ payload: payload(id), partition: 0, key: null }] as const;

async function declare(name: string, settings: Record<string, unknown> = {}): Promise<Destination> {
  return cluster.createDestination({ name: `${name}-${process.pid}`, partitions: 1, settings: rabbitmq.spec.destination.parse(settings) }, limit());
}

async function contextFor(destination: Destination): Promise<ClientContext> {
  const leader = (await cluster.topology(destination, limit())).partitions[0]!.leader;
  return { connection: cluster.connection(), destination, destinationSpec: { partitions: 1, settings: {} }, leader, index: 0, onNote: () => {} };
}

const producerSpec = (policy: Record<string, unknown> = {}): ProducerSpec => ({
  driver: 'amqplib', program: null, count: 1, inFlight: 100, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', policy: rabbitmq.spec.producerPolicy.parse(policy), options: {},
});
const consumerSpec = (changes: Partial<ConsumerSpec> = {}): ConsumerSpec => ({
  driver: 'amqplib', program: null, count: 1, start: 'steady', settle: 'after-processing', prefetch: 50, handlerMs: 0, refuse: null, policy: rabbitmq.spec.consumerPolicy.parse({}), options: {}, ...changes,
});

async function leaderOf(destination: Destination): Promise<Node> {
  const leader = (await cluster.topology(destination, limit())).partitions[0]!.leader;
  return cluster.nodes.find(({ id }) => id === leader)!;
}

async function readAll(destination: Destination): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of cluster.audit(destination, { subjects: ['amqplib'], signal: limit() })) records.push(record);
  return records;
}

const drained = (destination: Destination, timeoutMs: number) => waitUntil(async () => {
  const { done, detail } = await cluster.drained(destination, limit());
  return done ? { done, value: null } : { done, seen: detail };
}, { describe: 'the drain', timeoutMs, signal: limit() });

/** Publishes without pause, 50 at once, until told to stop. */
function publishSteadily(publish: (id: number) => Promise<PublishOutcome>) {
  const outcomes: PublishOutcome[] = [];
  let next = 0;
  const stop = new AbortController();
  const lane = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const id = next++;
      outcomes[id] = await publish(id);
    }
  };
  const lanes = Promise.all(Array.from({ length: 50 }, lane));
  const acknowledged = (): number => outcomes.filter((outcome) => outcome?.outcome === 'ok').length;
  return {
    outcomes,
    until: (count: number) => waitUntil(
      async () => (acknowledged() >= count ? { done: true, value: acknowledged() } : { done: false, seen: `${acknowledged()} acknowledged` }),
      { describe: `${count} acknowledged`, timeoutMs: 30_000, signal: limit(), intervalMs: 20 },
    ),
    stop: async () => { stop.abort(); await lanes; },
  };
}

/** A sink that remembers, and handles at once. */
function memorySink() {
  const received: Delivery[] = [];
  const processed: number[] = [];
  const notes: string[] = [];
  const sink: DeliverySink = {
    received: async (batch) => { received.push(...batch); },
    process: async (batch) => { processed.push(...batch.map(idOf)); return { accepted: batch, refused: [], requeue: false }; },
    settled: async () => {}, rejected: () => {}, assigned: () => {}, revoked: () => {}, note: (message) => { notes.push(message); },
  };
  return { sink, received, processed, notes };
}

test.each(['amqplib', 'rabbitmq-client'])('a stream is a log for %s: every offset is delivered, and read again by the audit', async (driver) => {
  const destination = await declare(`stream-${driver}`, { type: 'stream' });
  expect((await cluster.topology(destination, limit())).partitions[0]).toMatchObject({ leader: 'rabbitmq-1', inSync: ['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'] });
  expect(await cluster.auditPositions(destination, limit())).toEqual({ partitions: [{ partition: 0, committed: null, start: 0, end: 0 }] });
  const context = { ...(await contextFor(destination)), destinationSpec: { partitions: 1, settings: { type: 'stream' } } };
  await using producer = await rabbitmq.createProducer(context, { ...producerSpec(), driver });
  await producer.connect(limit());
  const memory = memorySink();
  await using consumer = await rabbitmq.createConsumer(context, { ...consumerSpec(), driver });
  await consumer.start(memory.sink, limit());
  const traffic = publishSteadily(async (id) => (await producer.publish(outgoing(id)))[0]!);
  await traffic.until(500);
  expect((await cluster.replicasCaughtUp(destination, limit())).detail).toMatch(/members hold the stream|is at/);
  await traffic.until(1_500);
  await traffic.stop();
  await drained(destination, 30_000);
  const records = [];
  for await (const record of cluster.audit(destination, { subjects: [driver], signal: limit() })) records.push(record);
  expect(records.map(({ offset }) => offset)).toEqual(records.map((_, index) => index));
  const stored = new Set(records.map(idOf));
  const confirmed = traffic.outcomes.flatMap(({ outcome }, id) => (outcome === 'ok' ? [id] : []));
  expect(confirmed.filter((id) => !stored.has(id))).toEqual([]);
  const offsets = memory.received.map(({ offset }) => offset!);
  expect(new Set(offsets).size).toBe(records.length);
  expect(await cluster.auditPositions(destination, limit())).toEqual({ partitions: [{ partition: 0, committed: null, start: 0, end: records.length }] });
  await waitUntil(async () => {
    const { healthy, detail } = await cluster.replicasCaughtUp(destination, limit());
    return healthy ? { done: true, value: detail } : { done: false, seen: detail };
  }, { describe: 'the replicas', timeoutMs: 30_000, signal: limit() });
  await cluster.deleteDestination(destination, limit());
});

test('a quorum queue keeps every confirmed message over the SIGKILL of its leader, and full redundancy comes back', async () => {
  const destination = await declare('leader-kill');
  const before = (await cluster.topology(destination, limit())).partitions[0]!;
  expect(before).toMatchObject({ leader: 'rabbitmq-1', inSync: ['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'] });
  await using producer = await rabbitmq.createProducer(await contextFor(destination), producerSpec());
  await producer.connect(limit());
  const traffic = publishSteadily(async (id) => (await producer.publish(outgoing(id)))[0]!);
  await traffic.until(1_000);

  const victim = await leaderOf(destination);
  await victim.kill(limit());
  const after = await waitUntil(async () => {
    const partition = (await cluster.topology(destination, limit())).partitions[0]!;
    const moved = partition.leader !== null && partition.leader !== victim.id && partition.epoch !== null;
    return moved ? { done: true, value: partition } : { done: false, seen: String(partition.leader) };
  }, { describe: 'a new leader', timeoutMs: 15_000, signal: limit(), intervalMs: 50 });
  expect(after.epoch).toBeGreaterThan(before.epoch!);
  expect(after.inSync).not.toContain(victim.id);
  expect((await cluster.health(destination, limit())).healthy).toBe(false);
  await traffic.until(traffic.outcomes.length + 500);

  await cluster.heal(limit());
  await waitUntil(async () => {
    const { healthy, detail } = await cluster.health(destination, limit());
    return healthy ? { done: true, value: detail } : { done: false, seen: detail };
  }, { describe: 'full redundancy', timeoutMs: 30_000, signal: limit() });
  await traffic.stop();
  await producer.flush(limit());
  expect((await cluster.replicasCaughtUp(destination, limit())).healthy).toBe(true);

  const stored = new Set((await readAll(destination)).map(idOf));
  const confirmed = traffic.outcomes.flatMap(({ outcome }, id) => (outcome === 'ok' ? [id] : []));
  expect(confirmed.filter((id) => !stored.has(id))).toEqual([]);
  expect(await readAll(destination)).toEqual([]);
  await cluster.deleteDestination(destination, limit());
});

test('a classic queue loses what was handed over without confirms when its home is killed at once', async () => {
  const destination = await declare('no-confirms', { type: 'classic', home: 'last' });
  await using producer = await rabbitmq.createProducer(await contextFor(destination), producerSpec({ confirms: false, connectTo: 'home' }));
  await producer.connect(limit());
  const outcomes = await Promise.all(Array.from({ length: 2_000 }, (_, id) => producer.publish(outgoing(id))));
  await producer.flush(limit());
  const home = await leaderOf(destination);
  await home.kill(limit());
  expect(outcomes.every(([outcome]) => outcome!.outcome === 'ok' && outcome!.handedOver === true)).toBe(true);
  expect((await cluster.topology(destination, limit())).partitions[0]).toMatchObject({ leader: null, replicas: [home.id], inSync: [] });
  expect((await cluster.drained(destination, limit())).done).toBe(false);
  await cluster.heal(limit());
  const left = await readAll(destination);
  expect(left.length).toBeLessThan(2_000);
  await cluster.deleteDestination(destination, limit());
});

test('the same queue keeps everything that it confirmed', async () => {
  const destination = await declare('confirms', { type: 'classic', home: 'rabbitmq-2' });
  await using producer = await rabbitmq.createProducer(await contextFor(destination), producerSpec({ connectTo: 'home' }));
  await producer.connect(limit());
  const outcomes = (await Promise.all(Array.from({ length: 2_000 }, (_, id) => producer.publish(outgoing(id))))).flat();
  await (await leaderOf(destination)).kill(limit());
  await cluster.heal(limit());
  const stored = new Set((await readAll(destination)).map(idOf));
  expect(outcomes.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(stored.size).toBe(2_000);
  await cluster.deleteDestination(destination, limit());
});

test('a drain ends only once nothing is ready and nothing is unacknowledged', async () => {
  const destination = await declare('drain');
  const context = await contextFor(destination);
  await using producer = await rabbitmq.createProducer(context, producerSpec());
  await producer.connect(limit());
  await Promise.all(Array.from({ length: 100 }, (_, id) => producer.publish(outgoing(id))));
  expect(await cluster.drained(destination, limit())).toEqual({ done: false, detail: '100 ready, 0 consumers' });

  const memory = memorySink();
  const release = Promise.withResolvers<void>();
  const holding: DeliverySink = { ...memory.sink, process: async (batch) => { await release.promise; return memory.sink.process(batch); } };
  await using consumer = await rabbitmq.createConsumer(context, consumerSpec({ prefetch: 200 }));
  await consumer.start(holding, limit());
  await waitUntil(async () => ({ done: memory.received.length > 0, value: null, seen: 'nothing received' }), { describe: 'a delivery', timeoutMs: 10_000, signal: limit() });
  expect(consumer.alive()).toBe(true);
  expect(await cluster.drained(destination, limit())).toEqual({ done: false, detail: '0 ready, 100 unacknowledged, 1 consumer' });
  release.resolve();
  await drained(destination, 20_000);
  expect(new Set(memory.processed).size).toBe(100);
});

// 4.3 keeps what a consumer of a node that is away held for consumer_disconnected_timeout, 60 s by default, in case it comes back (measured: 50 of 50
// after 60 s); a node that is back settles it at once.
test('a consumer goes on after its node is killed, and what it held comes again, flagged, once the node is back', async () => {
  const destination = await declare('consumer-kill', { home: 'rabbitmq-2' });
  const context = await contextFor(destination);
  await using producer = await rabbitmq.createProducer(context, producerSpec());
  await producer.connect(limit());
  const memory = memorySink();
  const slow: DeliverySink = { ...memory.sink, process: async (batch) => { await new Promise((resolve) => { setTimeout(resolve, 5 * batch.length); }); return memory.sink.process(batch); } };
  await using consumer = await rabbitmq.createConsumer(context, consumerSpec({ policy: rabbitmq.spec.consumerPolicy.parse({ connectTo: 'home' }) }));
  await consumer.start(slow, limit());
  await Promise.all(Array.from({ length: 1_000 }, (_, id) => producer.publish(outgoing(id))));
  const processed = (): number => new Set(memory.processed).size;
  const until = (count: number) => waitUntil(async () => (processed() >= count ? { done: true, value: null } : { done: false, seen: `${processed()}, alive: ${consumer.alive()}, ${memory.notes.slice(-3).join('; ')}` }), {
    describe: `${count} messages to be processed`, timeoutMs: 60_000, signal: limit(),
  });
  await (await leaderOf(destination)).kill(limit());
  await until(900);
  expect(memory.notes.some((note) => note.startsWith('consumer lost'))).toBe(true);
  expect(memory.notes.at(-1)).toMatch(/^consuming on rabbitmq-[13]$/);
  await cluster.heal(limit());
  await until(1_000);
  await drained(destination, 40_000);
  const seen = new Set<number>();
  for (const delivery of memory.received) {
    if (seen.has(idOf(delivery))) expect(delivery.redelivered).toBe(true);
    seen.add(idOf(delivery));
  }
  expect(memory.received.length).toBeGreaterThan(1_000);
});

test('an unroutable message is confirmed, and a mandatory publish tells that it came back', async () => {
  const destination = await declare('unroutable');
  const context = await contextFor(destination);
  await using mandatory = await rabbitmq.createProducer(context, producerSpec({ mandatory: true }));
  await using silent = await rabbitmq.createProducer(context, producerSpec());
  await mandatory.connect(limit());
  await silent.connect(limit());
  expect(await mandatory.publish(outgoing(0))).toEqual([{ outcome: 'ok' }]);
  await cluster.deleteDestination(destination, limit());
  expect(await mandatory.publish(outgoing(1))).toEqual([{ outcome: 'ok', returned: true }]);
  expect(await silent.publish(outgoing(2))).toEqual([{ outcome: 'ok' }]);
});

test('rabbitmq-client publishes, reconnects and consumes as a subject, and amqplib audits it', async () => {
  const destination = await declare('second-driver', { home: 'rabbitmq-2' });
  const context = await contextFor(destination);
  await using producer = await rabbitmq.createProducer(context, { ...producerSpec({ connectTo: 'home' }), driver: 'rabbitmq-client' });
  await producer.connect(limit());
  const traffic = publishSteadily(async (id) => (await producer.publish(outgoing(id)))[0]!);
  await traffic.until(1_000);
  await (await leaderOf(destination)).kill(limit());
  await traffic.until(2_000);
  await cluster.heal(limit());
  await traffic.stop();
  const memory = memorySink();
  const half = await (async () => {
    await using consumer = await rabbitmq.createConsumer(context, { ...consumerSpec(), driver: 'rabbitmq-client' });
    await consumer.start(memory.sink, limit());
    await waitUntil(async () => ({ done: memory.processed.length >= 500, value: null, seen: `${memory.processed.length}` }), { describe: 'half', timeoutMs: 20_000, signal: limit(), intervalMs: 5 });
    return memory.processed;
  })();
  const stored = new Set<number>(half);
  for await (const record of cluster.audit(destination, { subjects: ['rabbitmq-client'], signal: limit() })) stored.add(idOf(record));
  const confirmed = traffic.outcomes.flatMap(({ outcome }, id) => (outcome === 'ok' ? [id] : []));
  expect(confirmed.filter((id) => !stored.has(id))).toEqual([]);
  expect(traffic.outcomes.some(({ outcome }) => outcome === 'info')).toBe(true);
});

test.each(['amqplib', 'rabbitmq-client'])('%s: what a handler refuses goes to the dead-letter target, or comes back', async (driver) => {
  const destination = await declare(`refused-${driver}`, { deadLetter: {}, deliveryLimit: -1 });
  const context = await contextFor(destination);
  await using producer = await rabbitmq.createProducer(context, producerSpec());
  await producer.connect(limit());
  await Promise.all(Array.from({ length: 100 }, (_, id) => producer.publish(outgoing(id))));
  const seen = new Set<number>();
  const processed: number[] = [];
  const rejected: number[] = [];
  const sink: DeliverySink = {
    ...memorySink().sink,
    // 0, 10, 20 … are refused for good, 5, 15, 25 … come back once.
    process: async (batch) => {
      const refused = batch.filter((delivery) => idOf(delivery) % 10 === 0);
      const again = batch.filter((delivery) => idOf(delivery) % 10 === 5 && !seen.has(idOf(delivery)));
      for (const delivery of batch) seen.add(idOf(delivery));
      const requeue = refused.length === 0;
      const back = requeue ? again : refused;
      const accepted = batch.filter((delivery) => !back.includes(delivery));
      processed.push(...accepted.map(idOf));
      return { accepted, refused: back, requeue };
    },
    rejected: (batch, requeue) => { if (!requeue) rejected.push(...batch.map(idOf)); },
  };
  {
    await using consumer = await rabbitmq.createConsumer(context, { ...consumerSpec({ prefetch: 7 }), driver });
    await consumer.start(sink, limit());
    await waitUntil(async () => {
      const { done, detail } = await cluster.drained(destination, limit());
      return done ? { done, value: null } : { done, seen: detail };
    }, { describe: 'the drain', timeoutMs: 20_000, signal: limit() });
  }
  const records = await readAll(destination);
  expect(records.every(({ deadLettered }) => deadLettered)).toBe(true);
  expect(records.map(idOf).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => index * 10));
  expect(rejected.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => index * 10));
  expect(new Set(processed).size).toBe(90);
  await cluster.deleteDestination(destination, limit());
});

test.each(['amqplib', 'rabbitmq-client'])('%s: what is settled before processing is gone from the queue by then', async (driver) => {
  const destination = await declare(`settled-${driver}`);
  const context = await contextFor(destination);
  await using producer = await rabbitmq.createProducer(context, producerSpec());
  await producer.connect(limit());
  await Promise.all(Array.from({ length: 100 }, (_, id) => producer.publish(outgoing(id))));
  const settled = Promise.withResolvers<number>();
  const release = Promise.withResolvers<void>();
  const sink: DeliverySink = { ...memorySink().sink, settled: (batch) => { settled.resolve(batch.length); return release.promise; } };
  await using consumer = await rabbitmq.createConsumer(context, { ...consumerSpec({ prefetch: 10, settle: 'before-processing' }), driver });
  await consumer.start(sink, limit());
  const count = await settled.promise;
  const [ready] = await waitUntil(async () => {
    const { detail } = await cluster.drained(destination, limit());
    const left = /^(\d+) ready, (\d+) (?:un|con)/.exec(detail);
    return left === null ? { done: false, seen: detail } : { done: true, value: [Number(left[1])] };
  }, { describe: 'counts', timeoutMs: 10_000, signal: limit() });
  // Ten more were sent in place of those acknowledged, and wait in this process.
  expect(ready).toBe(100 - 10 - count);
  release.resolve();
});

test('a dead-letter target is read apart', async () => {
  const destination = await declare('dead-letters', { deadLetter: {}, messageTtlMs: 1 });
  await using producer = await rabbitmq.createProducer(await contextFor(destination), producerSpec());
  await producer.connect(limit());
  await Promise.all(Array.from({ length: 10 }, (_, id) => producer.publish(outgoing(id))));
  const records = await waitUntil(async () => {
    const found = await readAll(destination);
    return found.length > 0 ? { done: true, value: found } : { done: false, seen: 'nothing' };
  }, { describe: 'dead letters', timeoutMs: 20_000, signal: limit() });
  expect(records.filter(({ deadLettered }) => deadLettered).length).toBeGreaterThan(0);
});

test('a frozen leader is seen as leader until the queue has another, and a publish through the frozen node ends in time', async () => {
  const destination = await declare('frozen');
  const context = await contextFor(destination);
  await using producer = await rabbitmq.createProducer(context, producerSpec({ connectTo: 'home', confirmTimeoutMs: 2_000 }));
  await producer.connect(limit());
  await (await leaderOf(destination)).pause(limit());
  const [outcome] = await producer.publish(outgoing(0));
  expect(outcome).toMatchObject({ outcome: 'info', error: { name: 'ConfirmTimeout' } });
  expect((await cluster.topology(destination, limit())).partitions[0]!.leader).not.toBeNull();
  await cluster.heal(limit());
  expect((await producer.publish(outgoing(1)))[0]!.outcome).toBe('ok');
});
