// The embedded cluster as the conductor uses it: answers, prefetch, redelivery, the audit, and a process that leaves nothing behind.
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OwnTemporaryFolder } from '../../engine/process/testing/own-temporary-folder.ts';
import type { ClientContext } from '../../model/broker.ts';
import type { Delivery, DeliverySink, Processed } from '../../model/client.ts';
import type { Destination } from '../../model/cluster.ts';
import { waitUntil } from '../../model/wait.ts';
import { defineScenario } from '../../scenario/define-scenario.ts';
import { memory } from './index.ts';
import { MemoryCluster } from './cluster.ts';

const never = new AbortController().signal;
const spec = { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null } as const;
const start = (defects: Readonly<Record<string, number>> = {}): Promise<MemoryCluster> => MemoryCluster.start({ spec: { ...spec, defects }, runId: 'test', keep: false, signal: never, onProgress: () => {} });

let cluster: MemoryCluster;
beforeAll(async () => { cluster = await start(); });
afterAll(() => cluster[Symbol.asyncDispose]());

const { producer, consumer, destination: destinationSpec } = defineScenario({ name: 'a', cluster: { broker: 'memory' }, producer: { timeoutMs: 300 }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } });

function contextOf(of: MemoryCluster, destination: Destination, answer = 'on-accept'): ClientContext {
  return { connection: of.connection(), destination, destinationSpec: { ...destinationSpec, settings: { answer } }, leader: null, index: 0, onNote: () => {} };
}

/** Publishes texts one after the other; returns the outcomes' words. */
async function publish(of: MemoryCluster, destination: Destination, texts: readonly string[], answer?: string): Promise<readonly string[]> {
  await using client = await memory.createProducer(contextOf(of, destination, answer), producer);
  await client.connect(never);
  const outcomes = await Promise.all(texts.map(async (text) => (await client.publish([{ payload: Buffer.from(text), partition: 0, key: null }]))[0]!));
  return outcomes.map(({ outcome, unreceipted, error }) => [outcome, ...(unreceipted ? ['unreceipted'] : []), ...(error === undefined ? [] : [error.name])].join(' '));
}

class Sink implements DeliverySink {
  readonly got: string[] = [];
  readonly refusals: string[] = [];
  readonly hold: boolean;
  readonly requeue: boolean;
  constructor(hold = false, requeue = false) {
    this.hold = hold;
    this.requeue = requeue;
  }

  async received(batch: readonly Delivery[]): Promise<void> { this.got.push(...batch.map(({ payload, redelivered }) => `${Buffer.from(payload).toString()}${redelivered ? ' again' : ''}`)); }
  async process(batch: readonly Delivery[]): Promise<Processed> {
    if (this.hold) await new Promise(() => {});
    const refused = batch.filter(({ payload, redelivered }) => Buffer.from(payload).toString().startsWith('bad') && !redelivered);
    return { accepted: batch.filter((delivery) => !refused.includes(delivery)), refused, requeue: this.requeue };
  }
  async settled(): Promise<void> {}
  rejected(batch: readonly Delivery[], requeue: boolean): void { this.refusals.push(...batch.map(({ payload }) => `${Buffer.from(payload).toString()} ${requeue ? 'requeued' : 'dropped'}`)); }
  assigned(): void {}
  revoked(): void {}
  note(): void {}
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(async () => ((await holds()) ? { done: true, value: undefined } : { done: false, seen: 'not yet' }), { describe: 'the queue', timeoutMs: 10_000, intervalMs: 5, signal: never });

async function audited(of: MemoryCluster, destination: Destination): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { payload, redelivered } of of.audit(destination, { subjects: [], signal: never })) texts.push(`${Buffer.from(payload).toString()}${redelivered ? ' again' : ''}`);
  return texts;
}

const create = (of: MemoryCluster, name: string, answer = 'on-accept'): Promise<Destination> => of.createDestination({ name, partitions: 1, settings: { answer } });

test('what nobody consumed is what the audit finds, in order, and the audit takes it away', async () => {
  const queue = await create(cluster, 'audit');
  expect(await publish(cluster, queue, ['a', 'b', 'c'])).toEqual(['ok', 'ok', 'ok']);
  expect(await audited(cluster, queue)).toEqual(['a', 'b', 'c']);
  expect(await audited(cluster, queue)).toEqual([]);
});

test('a consumer holds no more than its prefetch, and what it did not settle comes again, flagged, to the next one', async () => {
  const queue = await create(cluster, 'prefetch');
  await publish(cluster, queue, ['a', 'b', 'c', 'd']);
  const first = new Sink(true);
  const second = new Sink();
  {
    await using client = await memory.createConsumer(contextOf(cluster, queue), { ...consumer, prefetch: 2 });
    await client.start(first, never);
    await until(() => first.got.length === 2);
    expect((await cluster.drained(queue, never)).detail).toBe('2 ready, 2 unacknowledged, 1 consumer');
  }
  await using client = await memory.createConsumer(contextOf(cluster, queue), { ...consumer, prefetch: 2 });
  await client.start(second, never);
  await until(async () => (await cluster.drained(queue, never)).done);
  expect([first.got, second.got]).toEqual([['a', 'b'], ['a again', 'b again', 'c', 'd']]);
});

test('a message that is refused comes again, flagged, where that was asked for, and is gone otherwise', async () => {
  for (const requeue of [true, false]) {
    const queue = await create(cluster, `refuse-${requeue}`);
    await publish(cluster, queue, ['a', 'bad', 'c']);
    const sink = new Sink(false, requeue);
    await using client = await memory.createConsumer(contextOf(cluster, queue), { ...consumer, prefetch: 2 });
    await client.start(sink, never);
    await until(async () => (await cluster.drained(queue, never)).done);
    expect(sink.refusals).toEqual([`bad ${requeue ? 'requeued' : 'dropped'}`]);
    expect([...sink.got].sort()).toEqual(requeue ? ['a', 'bad', 'bad again', 'c'] : ['a', 'bad', 'c']);
  }
});

test('with answers after processing a publish is unknown until a consumer has settled', async () => {
  const queue = await create(cluster, 'answers', 'after-processing');
  expect(await publish(cluster, queue, ['nobody there'], 'after-processing')).toEqual(['info TIMEOUT']);
  await using client = await memory.createConsumer(contextOf(cluster, queue, 'after-processing'), consumer);
  await client.start(new Sink(), never);
  expect(await publish(cluster, queue, ['somebody there'], 'after-processing')).toEqual(['ok']);
});

test('a kill empties the queue; publishing while it is down fails for certain; the consumer comes back by itself', async () => {
  const queue = await create(cluster, 'crash');
  await using publisher = await memory.createProducer(contextOf(cluster, queue), producer);
  await publisher.connect(never);
  const send = async (text: string) => (await publisher.publish([{ payload: Buffer.from(text), partition: 0, key: null }]))[0]!.outcome;
  expect(await send('gone')).toBe('ok');
  await using client = await memory.createConsumer(contextOf(cluster, queue), consumer);
  await cluster.nodes[0].kill();
  expect((await cluster.health()).healthy).toBe(false);
  await until(async () => (await send('refused')) === 'fail');
  await cluster.heal(never);
  expect(await audited(cluster, queue)).toEqual([]);
  const sink = new Sink();
  await client.start(sink, never);
  await cluster.nodes[0].kill();
  await until(() => !client.alive());
  await cluster.heal(never);
  await until(() => client.alive());
  expect(await send('after')).toBe('ok');
  await until(() => sink.got.length === 1);
  expect(sink.got).toEqual(['after']);
});

test('defects count the messages of each queue for itself', async () => {
  await using broken = await start({ neverConfirmsAfter: 2 });
  for (const name of ['one', 'two']) {
    const queue = await create(broken, name);
    expect(await publish(broken, queue, ['a', 'b', 'c'])).toEqual(['ok', 'ok', 'info TIMEOUT']);
  }
});

test('one that is disposed of has neither a process nor a folder left', async () => {
  const gone = await start();
  const folder = dirname(gone.nodes[0].endpoint);
  const { pid } = await gone.nodes[0].state();
  expect(existsSync(folder)).toBe(true);
  await gone[Symbol.asyncDispose]();
  expect(existsSync(folder)).toBe(false);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a start that is interrupted leaves nothing either', async () => {
  using own = new OwnTemporaryFolder();
  const interrupted = new AbortController();
  const starting = MemoryCluster.start({ spec: { ...spec, defects: {} }, runId: 'test', keep: false, signal: interrupted.signal, onProgress: () => {} });
  interrupted.abort(new Error('no more'));
  await expect(starting).rejects.toThrow();
  expect(readdirSync(own.path)).toEqual([]);
});
