// Expectations over runs are three-valued, and a failure tells what a person needs next.
import { stripVTControlCharacters } from 'node:util';
import { describe, test } from 'vitest';
import { scenarioOf } from '../checkers/testing/plan.ts';
import { contracts } from '../model/contract-presets.ts';
import type { Measure } from '../model/contract.ts';
import type { RunRecord } from '../model/run-record.ts';
import { rememberFolder } from '../run/run-folders.ts';
import { exposedLost, factsOf, killStep, recordOf, type Spoiled } from '../verdict/testing/facts.ts';
import type { CountExpectation } from './expectation.ts';
import { expect } from './index.ts';

const scenario = scenarioOf({ name: 'orders/leader-kill', steps: [killStep], contract: { lost: 'forbidden' } });
const runOf = (spoiled: Spoiled = {}, overrides: Partial<RunRecord> = {}): RunRecord => recordOf(scenario, factsOf(spoiled), overrides);

const clean = runOf();
const lossy = runOf({ counts: { lost: 3 } });
const undrained = runOf({ conditions: { drainComplete: false, drainDetail: '3 of 900 were left' } });
const uncounted = runOf({ counts: { lost: { count: 0, conclusive: false, reasons: ['the audit was cut short'] } } });

function messageOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  throw new Error('the expectation held');
}

/** What an expectation and its negation say of a run. */
function holds(expectation: (negated: boolean) => void): string {
  const said = [false, true].map((negated) => {
    try {
      expectation(negated);
      return true;
    } catch {
      return false;
    }
  });
  return said[0] ? (said[1] ? 'both' : 'yes') : said[1] ? 'no' : 'neither';
}

const upholds = (run: unknown, ...contract: Parameters<typeof contracts.atLeastOnce> | [object]) =>
  holds((negated) => { const subject = expect(run); (negated ? subject.not : subject).toUphold(...contract); });

const counted = (run: unknown, measure: Measure, expected: CountExpectation) =>
  holds((negated) => { const subject = expect(run); (negated ? subject.not : subject).toHaveCounted(measure, expected); });

describe('toUphold', () => {
  test('holds for an upheld run, its negation for a violated one, neither for an inconclusive one', () => {
    expect([clean, lossy, undrained].map((run) => upholds(run))).toEqual(['yes', 'no', 'neither']);
  });

  test('judges by the contract that it is given instead of the run\'s own', () => {
    expect(upholds(lossy, { lost: { max: 3 } })).toBe('yes');
    expect(upholds(clean, { lost: 'required' })).toBe('no');
    expect(upholds(lossy, contracts.atLeastOnce())).toBe('no');
  });

  test('without a contract counts what the twin did not show, with one it does not', () => {
    const powerless = runOf({}, { judgement: { ...clean.judgement, verdict: 'inconclusive' } });
    expect([upholds(powerless), upholds(powerless, { lost: 'forbidden' })]).toEqual(['neither', 'yes']);
  });

  test('never holds, and is never contradicted, for a run that failed or has no facts', () => {
    const error = { code: 'E_NODE_FAILED', message: 'kafka-2 did not come back', hint: null, detail: null, phase: 'heal' } as const;
    expect(upholds(runOf({}, { status: 'failed', error }), { lost: 'forbidden' })).toBe('neither');
    expect(upholds({ ...clean, facts: null, status: 'failed', error }, { lost: 'forbidden' })).toBe('neither');
    expect(messageOf(() => expect({ ...clean, facts: null, status: 'failed', error }).toHaveLost(0))).toContain('kafka-2 did not come back (while in heal)');
  });

  test('holds for a list only where every run upholds', () => {
    expect([upholds([clean, clean]), upholds([clean, lossy]), upholds([clean, undrained])]).toEqual(['yes', 'no', 'neither']);
  });
});

describe('counts', () => {
  test.each([
    ['exactly', clean, 0, 'yes'],
    ['one too many', lossy, 2, 'no'],
    ['one too few', lossy, 4, 'no'],
    ['as many as may be', lossy, { max: 3 }, 'yes'],
    ['more than may be', lossy, { max: 2 }, 'no'],
    ['within a range', runOf({ counts: { redelivered: 3 } }), { min: 3, max: 3 }, 'yes', 'redelivered'],
    ['below a range', runOf({ counts: { redelivered: 3 } }), { min: 4, max: 9 }, 'no', 'redelivered'],
    ['above a range', runOf({ counts: { redelivered: 3 } }), { min: 1, max: 2 }, 'no', 'redelivered'],
    ['exactly the exposed', runOf(exposedLost), 'exposed', 'yes'],
    ['others than the exposed', lossy, 'exposed', 'no'],
    ['a count that is not conclusive', uncounted, 0, 'neither'],
    ['a count under a failed gate', undrained, 0, 'neither'],
    ['a proven loss under a failed gate', runOf({ counts: { lost: 3 }, conditions: { drainComplete: false } }), 0, 'no'],
  ] as const)('%s', (_, run, expected, answer, measure: Measure = 'lost') => {
    expect(counted(run, measure, expected)).toBe(answer);
  });

  test('of losses and duplicates have matchers of their own', () => {
    expect(lossy).toHaveLost(3);
    expect(lossy).not.toHaveLost(0);
    expect(runOf({ counts: { duplicated: 7 } })).toHaveDuplicated({ max: 50 });
    expect(runOf({ counts: { duplicated: 51 } })).not.toHaveDuplicated({ max: 50 });
  });

  test.each([[-1], [{}], [{ max: Number.NaN }], [{ min: 2, max: 1 }], [{ most: 1 }], ['some'], [undefined]])('refuse to be compared with %j', (expected) => {
    expect(() => expect(clean).toHaveLost(expected as CountExpectation)).toThrow('is no expectation of a count. Give a number');
  });
});

describe('a run\'s own verdict', () => {
  test('is asked for by toBeViolated and toBeInconclusive', () => {
    expect(lossy).toBeViolated();
    expect(clean).not.toBeViolated();
    expect(undrained).toBeInconclusive();
    expect(clean).not.toBeInconclusive();
  });

  test('inconclusive is neither violated nor not', () => {
    expect(holds((negated) => { const subject = expect(undrained); (negated ? subject.not : subject).toBeViolated(); })).toBe('neither');
  });
});

describe('a failure', () => {
  const examples = [1, 2, 3, 4].map((sequence) => ({ producer: 0, sequence, story: `acknowledged at ${sequence} s, never delivered`, cause: 'broker' as const }));

  test('names the clause, the counts, the first messages, and the report', () => {
    const run = runOf({ counts: { lost: { count: 5, examples } } });
    rememberFolder(run, `${process.cwd()}/reports/runs/one`);
    expect(messageOf(() => expect(run).toUphold(contracts.atLeastOnce()))).toBe(`expect(run).toUphold(contract)

orders/leader-kill: violated
  ${recordOf({ ...scenario, contract: contracts.atLeastOnce() }, run.facts!).judgement.sentence}
  lost: expected forbidden, counted 5: 5 where at most 0 may be
    message 0/1: acknowledged at 1 s, never delivered [broker]
    message 0/2: acknowledged at 2 s, never delivered [broker]
    message 0/3: acknowledged at 3 s, never delivered [broker]
    and 2 more
report: reports/runs/one/report.html`);
  });

  test('says why an inconclusive run satisfies neither side', () => {
    expect(messageOf(() => expect(undrained).toHaveLost(0))).toContain('inconclusive, which shows nothing\n  Inconclusive: gate drain failed (3 of 900 were left)');
    expect(messageOf(() => expect(undrained).not.toHaveLost(0))).toContain('inconclusive, which is no contradiction either');
    expect(messageOf(() => expect(uncounted).toHaveLost(0))).toContain('lost: expected exactly 0, counted 0, not conclusive (undecided): the audit was cut short');
  });

  test('names gates that failed beside a violation', () => {
    expect(messageOf(() => expect(runOf({ counts: { lost: 3 }, conditions: { drainComplete: false, drainDetail: '3 were left' } })).toHaveLost(0))).toContain('  gate drain failed: 3 were left');
  });

  test('shows what held where the opposite was expected', () => {
    expect(messageOf(() => expect(clean).not.toHaveLost({ max: 3 }))).toContain('expect(run).not.toHaveLost({ max: 3 })\n\norders/leader-kill: upheld, where the opposite was expected');
    expect(messageOf(() => expect(clean).not.toHaveLost({ max: 3 }))).toContain('  lost: at most 3, counted 0');
  });

  test('counts the runs of a list that are to blame, and shows at most three', () => {
    const runs = [clean, ...[2, 3, 4, 5].map((repetition) => runOf({ counts: { lost: 1 } }, { repetition }))];
    const message = messageOf(() => expect(runs).toHaveLost(0));
    expect(message).toContain('4 of 5 runs do not show it');
    expect(message).toContain('orders/leader-kill, repetition 2: violated');
    expect(message).toContain('and 1 more run');
    expect(message).not.toContain('repetition 5');
  });

  test('tells a forgotten await apart', () => {
    expect(() => expect(Promise.resolve(clean)).toUphold()).toThrow('A promise was given: await the run.');
    expect(() => expect(undefined).toUphold()).toThrow('judges the record of a run');
    expect(() => expect([]).toUphold()).toThrow('judges the record of a run');
  });
});
