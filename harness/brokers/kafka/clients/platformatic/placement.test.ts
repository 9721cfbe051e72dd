import { expect, test } from 'vitest';
import { Placement } from './placement.ts';

const keyed = (key: string) => ({ topic: 'orders', key: Buffer.from(key) });

test('a key has one partition, below their number', () => {
  const placement = new Placement(6);
  const chosen = Array.from({ length: 100 }, (_, index) => placement.of(keyed(`key-${index}`)));
  expect(chosen).toEqual(Array.from({ length: 100 }, (_, index) => placement.of(keyed(`key-${index}`))));
  expect(new Set(chosen)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

test('without a key partitions take turns', () => {
  const placement = new Placement(3);
  expect([1, 2, 3, 4].map(() => placement.of({ topic: 'orders' }))).toEqual([0, 1, 2, 0]);
});
