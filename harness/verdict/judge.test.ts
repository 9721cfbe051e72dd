// Contracts fail when they should, hold when they should, and say "inconclusive" in between.
import { describe, expect, it } from 'vitest';
import type { Clause, Contract, Gate, Judgement, Measure, Verdict } from '../model/contract.ts';
import type { FaultFact } from '../model/facts.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import { faultNames, type Scenario, type Step, type Target } from '../model/scenario.ts';
import { scenarioOf } from '../checkers/testing/plan.ts';
import { judge } from './judge.ts';
import { contracts } from './presets.ts';
import { exposedLost, factsOf, killed, killStep, type Spoiled } from './testing/facts.ts';

const judged = (contract: Contract, spoiled: Spoiled = {}, scenario: Partial<Scenario> = {}): Judgement =>
  judge({ scenario: scenarioOf({ steps: [killStep], contract, ...scenario }), facts: factsOf(spoiled) });
const gate = ({ gates }: Judgement, name: string): Gate | undefined => gates.find((one) => one.name === name);

const unsure = { conclusive: false, reasons: ['the drain was cut short'] };

describe('a clause', () => {
  it.each<[Clause, number, Verdict]>([
    ['forbidden', 0, 'upheld'], ['forbidden', 1, 'violated'],
    ['allowed', 0, 'upheld'], ['allowed', 9, 'upheld'],
    ['required', 0, 'violated'], ['required', 1, 'upheld'],
    [{ max: 3 }, 3, 'upheld'], [{ max: 3 }, 4, 'violated'],
    [{ min: 3 }, 3, 'upheld'], [{ min: 3 }, 2, 'violated'],
    [{ equals: 3 }, 3, 'upheld'], [{ equals: 3 }, 2, 'violated'], [{ equals: 3 }, 4, 'violated'],
    [{ equals: 0 }, 0, 'upheld'], [{ equals: 0 }, 1, 'violated'],
  ])('%j against %d is %s', (clause, count, verdict) => {
    const { clauses, verdict: overall } = judged({ redelivered: clause }, { counts: { redelivered: count } });
    expect(clauses).toHaveLength(1);
    expect(clauses[0]).toMatchObject({ measure: 'redelivered', clause, verdict });
    expect(clauses[0]!.reason === null).toBe(verdict === 'upheld');
    expect(overall).toBe(verdict);
  });

  it.each<[Clause, number, Verdict]>([
    ['forbidden', 0, 'inconclusive'], ['forbidden', 1, 'inconclusive'],
    ['allowed', 1, 'upheld'],
    ['required', 0, 'inconclusive'], ['required', 1, 'inconclusive'],
    [{ max: 3 }, 3, 'inconclusive'], [{ max: 3 }, 4, 'inconclusive'],
    [{ min: 3 }, 3, 'inconclusive'], [{ equals: 3 }, 3, 'inconclusive'],
  ])('%j against a doubtful %d is %s', (clause, count, verdict) => {
    const { clauses } = judged({ redelivered: clause }, { counts: { redelivered: { count, ...unsure } } });
    expect(clauses[0]!.verdict).toBe(verdict);
    if (verdict === 'inconclusive') expect(clauses[0]!.reason).toBe('the drain was cut short');
  });

  it.each<[Clause, number, Verdict]>([
    ['forbidden', 0, 'inconclusive'], ['forbidden', 1, 'violated'],
    ['required', 0, 'inconclusive'], ['required', 1, 'upheld'],
    [{ max: 3 }, 3, 'inconclusive'], [{ max: 3 }, 4, 'violated'],
    [{ min: 3 }, 2, 'inconclusive'], [{ min: 3 }, 3, 'upheld'],
    [{ equals: 3 }, 2, 'inconclusive'], [{ equals: 3 }, 3, 'inconclusive'], [{ equals: 3 }, 4, 'violated'],
  ])('%j against "at least %d" is %s: a lower bound decides what it can', (clause, count, verdict) => {
    expect(judged({ redelivered: clause }, { counts: { redelivered: { count, atLeast: true, ...unsure } } }).clauses[0]!.verdict).toBe(verdict);
  });

  it.each<[string, Spoiled['exposedSet'], Verdict]>([
    ['the same sets', { exposed: 5, lostAndExposed: 5, lostNotExposed: 0, exposedNotLost: 0 }, 'upheld'],
    ['as many, but others', { exposed: 5, lostAndExposed: 4, lostNotExposed: 1, exposedNotLost: 1 }, 'violated'],
    ['some exposed survived', { exposed: 5, lostAndExposed: 4, lostNotExposed: 0, exposedNotLost: 1 }, 'violated'],
    ['some lost were not exposed', { exposed: 5, lostAndExposed: 5, lostNotExposed: 1, exposedNotLost: 0 }, 'violated'],
    ['nothing exposed, nothing lost', { exposed: 0, lostAndExposed: 0, lostNotExposed: 0, exposedNotLost: 0 }, 'inconclusive'],
  ])('equals exposed compares sets: %s', (_, exposedSet, verdict) => {
    expect(judged({ lost: { equals: 'exposed' } }, { counts: { lost: 5 }, exposedSet: exposedSet! }).clauses[0]!.verdict).toBe(verdict);
  });

  it('equals exposed has no set to compare with where a closed publish was to be it, and nothing of that was taken', () => {
    const publish = { kind: 'publish', count: 40, withinMs: 1_000 } as const;
    const exposedSet = { exposed: 40, lostAndExposed: 0, lostNotExposed: 0, exposedNotLost: 40 };
    const faults = (kind: 'closed' | 'in-flight') => [{ ...killed, exposure: { fault: 'kill', kind, count: 40, lost: 0 } }];
    const verdictOf = (kind: 'closed' | 'in-flight', steps: readonly Step[]) => judged({ lost: { equals: 'exposed' } }, { exposedSet, faults: faults(kind) }, { steps }).verdict;
    expect(verdictOf('in-flight', [publish, killStep])).toBe('inconclusive');
    expect(verdictOf('closed', [publish, killStep])).toBe('violated');
    expect(verdictOf('in-flight', [killStep])).toBe('violated');
    expect(verdictOf('in-flight', [killStep, publish])).toBe('violated');
  });

  it('equals exposed needs a conclusive loss, and is about losses only', () => {
    const exposedSet = { exposed: 5, lostAndExposed: 5, lostNotExposed: 0, exposedNotLost: 0 };
    expect(judged({ lost: { equals: 'exposed' } }, { counts: { lost: { count: 5, atLeast: true, ...unsure } }, exposedSet }).clauses[0]!.verdict).toBe('inconclusive');
    expect(judged({ stuck: { equals: 'exposed' } }, { counts: { stuck: 5 }, exposedSet }).clauses[0]!.verdict).toBe('inconclusive');
  });

  it('says what was expected and what was found', () => {
    const { clauses } = judged({ lost: { equals: 'exposed' }, redelivered: { max: 1_200 }, stuck: 'forbidden', skipped: { min: 1 }, rewound: { equals: 2 } }, {
      ...exposedLost, counts: { lost: 1_000, redelivered: { count: 3, atLeast: true, ...unsure }, stuck: { count: 4, ...unsure }, rewound: 2 },
    });
    expect(clauses.map(({ measure, expected, actual }) => [measure, expected, actual])).toEqual([
      ['lost', 'exactly the exposed', '1,000 (all exposed, and all of the exposed)'],
      ['stuck', 'forbidden', '4, not conclusive'],
      ['redelivered', 'at most 1,200', 'at least 3'],
      ['skipped', 'at least 1', '0'],
      ['rewound', 'exactly 2', '2'],
    ]);
    expect(judged({ lost: { equals: 'exposed' } }, { counts: { lost: 9 }, exposedSet: { exposed: 12, lostAndExposed: 8, lostNotExposed: 1, exposedNotLost: 4 } }).clauses[0])
      .toMatchObject({ actual: '9 (8 of 12 exposed)', reason: '1 lost that were not exposed, 4 exposed that were not lost' });
  });

  it('about a measure that does not exist is an error of the scenario', () => {
    expect(() => judged({ lots: 'forbidden' } as unknown as Contract)).toThrow(expect.objectContaining({ code: 'E_SCENARIO_INVALID' }));
  });
});

/** One thing spoiled at a time: what it does to a run that is otherwise upheld. */
const fault = (overrides: Partial<FaultFact>): Spoiled => ({ faults: [{ ...killed, ...overrides }] });
const spoilers: readonly (readonly [gate: string, what: string, spoiled: Spoiled])[] = [
  ['history', 'the history is not whole', { conditions: { historyWhole: false, historyDetail: 'consumer-0 left no segment' } }],
  ['accounting', 'the numbers do not add up', { accounting: { addsUp: false } }],
  ['workers', 'a worker died by itself', { conditions: { deadWorkers: ['producer-0'] } }],
  ['steady', 'traffic never became healthy', { conditions: { steadyOk: false } }],
  ['steps', 'the steps were cut short', { conditions: { stepsComplete: false, stepsDetail: 'took longer than its bound' } }],
  ['drain', 'the drain was cut short', { conditions: { drainComplete: false, drainDetail: '3 ready' } }],
  ['audit', 'the audit was cut short', { conditions: { auditComplete: false, auditDetail: 'timed out' } }],
  ['heal', 'the cluster was not healed', { conditions: { healComplete: false } }],
  ['acknowledged-before', 'nothing was taken before the fault', { conditions: { acknowledgedBeforeFault: 0 } }],
  ['probe-after', 'nothing was taken after healing', { conditions: { acknowledgedAfterHeal: 0 } }],
  ['target-hit', 'the strike was not proved', fault({ proved: false, proof: 'still running' })],
  ['target-hit', 'it never struck', fault({ struckMs: null })],
  ['target-hit', 'it was never injected', { faults: [] }],
  ['exposed', 'nothing was exposed', fault({ exposure: { fault: 'kill', kind: 'in-flight', count: 0, lost: 0 } })],
  ['exposed', 'exposure is not known', fault({ exposure: null })],
  ['led-when-struck', 'the victim did not lead', fault({ led: false, ledDetail: 'kafka-3 led' })],
  ['led-when-struck', 'nobody knows who led', fault({ led: null, ledDetail: '' })],
  ['leadership-moved', 'nobody took over', fault({ leadershipMoved: false })],
];

describe('a loss that has to happen', () => {
  it('is not shown by one that the fault could not touch', () => {
    const elsewhere = { ...exposedLost, exposedSet: { exposed: 5, lostAndExposed: 0, lostNotExposed: 1_000, exposedNotLost: 5 } };
    expect(judged({ lost: 'required' }, exposedLost).verdict).toBe('upheld');
    expect(judged({ lost: 'required' }, elsewhere).verdict).toBe('violated');
    expect(judged({ lost: { min: 1 } }, elsewhere).verdict).toBe('violated');
  });
});

describe('a gate', () => {
  it('passes, each of them, in a run in which everything went well', () => {
    const { gates, verdict } = judged({ lost: 'forbidden' });
    expect(new Set(gates.map(({ name }) => name))).toEqual(new Set(spoilers.map(([name]) => name)));
    expect(gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict).toBe('upheld');
  });

  it.each(spoilers)('%s that fails makes an upheld run inconclusive: %s', (name, _, spoiled) => {
    const judgement = judged({ lost: 'forbidden' }, spoiled);
    expect(gate(judgement, name)!.passed).toBe(false);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.sentence).toContain(`gate ${name} failed`);
  });

  it.each(spoilers)('%s that fails makes a loss that had to happen, and did, inconclusive: %s', (_, __, spoiled) => {
    expect(judged({ lost: 'required' }, { ...exposedLost, ...spoiled }).verdict).toBe('inconclusive');
  });

  it.each(spoilers)('%s that fails makes a loss that had to happen, and did not, inconclusive: %s', (_, __, spoiled) => {
    expect(judged({ lost: 'required' }).verdict).toBe('violated');
    expect(judged({ lost: 'required' }, spoiled).verdict).toBe('inconclusive');
  });

  it.each(spoilers)('%s that fails takes back a forbidden loss only where it casts doubt on the count: %s', (name, _, spoiled) => {
    const { verdict, clauses } = judged({ lost: 'forbidden' }, { ...spoiled, counts: { lost: 3 } });
    const doubtful = ['history', 'accounting', 'workers'].includes(name);
    expect(verdict).toBe(doubtful ? 'inconclusive' : 'violated');
    expect(clauses[0]!.verdict).toBe(verdict);
  });

  it('about faults is not there without faults', () => {
    const { gates, verdict } = judged({ lost: 'forbidden' }, { faults: [], conditions: { healComplete: false, acknowledgedBeforeFault: 0, acknowledgedAfterHeal: 0 } }, { steps: [] });
    expect(gates.map(({ name }) => name)).toEqual(['history', 'accounting', 'workers', 'steady', 'steps', 'drain', 'audit']);
    expect(verdict).toBe('upheld');
  });

  it('about leaders is not there where the target was no leader', () => {
    const judgement = judged({ lost: 'forbidden' }, fault({ led: null, leadershipMoved: null }), { steps: [{ ...killStep, target: { role: 'node', node: 'memory-1' } }] });
    expect([gate(judgement, 'led-when-struck'), gate(judgement, 'leadership-moved')]).toEqual([undefined, undefined]);
    expect(judgement.verdict).toBe('upheld');
  });

  it('leadership-moved is not there where nobody could take over', () => {
    const judgement = judged({ lost: 'forbidden' }, fault({ leadershipMoved: null }));
    expect(gate(judgement, 'leadership-moved')).toBeUndefined();
    expect(gate(judgement, 'led-when-struck')!.passed).toBe(true);
    expect(judgement.verdict).toBe('upheld');
  });

  it.each(faultNames.filter((name) => faultDeclarations[name].effect === 'hinders' && faultDeclarations[name].strikes.includes('node')))('traffic-met is asked of %s, unless it is about leadership', (name) => {
    const steps = [{ ...killStep, fault: name }] as const;
    const unmet = judged({ lost: 'forbidden' }, fault({ fault: name, attemptsMet: 0 }), { steps });
    expect(judged({ lost: 'forbidden' }, fault({ fault: name }), { steps }).verdict).toBe('upheld');
    expect(unmet.verdict).toBe(faultDeclarations[name].family === 'leadership' ? 'upheld' : 'inconclusive');
    expect(gate(unmet, 'traffic-met')?.passed).toBe(faultDeclarations[name].family === 'leadership' ? undefined : false);
  });

  it('exposed is not asked of a fault that strikes no node, target-hit is', () => {
    const cut: FaultFact = { ...killed, id: 'cut', fault: 'replication-cut', exposure: null, led: null, leadershipMoved: null };
    const steps = [{ kind: 'inject', fault: 'replication-cut', id: 'cut', target: { role: 'leader', partition: 0 }, parameters: {} }, killStep] as const;
    expect(judged({ lost: 'forbidden' }, { faults: [cut, killed] }, { steps }).verdict).toBe('upheld');
    const missed = judged({ lost: 'forbidden' }, { faults: [{ ...cut, proved: false }, killed] }, { steps });
    expect(gate(missed, 'target-hit')).toMatchObject({ passed: false, detail: expect.stringContaining('cut: ') });
    expect(missed.verdict).toBe('inconclusive');
  });

  it.each(['kill', 'stop', 'pause', 'stall', 'crash-loop'] as const)('exposed and target-hit are asked of %s of a client, and nothing about leaders is', (name) => {
    const steps = [{ ...killStep, fault: name, target: { role: 'client', client: 'consumer', index: 0, between: null } }] as const;
    const struck: Spoiled = fault({ fault: name, strikes: 'client', nodes: ['consumer-0'], led: null, leadershipMoved: null });
    const judgement = judged({ lost: 'forbidden' }, struck, { steps });
    expect(judgement.gates.map((one) => one.name)).toEqual(['history', 'accounting', 'workers', 'steady', 'steps', 'drain', 'audit', 'target-hit', 'exposed', 'heal', 'acknowledged-before', 'probe-after']);
    expect(judgement.verdict).toBe('upheld');
    const missed = judged({ lost: 'forbidden' }, { faults: [{ ...struck.faults![0]!, exposure: { fault: 'kill', kind: 'in-flight', count: 0, lost: 0 } }] }, { steps });
    expect(gate(missed, 'exposed')!.passed).toBe(false);
  });

  describe.each(faultNames)('without which nothing is upheld: %s', (name) => {
    const { strikes, effect } = faultDeclarations[name];
    const targets = strikes.map((struck): Target => (struck === 'node' ? { role: 'leader', partition: 0 } : { role: 'client', client: struck, index: 0, between: null }));
    const run = (target: Target, spoiled: Partial<FaultFact>): Judgement =>
      judged({ lost: 'forbidden' }, fault({ fault: name, ...spoiled }), { steps: [{ ...killStep, fault: name, target }] });

    it.each(targets)('is upheld where it struck %o', (target) => {
      expect(run(target, {}).verdict).toBe('upheld');
    });

    it.each<[string, Partial<FaultFact>]>([['was not proved', { proved: false, proof: 'still running' }], ['never struck', { struckMs: null }]])('is inconclusive where it %s', (_, spoiled) => {
      for (const target of targets) expect(run(target, spoiled)).toMatchObject({ verdict: 'inconclusive', sentence: expect.stringContaining('target-hit') });
    });

    it(`asks what its effect (${effect}) must show`, () => {
      const powerless: Partial<FaultFact> = { exposure: { fault: 'kill', kind: 'in-flight', count: 0, lost: 0 }, led: false, leadershipMoved: false };
      const demanded = { ends: ['exposed', 'led-when-struck', 'leadership-moved'], halts: ['exposed', 'led-when-struck'], moves: ['led-when-struck', 'leadership-moved'], hinders: [] }[effect];
      for (const target of targets) {
        const { gates, verdict } = run(target, powerless);
        expect(gates.filter(({ passed }) => !passed).map((one) => one.name)).toEqual(target.role === 'client' ? demanded.slice(0, 1) : demanded);
        expect(verdict).toBe(demanded.length === 0 ? 'upheld' : 'inconclusive');
      }
    });
  });

  it('holds for every fault, not for one of them', () => {
    const second = { ...killStep, id: 'again' } as const;
    const faults = [killed, { ...killed, id: 'again', exposure: null }];
    expect(judged({ lost: 'forbidden' }, { faults }, { steps: [killStep, second] }).verdict).toBe('inconclusive');
  });
});

describe('a verdict', () => {
  it('is the worst of the clauses', () => {
    expect(judged({ lost: 'forbidden', redelivered: 'forbidden' }, { counts: { redelivered: 1 } }).verdict).toBe('violated');
    expect(judged({ lost: 'forbidden', redelivered: 'forbidden' }, { counts: { redelivered: unsure } }).verdict).toBe('inconclusive');
    expect(judged({ lost: 'forbidden', redelivered: 'forbidden' }, { counts: { lost: 1, redelivered: unsure } }).verdict).toBe('violated');
  });

  it('says that power is untested, and how to test it', () => {
    expect(judged({ lost: 'forbidden' }).power).toEqual({ twin: null, state: 'untested', detail: expect.stringContaining('power untested') });
    expect(judged({ lost: 'forbidden' }, {}, { name: 'a', twin: 'b' }).power).toEqual({ twin: 'b', state: 'untested', detail: 'power untested: its twin did not run; npx leaderfall run a b' });
    expect(judged({ lost: 'required' }, {}, { twin: 'b' }).power.state).toBe('is-the-twin');
    expect(judged({ lost: { min: 0 }, stuck: { equals: 0 } }, {}, { twin: 'b' }).power.state).toBe('untested');
  });
});

describe('a baseline', () => {
  const steps = [{ kind: 'wait', trigger: { acknowledged: 1 } }] as const;

  it('is upheld without a fault, and says that there was none instead of calling power untested', () => {
    const judgement = judged({ lost: 'forbidden' }, { faults: [] }, { steps });
    expect(judgement).toMatchObject({ verdict: 'upheld', power: { twin: null, state: 'untested', detail: 'a baseline: no fault was injected, so there is no power to show' } });
    expect(judgement.sentence).toBe('Nothing lost: 5,123 acknowledged messages all accounted for.');
  });

  it('can show what its policy does by itself', () => {
    const judgement = judged({ lost: 'required' }, { faults: [], counts: { lost: 7 }, accounting: { lost: 7 } }, { steps });
    expect(judgement).toMatchObject({ verdict: 'upheld', power: { state: 'is-the-twin', detail: "no fault was injected: what showed is the policy's own doing" } });
  });

  it('still says how to run the twin that it names', () => {
    expect(judged({ lost: 'forbidden' }, { faults: [] }, { steps, name: 'a', twin: 'b' }).power.detail).toContain('npx leaderfall run a b');
  });
});

describe('presets', () => {
  const verdicts = (contract: Contract): Partial<Record<Measure, Verdict>> => Object.fromEntries(
    (['lost', 'settledUnprocessed', 'deadLettered', 'offsetConflicts', 'stuck', 'duplicated', 'processedTwice', 'redelivered', 'erased', 'phantom', 'ghost', 'corrupted', 'strangers'] as const).map((measure) => [measure, judged(contract, { counts: { [measure]: 1 } }).verdict]),
  );
  const always = { phantom: 'violated', ghost: 'violated', corrupted: 'violated', strangers: 'violated', redelivered: 'upheld' };

  it.each([
    ['atMostOnce', { lost: 'upheld', settledUnprocessed: 'upheld', deadLettered: 'upheld', offsetConflicts: 'upheld', stuck: 'upheld', erased: 'upheld', duplicated: 'violated', processedTwice: 'violated' }],
    ['atLeastOnce', { lost: 'violated', settledUnprocessed: 'violated', deadLettered: 'upheld', offsetConflicts: 'upheld', stuck: 'violated', erased: 'upheld', duplicated: 'upheld', processedTwice: 'upheld' }],
    ['exactlyOnce', { lost: 'violated', settledUnprocessed: 'violated', deadLettered: 'violated', offsetConflicts: 'upheld', stuck: 'violated', erased: 'upheld', duplicated: 'violated', processedTwice: 'violated' }],
    ['clientTruth', { lost: 'violated', settledUnprocessed: 'upheld', deadLettered: 'upheld', offsetConflicts: 'violated', stuck: 'upheld', erased: 'upheld', duplicated: 'upheld', processedTwice: 'upheld' }],
    ['storedOnce', { lost: 'violated', settledUnprocessed: 'violated', deadLettered: 'upheld', offsetConflicts: 'upheld', stuck: 'violated', erased: 'violated', duplicated: 'violated', processedTwice: 'upheld' }],
  ] as const)('%s forbids what it should', (name, expected) => {
    expect(verdicts(contracts[name]())).toEqual({ ...always, ...expected });
  });

  it('mustLose and mustLoseExposed fail when nothing is lost', () => {
    expect([contracts.mustLose(), contracts.mustLoseExposed()].map((contract) => judged(contract).verdict)).toEqual(['violated', 'violated']);
    expect([contracts.mustLose(), contracts.mustLoseExposed()].map((contract) => judged(contract, exposedLost).verdict)).toEqual(['upheld', 'upheld']);
  });
});
