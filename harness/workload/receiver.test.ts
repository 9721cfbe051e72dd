// The consumer's side of write-ahead recording: what is in the file before a handler starts, and before the broker is told.
import { expect, test } from 'vitest';
import { settleInOrder, type Delivery, type SettleMode } from '../model/client.ts';
import { encodePayload } from '../model/message.ts';
import { Receiver } from './receiver.ts';
import { Segment } from './testing/segment.ts';

const runTag = '00112233aabbccdd';

const delivery = (sequence: number, more: Partial<Delivery> = {}): Delivery => ({
  payload: encodePayload({ run: runTag, producer: 0, sequence, attempt: 1, sentNs: 0 }, new Uint8Array(8)), partition: 0, offset: null, redelivered: false, ...more,
});

const receiverOf = (segment: Segment, handlerMs = 0): Receiver => new Receiver({ recorder: segment.recorder, runTag, handlerMs, onNote: () => {} });
const kinds = (segment: Segment): readonly string[] => segment.onFile.map(({ kind, sequence }) => `${kind} ${sequence}`);
const batch = [delivery(0), delivery(1)];

test.each<[SettleMode, atSettle: readonly string[] | null, atEnd: readonly string[]]>([
  ['after-processing', ['delivered 0', 'delivered 1', 'processed 0', 'processed 1'], ['delivered 0', 'delivered 1', 'processed 0', 'processed 1', 'settled 0', 'settled 1']],
  ['before-processing', ['delivered 0', 'delivered 1'], ['delivered 0', 'delivered 1', 'settled 0', 'settled 1', 'processed 0', 'processed 1']],
  ['automatic', null, ['delivered 0', 'delivered 1', 'settled 0', 'settled 1', 'processed 0', 'processed 1']],
])('settling %s: all that must come before is in the file when the broker is told', async (mode, atSettle, atEnd) => {
  using segment = new Segment('consumer');
  let told: readonly string[] | null = null;
  await settleInOrder(mode, receiverOf(segment), batch, async () => { told = kinds(segment); });
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
  await settleInOrder('after-processing', receiver, strange, async () => {});
  expect(segment.story.map((line) => line.split(' ')[0])).toEqual(['redelivered', 'delivered', 'corrupted', 'stranger', 'processed', 'processed', 'settled', 'settled']);
  expect(receiver.counters).toEqual({ delivered: 2, processed: 2 });
});
