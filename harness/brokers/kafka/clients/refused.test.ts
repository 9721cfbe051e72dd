import { expect, test } from 'vitest';
import { spansPartitions } from './refused.ts';

test('a refusal says nothing of the other partitions of a send', () => {
  expect(spansPartitions([0, 1])).toBe(true);
  expect(spansPartitions([0, null])).toBe(true);
});

test('a send to one partition, or one that had none chosen yet, is of one piece', () => {
  expect(spansPartitions([3, 3, 3])).toBe(false);
  expect(spansPartitions([null, null])).toBe(false);
});
