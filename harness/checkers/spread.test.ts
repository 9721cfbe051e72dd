import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Spread } from './spread.ts';

const chosenOf = (count: number, limit: number): readonly number[] => {
  const spread = new Spread<number>(limit);
  for (let item = 0; item < count; item++) spread.add(() => item);
  return spread.chosen();
};

test('what is not more than the limit is all kept', () => {
  expect(chosenOf(0, 20)).toEqual([]);
  expect(chosenOf(20, 20)).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('of more there are as many as the limit, in order, each once, and no long stretch has none', () => {
  fc.assert(fc.property(fc.integer({ min: 21, max: 5_000 }), (count) => {
    const chosen = chosenOf(count, 20);
    expect(chosen).toHaveLength(20);
    const edges = [...chosen, count];
    const gaps = edges.slice(1).map((item, index) => item - edges[index]!);
    expect(chosen[0]).toBe(0);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(count / 6));
  }));
});

test('nothing is made of what is not kept', () => {
  let made = 0;
  const spread = new Spread<number>(20);
  for (let item = 0; item < 100_000; item++) spread.add(() => ++made);
  expect(made).toBeLessThan(400);
});
