// A safe run is worth something only if its unsafe twin showed, under the same fault, what could have happened.
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { applyTwins } from './apply-twins.ts';
import { scenarioOf } from '../checkers/testing/plan.ts';
import { exposedLost, factsOf, killStep, recordOf } from './testing/facts.ts';

const played = (overrides: Partial<Scenario>): Scenario => scenarioOf({ steps: [killStep], ...overrides });

const safe = (overrides: Partial<RunRecord> = {}, twin: string | null = 'unsafe') => recordOf(played({ name: 'safe', twin, contract: { lost: 'forbidden' } }), factsOf(), overrides);
const unsafe = (facts = factsOf(exposedLost), overrides: Partial<RunRecord> = {}, twin: string | null = null) => recordOf(played({ name: 'unsafe', twin, contract: { lost: 'required' } }), facts, overrides);

const powerless = () => unsafe(factsOf());
const summary = (runs: readonly RunRecord[]) => applyTwins(runs).map(({ judgement: { verdict, power } }) => [verdict, power.state]);

describe('twins', () => {
  it('show the power of the fault when the unsafe one loses', () => {
    expect(summary([safe(), unsafe()])).toEqual([['upheld', 'shown'], ['upheld', 'is-the-twin']]);
    expect(applyTwins([safe(), unsafe()])[0]!.judgement.power).toMatchObject({ twin: 'unsafe', detail: expect.stringContaining('the same fault under unsafe: lost as it must') });
  });

  it('are told to be none where more than one field of a policy differs', () => {
    const detailBeside = (changes: Partial<Scenario>): string => {
      const other = recordOf(played({ name: 'unsafe', contract: { lost: 'required' }, ...changes }), factsOf(exposedLost));
      return applyTwins([safe(), other])[0]!.judgement.power.detail;
    };
    const { producer } = scenarioOf();
    const unlike = (fields: string) => expect.stringMatching(new RegExp(`lost as it must.*\\(but the two differ in more than one field of a policy, so that it may be due to another: ${fields}\\)$`));
    expect(detailBeside({ producer: { ...producer, policy: { ...producer.policy, acks: 7 } } })).not.toContain('differ');
    expect(detailBeside({ producer: { ...producer, policy: { ...producer.policy, acks: 7, retries: 7 } } })).toEqual(unlike('producer\\.policy\\.acks, producer\\.policy\\.retries'));
    expect(detailBeside({ payloadBytes: 7 })).toEqual(unlike('payloadBytes'));
    expect(detailBeside({ steps: [killStep, killStep, { kind: 'quiesce' }] })).toEqual(unlike('steps\\.1\\.kind, .* and \\d+ more'));
    expect(detailBeside({ producer: { ...producer, driver: 'another', options: { its: 'own' }, policy: { ...producer.policy, acks: 7 } } })).not.toContain('differ');
  });

  it('make the safe one inconclusive when the unsafe one loses nothing, and that one is violated', () => {
    expect(summary([safe(), powerless()])).toEqual([['inconclusive', 'not-shown'], ['violated', 'is-the-twin']]);
    expect(applyTwins([safe(), powerless()])[0]!.judgement.sentence).toMatch(/^Inconclusive: the fault's power was not shown, for its twin unsafe is violated: nothing was lost, although some had to be/);
  });

  it('make the safe one inconclusive when the unsafe one is', () => {
    const unknown = unsafe(factsOf({ ...exposedLost, conditions: { drainComplete: false } }));
    expect(summary([safe(), unknown])[0]).toEqual(['inconclusive', 'not-shown']);
    expect(applyTwins([safe(), unknown])[0]!.judgement.sentence).toMatch(/^Inconclusive: the fault's power was not shown, for its twin unsafe is inconclusive: gate drain failed/);
  });

  it('leave a loss a loss', () => {
    const lossy = recordOf(played({ name: 'safe', twin: 'unsafe', contract: { lost: 'forbidden' } }), factsOf({ counts: { lost: 1 } }));
    expect(summary([lossy, powerless()])[0]).toEqual(['violated', 'not-shown']);
    expect(applyTwins([lossy, powerless()])[0]!.judgement.sentence).toBe(lossy.judgement.sentence);
  });

  it('are found whichever of them names the other, in any order', () => {
    expect(summary([unsafe(factsOf(), {}, 'safe'), safe({}, null)])).toEqual([['violated', 'is-the-twin'], ['inconclusive', 'not-shown']]);
  });

  it('that did not run leave power untested, and say how to test it', () => {
    const [alone] = applyTwins([safe()]);
    expect(alone!.judgement).toMatchObject({ verdict: 'upheld', power: { state: 'untested', detail: 'power untested: its twin did not run; npx leaderfall run safe unsafe' } });
  });

  it('are no two safe scenarios that name each other', () => {
    const other = recordOf(played({ name: 'unsafe', contract: { lost: 'forbidden' } }), factsOf());
    expect(summary([safe(), other])[0]).toEqual(['upheld', 'untested']);
  });

  it('are paired on the same version of the broker only', () => {
    const on = (version: string, record: RunRecord): RunRecord => ({ ...record, scenario: { ...record.scenario, cluster: { ...record.scenario.cluster, version } } });
    expect(summary([on('3.9', safe()), on('4.1', safe()), on('3.9', powerless()), on('4.1', unsafe())]).slice(0, 2)).toEqual([['inconclusive', 'not-shown'], ['upheld', 'shown']]);
    expect(summary([on('3.9', safe()), on('4.1', powerless())])[0]).toEqual(['upheld', 'untested']);
  });

  it('may differ in nothing but the driver: what one library loses the other must not', () => {
    const driven = (driver: string, record: RunRecord): RunRecord => ({ ...record, scenario: { ...record.scenario, producer: { ...record.scenario.producer, driver } } });
    expect(summary([driven('platformatic', safe()), driven('kafkajs', unsafe())])).toEqual([['upheld', 'shown'], ['upheld', 'is-the-twin']]);
  });

  it('are paired by repetition, and with all of them where the same one is missing', () => {
    const runs = [safe({ repetition: 1 }), safe({ repetition: 2 }), safe({ repetition: 3 }), unsafe(undefined, { repetition: 1 }), unsafe(factsOf(), { repetition: 2 })];
    expect(summary(runs).slice(0, 3)).toEqual([['upheld', 'shown'], ['inconclusive', 'not-shown'], ['inconclusive', 'not-shown']]);
  });
});
