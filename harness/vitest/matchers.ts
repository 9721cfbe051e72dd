// Matchers over the records of runs. Three-valued: what is inconclusive satisfies neither an expectation nor its `.not`.
import type { MatcherState } from 'vitest';
import type { Contract, Measure, Verdict } from '../model/contract.ts';
import type { RunRecord } from '../model/run-record.ts';
import { clausesOf, spell, type CountExpectation } from './expectation.ts';
import { describeVerdict, failureText } from './failure-text.ts';
import { asJudged, judgedBy, judgedCount, runsOf, together, type JudgedRun } from './received.ts';

/** On `expect(run)`, where `run` is a run's record or a list of them; of a list every run must satisfy it. */
export interface LeaderfallMatchers<R = unknown> {
  /**
   * Every clause holds and every gate was passed. Without a contract it is the run's own judgement, with what its twin showed;
   * with one, the run's facts are judged by that contract instead.
   */
  toUphold(contract?: Contract): R;
  /** Accepted messages (acknowledged, or handed over where there are no acknowledgements) that no consumer processed and the broker does not hold. */
  toHaveLost(expected: CountExpectation): R;
  /** On a log: stored more than once. On a queue: processed more than once. */
  toHaveDuplicated(expected: Exclude<CountExpectation, 'exposed'>): R;
  /** Any measure that a contract can speak of; `unavailableMs` is in milliseconds. */
  toHaveCounted(measure: Measure, expected: CountExpectation): R;
  /** The run's own judgement is violated: a clause of its contract was broken, and the gates that this needs were passed. */
  toBeViolated(): R;
  /** The run's own judgement could not be made. */
  toBeInconclusive(): R;
}

declare module 'vitest' {
  // The parameters are those of Vitest 5's own declaration, or the two do not merge.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends LeaderfallMatchers<R> {}
}

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

export const matchers = {
  toUphold(this: MatcherState, received: unknown, contract?: Contract): Result {
    const runs = runsOf(received, 'toUphold').map(contract === undefined ? asJudged : judgedBy(contract));
    return decide(this, runs, 'toUphold', contract === undefined ? '' : 'contract');
  },
  toHaveLost(this: MatcherState, received: unknown, expected: CountExpectation): Result {
    return count(this, received, 'lost', expected, 'toHaveLost');
  },
  toHaveDuplicated(this: MatcherState, received: unknown, expected: Exclude<CountExpectation, 'exposed'>): Result {
    return count(this, received, 'duplicated', expected, 'toHaveDuplicated');
  },
  toHaveCounted(this: MatcherState, received: unknown, measure: Measure, expected: CountExpectation): Result {
    return count(this, received, measure, expected, 'toHaveCounted', `'${measure}', `);
  },
  toBeViolated(this: MatcherState, received: unknown): Result {
    return found(this, runsOf(received, 'toBeViolated'), 'toBeViolated', 'violated');
  },
  toBeInconclusive(this: MatcherState, received: unknown): Result {
    return found(this, runsOf(received, 'toBeInconclusive'), 'toBeInconclusive', 'inconclusive');
  },
};

function count(state: MatcherState, received: unknown, measure: Measure, expected: CountExpectation, name: string, before = ''): Result {
  const runs = runsOf(received, name).map(judgedCount(measure, clausesOf(expected)));
  return decide(state, runs, name, `${before}${spell(expected)}`);
}

/** Vitest fails a negated matcher that passes, so what is undecided is told to "pass" there. */
function decide(state: MatcherState, runs: readonly JudgedRun[], name: string, argument: string): Result {
  const verdict = together(runs.map((run) => run.verdict));
  const isNot = state.isNot;
  return { pass: isNot ? verdict !== 'violated' : verdict === 'upheld', message: () => failureText({ call: hint(state, name, argument), runs, isNot }) };
}

/** Whether this is what every run's own judgement says. */
function found(state: MatcherState, runs: readonly RunRecord[], name: string, wanted: 'violated' | 'inconclusive'): Result {
  const agreement = (run: RunRecord): Verdict => (run.judgement.verdict === wanted ? 'upheld' : run.judgement.verdict === 'inconclusive' ? 'inconclusive' : 'violated');
  const isNot = state.isNot;
  const verdict = together(runs.map(agreement));
  const blamed = runs.filter((run) => agreement(run) !== (isNot ? 'violated' : 'upheld'));
  return { pass: isNot ? verdict !== 'violated' : verdict === 'upheld', message: () => [hint(state, name, ''), ...blamed.map(describeVerdict)].join('\n\n') };
}

const hint = ({ utils, isNot }: MatcherState, name: string, argument: string): string => utils.matcherHint(name, 'run', argument, { isNot });
