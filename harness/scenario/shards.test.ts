import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../model/scenario.ts';
import { familiesOf } from './families.ts';
import { formatShard, namesInShard, parseShard } from './shards.ts';

const scenario = (name: string, twin: string | null = null) => ({ name, twin }) as Scenario;
const once = () => 1;

test.each([['1/1', { index: 1, count: 1 }], ['2/4', { index: 2, count: 4 }], ['0/4', null], ['5/4', null], ['2', null], ['a/b', null], ['1/0', null], ['-1/2', null], ['1.5/2', null]])('%s', (text, expected) => {
  expect(parseShard(text)).toEqual(expected);
  if (expected !== null) expect(formatShard(expected)).toBe(text);
});

test('families are twins and the twins of twins, whichever names the other', () => {
  const all = [scenario('a', 'b'), scenario('x'), scenario('c', 'b'), scenario('b', 'a'), scenario('d', 'c'), scenario('y', 'x')];
  expect(familiesOf(all).map((family) => family.map(({ name }) => name))).toEqual([['a', 'c', 'b', 'd'], ['x', 'y']]);
});

describe('shards', () => {
  /** Pairs and singles, with how many versions each family runs on. */
  const choice = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 40 }).map((families) => ({
    scenarios: families.flatMap(([pair], index) => (pair ? [scenario(`s${index}`, `t${index}`), scenario(`t${index}`, `s${index}`)] : [scenario(`s${index}`)])),
    runsOf: (name: string) => families[Number(name.slice(1))]![1],
    families: families.length,
  }));

  test('together are the whole, apart have nothing in common, and none is empty', () => {
    fc.assert(fc.property(choice, fc.integer({ min: 1, max: 40 }), ({ scenarios, runsOf, families }, wanted) => {
      const count = Math.min(wanted, families);
      const shards = Array.from({ length: count }, (_, index) => namesInShard(scenarios, runsOf, { index: index + 1, count }));
      expect(shards.flatMap((names) => [...names]).sort()).toEqual(scenarios.map(({ name }) => name).sort());
      for (const names of shards) expect(names.size).toBeGreaterThan(0);
    }));
  });

  test('keep twins together, and differ by no more than the largest family', () => {
    fc.assert(fc.property(choice, fc.integer({ min: 1, max: 6 }), ({ scenarios, runsOf, families }, wanted) => {
      const count = Math.min(wanted, families);
      const shards = Array.from({ length: count }, (_, index) => namesInShard(scenarios, runsOf, { index: index + 1, count }));
      for (const { name, twin } of scenarios) if (twin !== null) expect(shards.find((names) => names.has(name))!.has(twin)).toBe(true);
      const loads = shards.map((names) => [...names].reduce((sum, name) => sum + runsOf(name), 0));
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(6);
    }));
  });

  test('more of them than families are refused, with how many there can be', () => {
    const pair = [scenario('a', 'b'), scenario('b', 'a')];
    expect(() => namesInShard(pair, once, { index: 1, count: 2 })).toThrow(expect.objectContaining({ code: 'E_USAGE', hint: 'Use --shard 1/1 to 1/1, or choose more scenarios.' }));
  });
});
