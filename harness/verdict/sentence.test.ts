// The one sentence: what happened, whose doing, when.
import { describe, expect, it } from 'vitest';
import type { Contract } from '../model/contract.ts';
import type { FaultFact } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';
import { scenarioOf } from '../checkers/testing/plan.ts';
import { judge } from './judge.ts';
import { exposedLost, factsOf, killed, killStep, type Spoiled } from './testing/facts.ts';

const sentence = (contract: Contract, spoiled: Spoiled = {}, scenario: Partial<Scenario> = {}): string =>
  judge({ scenario: scenarioOf({ steps: [killStep], contract, ...scenario }), facts: factsOf(spoiled) }).sentence;

const cut: FaultFact = { ...killed, id: 'cut', fault: 'replication-cut', nodes: ['kafka-2'], struckMs: 7_000, healedMs: 9_000, exposure: null, led: null, leadershipMoved: null };
const behind = { ...exposedLost, faults: [cut, ...exposedLost.faults!] };

describe('the sentence of a run', () => {
  it('that is upheld says what it withstood', () => {
    expect(sentence({ lost: 'forbidden' })).toBe('Nothing lost: 5,123 acknowledged messages all accounted for although kafka-2, leader of partition 0, was killed at 8.1 s with 16 messages exposed.');
  });

  it('of a queue names its leader', () => {
    expect(sentence({ lost: 'forbidden' }, { storeKind: 'queue' })).toContain('kafka-2, leader of the queue, was killed at 8.1 s');
  });

  it('names no role that is not proved', () => {
    expect(sentence({ lost: 'forbidden' }, { faults: [{ ...killed, led: null }] }, { steps: [{ ...killStep, target: { role: 'node', node: 'kafka-2' } }] })).toContain('although kafka-2 was killed at 8.1 s');
  });

  it.each([
    ['kill', 'consumer-0 was killed at 8.1 s'],
    ['pause', 'consumer-0 was frozen at 8.1 s'],
    ['stall', 'the handlers of consumer-0 stalled at 8.1 s'],
    ['crash-loop', 'consumer-0 was killed again and again at 8.1 s'],
  ] as const)('names a client that was struck: %s', (fault, words) => {
    const steps = [{ ...killStep, fault, target: { role: 'client', client: 'consumer', index: 0, between: null } }] as const;
    expect(sentence({ lost: 'forbidden' }, { faults: [{ ...killed, fault, strikes: 'client', nodes: ['consumer-0'], led: null }] }, { steps })).toContain(`although ${words} with 16 messages exposed`);
  });

  it('says from when to when a client was crashed', () => {
    const faults = [{ ...killed, fault: 'crash-loop', strikes: 'client', nodes: ['consumer-0'], led: null, beginMs: 3_500, struckMs: 17_200 }] as const;
    const steps = [{ ...killStep, fault: 'crash-loop', target: { role: 'client', client: 'consumer', index: 0, between: null } }] as const;
    expect(sentence({ lost: 'forbidden' }, { faults }, { steps })).toContain('although consumer-0 was killed again and again between 3.5 s and 17.2 s');
  });

  it('names a victim once that was struck in two ways, and twice that was struck in one', () => {
    const paused: FaultFact = { ...killed, id: 'pause', fault: 'pause', struckMs: 6_000 };
    const steps = [{ ...killStep, fault: 'pause', id: 'pause' }, killStep] as const;
    expect(sentence({ lost: 'forbidden' }, { faults: [paused, killed] }, { steps })).toContain('although kafka-2, leader of partition 0, was frozen at 6.0 s and killed at 8.1 s with');
    expect(sentence({ lost: 'forbidden' }, { faults: [paused, { ...killed, nodes: ['kafka-1'] }] }, { steps })).toContain('was frozen at 6.0 s and kafka-1, leader of partition 0, was killed');
    expect(sentence({ lost: 'forbidden' }, { faults: [cut, killed] })).toContain('replication of kafka-2 was cut at 7.0 s and kafka-2, leader of partition 0, was killed');
  });

  it('says that more was lost than the exposed', () => {
    expect(sentence({ lost: 'required' }, { ...exposedLost, exposedSet: { exposed: 990, lostAndExposed: 990, lostNotExposed: 10, exposedNotLost: 0 } })).toContain('1,000 of 5,123 acknowledged messages, all 990 exposed among them; ');
    expect(sentence({ lost: 'required' }, { ...exposedLost, exposedSet: { exposed: 995, lostAndExposed: 990, lostNotExposed: 10, exposedNotLost: 5 } })).toContain('messages (990 of the 995 exposed); ');
  });

  it('says what a consumer did', () => {
    const spoiled: Spoiled = { counts: { lost: 2 }, lostBetweenMs: { from: 1_000, to: 2_000 }, attribution: { client: 0, broker: 0, consumer: 2, policy: 0, undecided: 0 } };
    const consumer = { ...scenarioOf().consumer, refuse: { every: 10, requeue: false } };
    expect(sentence({ lost: 'required' }, { ...spoiled, faults: [] }, { steps: [], consumer })).toContain('(rejected by the consumer)');
    expect(sentence({ lost: 'required' }, spoiled, { consumer })).toContain('(settled before their handler finished)');
    expect(sentence({ lost: 'allowed' }, spoiled, { consumer: { ...consumer, refuse: null, policy: { autoOffsetReset: 'latest' } } })).toContain('(settled, or passed over, before their handler finished)');
  });

  it('says why nobody can tell who lost what was only handed over', () => {
    const spoiled: Spoiled = { counts: { lost: 2 }, accounting: { base: 'handed over' }, lostBetweenMs: { from: 1_000, to: 2_000 }, attribution: { client: 0, broker: 0, consumer: 0, policy: 0, undecided: 2 } };
    expect(sentence({ lost: 'allowed' }, spoiled)).toContain('(cause undecided, for no acknowledgement says whether the broker ever had them)');
  });

  it('of what had to show says what was counted, and that no fault was needed', () => {
    expect(sentence({ redelivered: 'required' }, { counts: { redelivered: 1 }, faults: [] }, { steps: [] })).toBe('It showed as it must: 1 message delivered again, without any fault.');
  });

  it('that is inconclusive tells only of the fault that made a gate fail', () => {
    const missed: FaultFact = { ...killed, id: 'pause', fault: 'pause', proved: false, proof: 'it was running' };
    expect(sentence({ lost: 'forbidden' }, { faults: [missed, killed] }, { steps: [{ ...killStep, fault: 'pause', id: 'pause' }, killStep] })).toBe('Inconclusive: gate target-hit failed (pause: it was running).');
  });

  it('says what is put aside in a dead-letter target', () => {
    expect(sentence({ lost: 'forbidden' }, { accounting: { deadLettered: 1_000 } })).toContain('all accounted for, 1,000 of them in a dead-letter target, although');
  });

  it('of a policy that showed nothing without a fault says so', () => {
    expect(sentence({ lost: 'required' }, { faults: [] }, { steps: [] })).toBe('Nothing was lost, although some had to be: no fault was injected.');
  });

  it('without faults says so by silence', () => {
    expect(sentence({ lost: 'forbidden' }, { faults: [] }, { steps: [] })).toBe('Nothing lost: 5,123 acknowledged messages all accounted for.');
  });

  it('that lost what it must not names cause and time', () => {
    expect(sentence({ lost: 'forbidden' }, behind)).toBe('1,000 acknowledged messages lost: every one was acknowledged between 7.1 s and 7.9 s while replication of kafka-2 was cut, and kafka-2, leader of partition 0, was killed at 8.1 s (the broker had acknowledged them and lost them).');
  });

  it('does not blame a cut that was over, or not yet there', () => {
    for (const edges of [{ healedMs: 7_500 }, { struckMs: 7_500 }]) expect(sentence({ lost: 'forbidden' }, { ...behind, faults: [{ ...cut, ...edges }, ...exposedLost.faults!] })).not.toContain('while replication');
  });

  it('that lost as it must says so', () => {
    expect(sentence({ lost: { equals: 'exposed' } }, behind)).toBe('Lost as it must: 1,000 of 5,123 acknowledged messages, exactly the exposed; every one was acknowledged between 7.1 s and 7.9 s while replication of kafka-2 was cut, and kafka-2, leader of partition 0, was killed at 8.1 s (the broker had acknowledged them and lost them).');
  });

  it('that lost nothing though it must says so', () => {
    const struck = 'kafka-2, leader of partition 0, was killed at 8.1 s';
    expect(sentence({ lost: 'required' })).toBe(`Nothing was lost, although some had to be: ${struck}.`);
    expect(sentence({ lost: { min: 3 } })).toBe(`Nothing was lost, although at least 3 had to be: ${struck}.`);
    const spared: Spoiled = { exposedSet: { exposed: 40, lostAndExposed: 0, lostNotExposed: 0, exposedNotLost: 40 } };
    expect(sentence({ lost: { equals: 'exposed' } }, spared)).toBe(`Nothing was lost, although all of the 40 exposed had to be: ${struck}.`);
    expect(sentence({ redelivered: 'required' })).toBe(`Nothing showed that must: 0 messages delivered again, although some had to be: ${struck}.`);
    expect(sentence({ redelivered: { min: 3 } }, { counts: { redelivered: 2 } })).toBe(`Not what had to show: 2 messages delivered again, although at least 3 had to be: ${struck}.`);
  });

  it('names whose doing a loss was, also where it is not known when they were acknowledged, and of what was never acknowledged says no more than that it was taken', () => {
    expect(sentence({ lost: 'forbidden' }, { counts: { lost: 1 } })).toBe('1 acknowledged message lost: kafka-2, leader of partition 0, was killed at 8.1 s (the broker had acknowledged it and lost it).');
    expect(sentence({ lost: 'allowed' }, { counts: { lost: 2 }, accounting: { base: 'handed over' } })).toContain('(the broker forgot what it had taken)');
  });

  it('counts each exposed message once, however many faults it was exposed to', () => {
    const exposure = (count: number) => ({ fault: 'kill', kind: 'in-flight', count, lost: 0 }) as const;
    const faults = [{ ...killed, exposure: exposure(65) }, { ...killed, id: 'again', exposure: exposure(30) }];
    expect(sentence({ lost: 'forbidden' }, { faults, exposedSet: { exposed: 80, lostAndExposed: 0, lostNotExposed: 0, exposedNotLost: 80 } })).toContain('with 80 messages exposed');
  });

  it('names every cause of a loss that has several', () => {
    const spoiled = { counts: { lost: 12 }, lostBetweenMs: { from: 1_000, to: 1_010 }, attribution: { client: 8, broker: 0, consumer: 0, policy: 0, undecided: 4 } };
    expect(sentence({ lost: 'forbidden' }, spoiled)).toBe('12 acknowledged messages lost: every one was acknowledged at 1.0 s, and kafka-2, leader of partition 0, was killed at 8.1 s (8: the client library claimed success without a valid receipt, or committed what it had given to nobody; 4: cause undecided).');
  });

  it('speaks of one message in the singular, and of what was handed over as that', () => {
    expect(sentence({ lost: 'forbidden' }, { counts: { lost: 1 }, lostBetweenMs: { from: 1_000, to: 1_000 }, accounting: { base: 'handed over' } })).toMatch(/^1 message handed over lost: it was handed over at 1\.0 s/);
  });

  it('says what else was violated', () => {
    expect(sentence({ lost: 'forbidden', duplicated: { max: 2 } }, { counts: { lost: 1, duplicated: 5 } })).toMatch(/ Also: 5 duplicated \(at most 2\)\.$/);
  });

  it('says of other measures what they mean', () => {
    expect(sentence({ stuck: 'forbidden' }, { counts: { stuck: 2 } })).toBe('2 messages stuck: stored and never processed (forbidden): kafka-2, leader of partition 0, was killed at 8.1 s.');
    expect(sentence({ unavailableMs: { max: 1_000 } }, { counts: { unavailableMs: 2_500 } })).toBe('Unavailable for 2,500 ms (at most 1,000): kafka-2, leader of partition 0, was killed at 8.1 s.');
    expect(sentence({ redelivered: 'required' }, { counts: { redelivered: 2 } })).toContain('It showed as it must: 2 messages delivered again; kafka-2');
    expect(sentence({ lost: 'allowed' }, { counts: { lost: 2 } })).toMatch(/^As allowed, 2 of 5,123 acknowledged messages lost/);
  });

  it('that is inconclusive names every gate that failed, and who is unaccounted for', () => {
    expect(sentence({ lost: 'forbidden' }, { accounting: { unseen: 12 }, conditions: { drainComplete: false, drainDetail: '3 ready, 1 unacknowledged' } }))
      .toBe('Inconclusive: gate drain failed (3 ready, 1 unacknowledged), so 12 messages are unaccounted for.');
  });

  it('that is inconclusive for a clause says why', () => {
    expect(sentence({ erased: 'forbidden' }, { counts: { erased: { conclusive: false, reasons: ['does not apply: a queue forgets'] } } })).toBe('Inconclusive: erased: does not apply: a queue forgets.');
  });

  it('lists many faults in short', () => {
    const faults = Array.from({ length: 6 }, (_, index) => ({ ...killed, id: `kill-${index}`, struckMs: 1_000 * index }));
    expect(sentence({ lost: 'forbidden' }, { faults }, { steps: faults.map(({ id }) => ({ ...killStep, id })) })).toContain('was killed at 2.0 s and 3 more faults struck');
  });
});
