// The consumer's side of write-ahead recording: what is in the file before a handler starts, and before the broker is told.
import { expect, test } from 'vitest';
import { settleInOrder, type Delivery, type SettleMode, type Settler } from '../model/client.ts';
import { decodeHeader, encodePayload } from '../model/message.ts';
import type { CrashPoint } from '../model/scenario.ts';
import { waitUntil } from '../model/wait.ts';
import { Receiver, type ReceiverOptions } from './receiver.ts';
import { Segment } from './testing/segment.ts';

const runTag = '00112233aabbccdd';

const delivery = (sequence: number, more: Partial<Delivery> = {}): Delivery => ({
  payload: encodePayload({ run: runTag, producer: 0, sequence, attempt: 1, sentNs: 0 }, new Uint8Array(8)), partition: 0, offset: null, redelivered: false, ...more,
});

const receiverOf = (segment: Segment, handlerMs = 0, more: Partial<ReceiverOptions> = {}): Receiver => new Receiver({ recorder: segment.recorder, runTag, handlerMs, refuse: null, onNote: () => {}, die: () => {}, ...more });
const accepting: Settler = { accept: async () => true };
const kinds = (segment: Segment): readonly string[] => segment.onFile.map(({ kind, sequence }) => `${kind} ${sequence}`);
const batch = [delivery(0), delivery(1)];

test.each<[SettleMode, atSettle: readonly string[] | null, atEnd: readonly string[]]>([
  ['after-processing', ['delivered 0', 'delivered 1', 'processed 0', 'processed 1'], ['delivered 0', 'delivered 1', 'processed 0', 'processed 1', 'settled 0', 'settled 1']],
  ['before-processing', ['delivered 0', 'delivered 1'], ['delivered 0', 'delivered 1', 'settled 0', 'settled 1', 'processed 0', 'processed 1']],
  ['automatic', null, ['delivered 0', 'delivered 1', 'settled 0', 'settled 1', 'processed 0', 'processed 1']],
])('settling %s: all that must come before is in the file when the broker is told', async (mode, atSettle, atEnd) => {
  using segment = new Segment('consumer');
  let told: readonly string[] | null = null;
  await settleInOrder(mode, receiverOf(segment), batch, { accept: async () => { told = kinds(segment); return true; } });
  expect(told).toEqual(atSettle);
  segment.recorder.flush();
  expect(kinds(segment)).toEqual(atEnd);
});

test('a delivery is in the file when its handler starts, and its end only after the handler', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment, 5);
  const received = receiver.received(batch);
  expect(kinds(segment)).toEqual([]);
  await received;
  expect(kinds(segment)).toEqual(['delivered 0', 'delivered 1']);
  const processing = receiver.process(batch);
  await new Promise((resolve) => { setImmediate(resolve); });
  expect([kinds(segment).length, receiver.counters]).toEqual([2, { delivered: 2, processed: 0 }]);
  await processing;
  expect(kinds(segment).slice(2)).toEqual(['processed 0', 'processed 1']);
  expect(receiver.counters).toEqual({ delivered: 2, processed: 2 });
});

test('one message at a time is handled, in the order in which batches came', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment, 1);
  await Promise.all([receiver.process([delivery(0), delivery(1)]), receiver.process([delivery(2)])]);
  expect(kinds(segment)).toEqual(['processed 0', 'processed 1', 'processed 2']);
});

test('redeliveries, changed bodies and strangers are told apart', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment);
  const changed = delivery(1);
  changed.payload[changed.payload.length - 1]! ^= 0xff;
  const stranger = { ...delivery(9), payload: Buffer.from('not one of ours') };
  const strange = [delivery(0, { redelivered: true }), changed, stranger];
  await settleInOrder('after-processing', receiver, strange, accepting);
  expect(segment.story.map((line) => line.split(' ')[0])).toEqual(['redelivered', 'delivered', 'corrupted', 'stranger', 'processed', 'processed', 'settled', 'settled']);
  expect(receiver.counters).toEqual({ delivered: 2, processed: 2 });
});

/** What is in the file at the moment of death, and whether the broker was told anything of the batch. */
async function dying(mode: SettleMode, point: CrashPoint): Promise<{ readonly onFile: readonly string[]; readonly told: boolean }> {
  using segment = new Segment('consumer');
  const death = Promise.withResolvers<readonly string[]>();
  let told = false;
  const receiver = receiverOf(segment, 0, { die: () => death.resolve(kinds(segment)) });
  receiver.dieAt(point);
  void settleInOrder(mode, receiver, batch, { accept: async () => { told = true; return true; } });
  return { onFile: await death.promise, told };
}

test.each<[SettleMode, CrashPoint, onFile: readonly string[], told: boolean]>([
  ['after-processing', 'processing-and-settling', ['delivered 0', 'delivered 1', 'processed 0'], false],
  ['before-processing', 'settling-and-processing', ['delivered 0', 'delivered 1', 'settled 0', 'settled 1'], true],
  ['automatic', 'settling-and-processing', ['delivered 0', 'delivered 1', 'settled 0', 'settled 1'], false],
])('settling %s, dying between %s: the first of the two is in the file, and the second never begins', async (mode, point, onFile, told) => {
  expect(await dying(mode, point)).toEqual({ onFile, told });
});

test('dying before settling lets the settlements that began earlier through first', async () => {
  using segment = new Segment('consumer');
  const death = Promise.withResolvers<readonly string[]>();
  const earlier = Promise.withResolvers<boolean>();
  const receiver = receiverOf(segment, 0, { die: () => death.resolve(kinds(segment)) });
  const first = settleInOrder('after-processing', receiver, [delivery(0)], { accept: () => earlier.promise });
  await receiver.received([delivery(1)]);
  await waitUntil(async () => (kinds(segment).includes('processed 0') ? { done: true, value: undefined } : { done: false, seen: 'not yet' }), { describe: 'the first', timeoutMs: 5_000, intervalMs: 1, signal: new AbortController().signal });
  receiver.dieAt('processing-and-settling');
  void receiver.process([delivery(1)]);
  await new Promise((resolve) => { setImmediate(resolve); });
  earlier.resolve(true);
  await first;
  expect(await death.promise).toEqual(['delivered 0', 'delivered 1', 'processed 0', 'processed 1', 'settled 0']);
});

test('a stall lets the batch under way end, so that nothing processed stays unsettled', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment, 2);
  const [first, second] = [receiver.process(batch), receiver.process([delivery(2)])];
  await new Promise((resolve) => { setTimeout(resolve, 1); });
  receiver.stall();
  expect((await first).accepted.length).toBe(2);
  expect(kinds(segment)).toEqual(['processed 0', 'processed 1']);
  receiver.release();
  expect((await second).accepted.length).toBe(1);
});

test('while it is stalled handlers do not end, and everything delivered is held', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment);
  receiver.stall();
  await receiver.received(batch);
  const processing = receiver.process(batch);
  await new Promise((resolve) => { setImmediate(resolve); });
  expect([receiver.held, receiver.counters.processed]).toEqual([2, 0]);
  receiver.release();
  await processing;
  expect([receiver.held, receiver.counters.processed]).toEqual([0, 2]);
});

test('every third message that this process sees first is refused, never the same one twice, and none of them is processed', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment, 0, { refuse: { every: 3, requeue: true } });
  const told: string[] = [];
  const name = (verb: string) => (some: readonly Delivery[]) => { told.push(...some.map(({ payload }) => `${verb} ${decodeHeader(payload, runTag)!.sequence}`)); return Promise.resolve(true); };
  const settler: Settler = { accept: name('accept'), reject: name('reject') };
  await settleInOrder('after-processing', receiver, [delivery(0), delivery(1), delivery(2), delivery(3)], settler);
  await settleInOrder('after-processing', receiver, [delivery(2, { redelivered: true }), delivery(4), delivery(5)], settler);
  expect(told).toEqual(['reject 2', 'accept 0', 'accept 1', 'accept 3', 'reject 5', 'accept 2', 'accept 4']);
  expect(segment.story.filter((line) => /^(processed|requeued|rejected)/.test(line))).toEqual(['processed 0/1', 'processed 1/1', 'processed 3/1', 'requeued 2/1', 'processed 2/1', 'processed 4/1', 'requeued 5/1']);
  expect(receiver.held).toBe(0);
});

test('what is refused for good is recorded as rejected', async () => {
  using segment = new Segment('consumer');
  const receiver = receiverOf(segment, 0, { refuse: { every: 1, requeue: false } });
  await settleInOrder('after-processing', receiver, [delivery(0)], { accept: async () => true, reject: async () => true });
  expect(segment.story).toEqual(['delivered 0/1', 'rejected 0/1']);
});
