// A user's consumer as a real process: each of its steps is in the worker's file before it hears so, and steps out of order end it.
import { afterEach, expect, test } from 'vitest';
import type { SettleMode } from '../../model/client.ts';
import type { StoreKind } from '../../model/cluster.ts';
import { encodePayload } from '../../model/message.ts';
import { Receiver, type ReceiverOptions } from '../receiver.ts';
import { Segment } from '../testing/segment.ts';
import { ProgramConsumer } from './program-consumer.ts';
import { consumerSpec, isRunning, Place, until } from './testing/place.ts';

const runTag = '00112233aabbccdd';
const payload = (sequence: number) => encodePayload({ run: runTag, producer: 0, sequence, attempt: 1, sentNs: 0 }, Buffer.from(`order ${sequence} \0ÿ`));
const opened: ProgramConsumer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((consumer) => consumer[Symbol.asyncDispose]()));
});

interface Start {
  readonly settle?: SettleMode;
  readonly store?: StoreKind;
  readonly habits?: readonly string[];
  readonly receiver?: Partial<ReceiverOptions>;
}

/** A consumer whose program finds four messages: a batch of three and one of one. */
async function consuming(place: Place, segment: Segment, { settle = 'after-processing', store = 'queue', habits = [], receiver: options = {} }: Start = {}) {
  place.fill([0, 1, 2, 3].map(payload));
  const receiver = new Receiver({ recorder: segment.recorder, runTag, handlerMs: 0, refuse: null, onNote: place.context.onNote, die: () => {}, ...options });
  const consumer = new ProgramConsumer({ context: place.context, program: place.program(...habits), broker: place.broker(store), consumer: { ...consumerSpec, settle }, onFailure: place.onFailure });
  opened.push(consumer);
  return { receiver, consumer, start: () => consumer.start(receiver, AbortSignal.timeout(10_000)) };
}

const kinds = (segment: Segment, sequence: number): readonly string[] => segment.onFile.filter((event) => event.sequence === sequence).map(({ kind }) => kind);

test.each<[SettleMode, StoreKind, readonly string[], string]>([
  ['after-processing', 'queue', ['delivered', 'processed', 'settled'], 'settled'],
  ['before-processing', 'queue', ['delivered', 'settled', 'processed'], 'processed'],
  ['automatic', 'queue', ['delivered', 'settled', 'processed'], 'processed'],
  ['automatic', 'log', ['delivered', 'processed', 'settled'], 'settled'],
])('settle %s on a %s: the file has each step, in the order of the documentation, and every byte arrived', async (settle, store, expected, last) => {
  using place = new Place();
  using segment = new Segment('consumer');
  const { consumer, receiver, start } = await consuming(place, segment, { settle, store });
  await start();
  await until('the last step', () => [0, 1].every((batch) => place.told('recorded').includes(`${last} ${batch}`)), () => place.ledger);
  expect([0, 1, 2, 3].map((sequence) => kinds(segment, sequence))).toEqual([expected, expected, expected, expected]);
  expect(segment.onFile.some(({ kind }) => kind === 'corrupted' || kind === 'stranger')).toBe(false);
  expect([receiver.counters, receiver.held, consumer.alive()]).toEqual([{ delivered: 4, processed: 4 }, 0, true]);
  expect(segment.onFile.filter(({ kind }) => kind === 'assigned').length).toBe(1);
});

test('what the scenario has the handler refuse is named in the answer, and rejected by the program', async () => {
  using place = new Place();
  using segment = new Segment('consumer');
  const { start } = await consuming(place, segment, { receiver: { refuse: { every: 2, requeue: true } } });
  await start();
  await until('the rejections', () => place.told('recorded').filter((line) => line.startsWith('rejected')).length === 2, () => place.ledger);
  expect([0, 1, 2, 3].map((sequence) => kinds(segment, sequence))).toEqual([
    ['delivered', 'processed', 'settled'], ['delivered', 'requeued'], ['delivered', 'processed', 'settled'], ['delivered', 'requeued'],
  ]);
});

test('a handler that is held holds the program: it settles nothing before it is released', async () => {
  using place = new Place();
  using segment = new Segment('consumer');
  const { receiver, start } = await consuming(place, segment);
  receiver.stall();
  await start();
  await until('four deliveries in hand', () => receiver.held === 4);
  await until('both answers', () => place.told('recorded').length >= 2, () => place.ledger);
  await place.quietly();
  expect(place.told('recorded')).toEqual(['delivered 0', 'delivered 1']);
  receiver.release();
  await until('both batches to be settled', () => place.told('recorded').filter((line) => line.startsWith('settled')).length === 2);
});

test.each<[SettleMode, readonly string[], readonly string[]]>([
  ['after-processing', ['delivered', 'processed'], ['delivered 0', 'delivered 1']],
  ['before-processing', ['delivered', 'settled'], ['delivered 0', 'delivered 1']],
])('with settle %s the crash point is exact: the program hears nothing after it and does nothing more', async (settle, expected, heard) => {
  using place = new Place();
  using segment = new Segment('consumer');
  const dead = Promise.withResolvers<void>();
  const { receiver, consumer, start } = await consuming(place, segment, { settle, receiver: { die: dead.resolve } });
  receiver.dieAt(settle === 'after-processing' ? 'processing-and-settling' : 'settling-and-processing');
  await start();
  await dead.promise;
  expect(kinds(segment, 0)).toEqual(expected);
  await consumer[Symbol.asyncDispose]();
  expect(place.told('recorded').filter((line) => !heard.includes(line))).toEqual([]);
});

test.each([
  ['hurries', 'batch 0 cannot be processed now: message 0: that it was delivered has not been answered'],
  ['settles-first', 'batch 0 cannot be settled now: message 0: the scenario says settle after-processing'],
])('a program that %s is killed: it would falsify what is tested', async (habit, reason) => {
  using place = new Place();
  using segment = new Segment('consumer');
  const { consumer, start } = await consuming(place, segment, { habits: [habit] });
  await start();
  await until('the failure', () => place.failures.length > 0);
  expect(place.failures[0]).toMatchObject({ code: 'E_WORKER_DIED', message: expect.stringContaining(reason) });
  expect(consumer.alive()).toBe(false);
  await until('the program to be dead', () => !isRunning(Number(place.told('pid')[0])));
});
