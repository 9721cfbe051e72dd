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
    expect(suiteOutcome([upheld], true)).toEqual({ verdict: 'interrupted', exitCode: 130 });
  });

  it('is not upheld when a scenario could not run', () => {
    expect(suiteOutcome([upheld], false, 1)).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(suiteOutcome([violated], false, 1)).toEqual({ verdict: 'violated', exitCode: 1 });
    expect(suiteOutcome([], false, 1)).toEqual({ verdict: 'environment', exitCode: 4 });
  });
});
