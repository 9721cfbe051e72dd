// How often an outcome came, and how sure that makes one of how often it comes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../model/run-record.ts';
import { scenarioOf } from '../checkers/testing/plan.ts';
import { describeShare, shareOf, summariseRepetitions } from './repetitions.ts';
import { factsOf, killStep, recordOf, type Spoiled } from './testing/facts.ts';

const run = (spoiled: Spoiled = {}, overrides: Partial<RunRecord> = {}, name = 'a', version = '4.1'): RunRecord => recordOf(
  scenarioOf({ name, steps: [killStep], contract: { lost: 'forbidden', unavailableMs: { max: 5_000 } }, cluster: { ...scenarioOf().cluster, broker: 'kafka', version } }),
  factsOf(spoiled), overrides,
);
const lossy = (lost: number) => run({ counts: { lost } });
const times = (count: number, one: () => RunRecord) => Array.from({ length: count }, one);

describe('a share', () => {
  it.each([
    [3, 20, '3 of 20 (95 % interval 5 % to 36 %)'],
    [20, 20, '20 of 20 (95 % interval 84 % to 100 %)'],
    [0, 10, '0 of 10 (95 % interval 0 % to 28 %)'],
    [1, 1, '1 of 1 (95 % interval 21 % to 100 %)'],
    [0, 0, '0 of 0 (95 % interval 0 % to 100 %)'],
  ])('%d of %d is told with its interval', (count, of, text) => {
    expect(describeShare(shareOf(count, of))).toBe(text);
  });

  it('lies in its interval, which has no end outside 0 and 1, narrows with more runs, and mirrors the opposite', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (of, some) => {
      const count = Math.min(of, some);
      const { low, high } = shareOf(count, of);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low - 1e-12).toBeLessThanOrEqual(count / of);
      expect(high + 1e-12).toBeGreaterThanOrEqual(count / of);
      expect(high - low).toBeGreaterThan(shareOf(count * 4, of * 4).high - shareOf(count * 4, of * 4).low);
      expect(shareOf(of - count, of).low).toBeCloseTo(1 - high, 12);
    }));
  });
});

describe('repetitions', () => {
  it('are summed up by verdict, clause and measure', () => {
    const [summary] = summariseRepetitions([...times(17, () => run()), lossy(400), lossy(12), lossy(30)]);
    expect(summary).toMatchObject({ scenario: 'a', broker: 'kafka', version: '4.1', judged: 20, notJudged: 0 });
    expect(summary!.sentence).toBe('violated in 3 of 20 (95 % interval 5 % to 36 %), upheld in 17 of 20 (95 % interval 64 % to 95 %)');
    expect(summary!.verdicts).toMatchObject({ upheld: { count: 17, of: 20 }, violated: { count: 3 }, inconclusive: { count: 0, low: 0 } });
    expect(summary!.clauses.map(({ measure, expected, verdicts }) => [measure, expected, verdicts.violated.count])).toEqual([['lost', 'forbidden', 3], ['unavailableMs', 'at most 5,000', 0]]);
    expect(summary!.measures).toEqual([
      { measure: 'lost', shown: expect.objectContaining({ count: 3, of: 20 }), fewest: 0, median: 0, most: 400 },
      { measure: 'unavailableMs', shown: expect.objectContaining({ count: 0, of: 20 }), fewest: 0, median: 0, most: 0 },
    ]);
  });

  it('tell how long the outages were of those that there were', () => {
    const away = (unavailableMs: number) => run({ counts: { unavailableMs } });
    expect(summariseRepetitions([...times(3, () => run()), away(4_000), away(1_000), away(2_000)])[0]!.measures.find(({ measure }) => measure === 'unavailableMs'))
      .toMatchObject({ shown: { count: 3, of: 6 }, fewest: 1_000, median: 2_000, most: 4_000 });
  });

  it('list measures that the contract does not name once they were shown', () => {
    const [summary] = summariseRepetitions([run(), run({ counts: { redelivered: 3 } })]);
    expect(summary!.measures.find(({ measure }) => measure === 'redelivered')).toMatchObject({ shown: { count: 1, of: 2 }, most: 3 });
  });

  it('leave out counts that are no more than a guess, and keep lower bounds', () => {
    const guess = run({ counts: { lost: { count: 9, conclusive: false, reasons: ['unknown'] } } });
    const bound = run({ counts: { lost: { count: 5, conclusive: false, atLeast: true, reasons: ['cut short'] } } });
    expect(summariseRepetitions([guess, bound, run()])[0]!.measures[0]).toMatchObject({ measure: 'lost', shown: { count: 1, of: 2 }, most: 5 });
  });

  it('tell runs that were not judged apart: they say nothing about the policy', () => {
    const [summary] = summariseRepetitions([run(), run({}, { status: 'failed' }), run({}, { status: 'interrupted', facts: null })]);
    expect(summary).toMatchObject({ judged: 1, notJudged: 2, sentence: 'upheld in 1 of 1 (95 % interval 21 % to 100 %), 2 runs not judged' });
  });

  it('are those of one scenario on one version, and of those that ran more than once', () => {
    const runs = [run({}, {}, 'a', '4.1'), run({}, {}, 'a', '3.9'), run({}, {}, 'b'), run({}, {}, 'a', '4.1'), run({}, {}, 'a', '3.9')];
    expect(summariseRepetitions(runs).map(({ scenario, version, judged }) => [scenario, version, judged])).toEqual([['a', '4.1', 2], ['a', '3.9', 2]]);
  });
});
