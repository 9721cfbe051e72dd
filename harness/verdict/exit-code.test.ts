// What a CI pipeline sees.
import { describe, expect, it } from 'vitest';
import type { RunError, RunRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { suiteOutcome } from './exit-code.ts';
import { scenarioOf } from '../checkers/testing/plan.ts';
import { factsOf, killStep, recordOf } from './testing/facts.ts';

const played = (overrides: Partial<Scenario>): Scenario => scenarioOf({ steps: [killStep], ...overrides });

const upheld = recordOf(played({ contract: { lost: 'forbidden' } }), factsOf());
const violated = recordOf(played({ contract: { lost: 'forbidden' } }), factsOf({ counts: { lost: 1 } }));
const inconclusive = recordOf(played({ contract: { lost: 'forbidden' } }), factsOf({ faults: [] }));
const failed = (code: string | null): RunRecord => {
  const error: RunError | null = code === null ? null : { code, message: '', hint: null, detail: null, phase: null };
  return recordOf(played({}), factsOf(), { status: 'failed', error });
};
const interrupted = recordOf(played({}), factsOf(), { status: 'interrupted' });

describe('the outcome of a suite', () => {
  it.each([
    ['upheld', [upheld, upheld], 'upheld', 0],
    ['inconclusive outranks upheld', [upheld, inconclusive], 'inconclusive', 3],
    ['violated outranks inconclusive', [inconclusive, violated, upheld], 'violated', 1],
    ['a setting that the broker refused outranks violated', [violated, failed('E_BROKER_SETTING')], 'usage', 2],
    ['environment outranks usage and violated', [violated, failed('E_BROKER_SETTING'), failed('E_IMAGE_MISSING')], 'environment', 4],
    ['interrupted outranks environment', [failed('E_IMAGE_MISSING'), interrupted], 'interrupted', 130],
    ['internal outranks all', [interrupted, failed('E_IMAGE_MISSING'), violated, failed('E_INTERNAL')], 'internal', 70],
    ['a failure without an error is our own', [failed(null)], 'internal', 70],
    ['no runs prove nothing', [], 'inconclusive', 3],
  ] as const)('%s', (_, runs, verdict, exitCode) => {
    expect(suiteOutcome(runs)).toEqual({ verdict, exitCode });
  });

  it('is interrupted when the suite was, though every run that ended was upheld', () => {
    expect(suiteOutcome([upheld], { interrupted: true })).toEqual({ verdict: 'interrupted', exitCode: 130 });
  });

  it('is not upheld when a scenario was not reached', () => {
    const notRunnable = [{ name: 'shard 2/4', reason: 'it was not given' }];
    expect(suiteOutcome([upheld], { notRunnable })).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(suiteOutcome([upheld], { notRunnable, allowsNotRunnable: true })).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(suiteOutcome([violated], { notRunnable })).toEqual({ verdict: 'violated', exitCode: 1 });
    expect(suiteOutcome([], { notRunnable })).toEqual({ verdict: 'environment', exitCode: 4 });
  });

  it('is an environment error when this machine cannot run a scenario, which hides no violation', () => {
    const notRunnable = [{ name: 'kafka/acks-all/power-loss', version: '4.1', lacks: 'disk', reason: 'mounting a disk needs root' }];
    expect(suiteOutcome([upheld], { notRunnable })).toEqual({ verdict: 'environment', exitCode: 4 });
    expect(suiteOutcome([inconclusive], { notRunnable })).toEqual({ verdict: 'environment', exitCode: 4 });
    expect(suiteOutcome([violated], { notRunnable })).toEqual({ verdict: 'violated', exitCode: 1 });
  });

  it('is that of the runs where it is allowed that the machine lacks something, but never of nothing', () => {
    const notRunnable = [{ name: 'kafka/acks-all/power-loss', version: '4.1', lacks: 'disk', reason: 'mounting a disk needs root' }];
    expect(suiteOutcome([upheld], { notRunnable, allowsNotRunnable: true })).toEqual({ verdict: 'upheld', exitCode: 0 });
    expect(suiteOutcome([inconclusive], { notRunnable, allowsNotRunnable: true })).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(suiteOutcome([], { notRunnable, allowsNotRunnable: true })).toEqual({ verdict: 'environment', exitCode: 4 });
  });
});
