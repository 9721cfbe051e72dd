import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { recordsOf } from './audit-with-kafkajs.ts';

const batch = (partition: number, ...offsets: readonly number[]) =>
  ({ partition, messages: offsets.map((offset) => ({ offset: String(offset), value: Buffer.from(`m${offset}`) }) as KafkaMessage) });
const offsetsOf = (...given: Parameters<typeof recordsOf>): readonly number[] => [...recordsOf(...given)].map(({ offset }) => offset);

test('a partition that is read from its start again, as after a rejoin, gives each record once', () => {
  const behind = new Map([[0, { next: 0, end: 4 }]]);
  expect(offsetsOf(batch(0, 0, 1, 2), behind)).toEqual([0, 1, 2]);
  expect(offsetsOf(batch(0, 0, 1), behind)).toEqual([]);
  expect(offsetsOf(batch(0, 0, 1, 2, 3), behind)).toEqual([3]);
  expect(behind.size).toBe(0);
});

test('what came after the ends were asked is not read, and each partition has an end of its own', () => {
  const behind = new Map([[0, { next: 0, end: 2 }], [1, { next: 5, end: 7 }]]);
  expect(offsetsOf(batch(0, 0, 1, 2, 3), behind)).toEqual([0, 1]);
  expect([...behind.keys()]).toEqual([1]);
  expect(offsetsOf(batch(0, 4), behind)).toEqual([]);
  expect(offsetsOf(batch(1, 5, 6), behind)).toEqual([5, 6]);
  expect(behind.size).toBe(0);
});
