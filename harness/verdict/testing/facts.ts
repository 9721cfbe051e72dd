// Facts of a run in which everything went well, for tests to spoil one thing at a time.
import { measures, type Measure } from '../../model/contract.ts';
import type { Facts, FaultFact, MeasureFact } from '../../model/facts.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Scenario, Step } from '../../model/scenario.ts';
import { judge } from '../judge.ts';

export const killStep = { kind: 'inject', fault: 'kill', id: 'kill', target: { role: 'leader', partition: 0 }, parameters: {} } as const satisfies Step;

export const killed: FaultFact = {
  id: 'kill', fault: 'kill', strikes: 'node', nodes: ['kafka-2'], triggerMs: 8_000, beginMs: 8_050, struckMs: 8_100, healMs: 9_000, healedMs: 9_500, delayMs: 100,
  proved: true, proof: 'kafka-2 exited with code 137', led: true, ledDetail: 'kafka-2 led partition 0 before the strike', leadershipMoved: true,
  exposure: { fault: 'kill', kind: 'in-flight', count: 16, lost: 0 }, attemptsMet: 40, timeToDetectMs: 200, timeToRecoverMs: 3_000, timeToRedundancyMs: 9_000,
  partitions: [{ partition: 0, timeToDetectMs: 200, timeToRecoverMs: 3_000, timeToRedundancyMs: 9_000, survivable: true, because: '2 of 3 replicas left in sync while kafka-2 was away, 2 needed (acks=all, min.insync.replicas=2)' }],
};

export type Counts = Partial<Record<Measure, number | Partial<MeasureFact>>>;

export function measureFacts(counts: Counts = {}): readonly MeasureFact[] {
  return measures.map((measure): MeasureFact => {
    const given = counts[measure] ?? 0;
    return { measure, count: 0, conclusive: true, reasons: [], examples: [], ...(typeof given === 'number' ? { count: given } : given) };
  });
}

export interface Spoiled extends Partial<Omit<Facts, 'measures' | 'accounting' | 'conditions'>> {
  readonly counts?: Counts;
  readonly accounting?: Partial<Facts['accounting']>;
  readonly conditions?: Partial<Facts['conditions']>;
}

export function factsOf({ counts = {}, accounting, conditions, ...rest }: Spoiled = {}): Facts {
  const lost = typeof counts.lost === 'number' ? counts.lost : 0;
  return {
    storeKind: 'log',
    totals: {
      reserved: 5_123, attempted: 5_123, attempts: 5_123, acknowledged: 5_123, handedOver: 0, failed: 0, indeterminate: 0, deliveries: 5_123,
      deliveredIds: 5_123, processedIds: 5_123, settledIds: 5_123, storedRecords: 5_123, storedIds: 5_123, deadLetteredIds: 0,
    },
    accounting: { base: 'acknowledged', baseCount: 5_123, processed: 5_123 - lost, deadLettered: 0, stuck: 0, lost, unseen: 0, addsUp: true, ...accounting },
    measures: measureFacts(counts),
    attribution: { client: 0, broker: lost, consumer: 0, policy: 0, undecided: 0 },
    exposedSet: { exposed: 16, lostAndExposed: 0, lostNotExposed: lost, exposedNotLost: 16 },
    faults: [killed],
    unavailable: [],
    leaderChanges: [],
    series: { binMs: 100, acknowledged: [], delivered: [], failed: [], indeterminate: [] },
    acknowledgeLatency: null,
    acknowledgeOverTime: null,
    endToEndOverTime: null,
    fateMap: { binMs: 100, fromMs: 0, bins: 0, rows: [], unsent: 0 },
    replicas: [],
    errors: [],
    conditions: {
      steadyOk: true, acknowledgedBeforeFault: 1_000, acknowledgedAfterHeal: 500, healComplete: true, drainComplete: true, drainDetail: 'nothing left',
      auditComplete: true, auditDetail: '5 123 records read', historyWhole: true, historyDetail: 'complete', stepsComplete: true, stepsDetail: '4 steps played', deadWorkers: [], ...conditions,
    },
    ...rest,
  };
}

/** Every one of a thousand exposed messages lost, and no other. */
export const exposedLost: Spoiled = {
  counts: { lost: 1_000 },
  exposedSet: { exposed: 1_000, lostAndExposed: 1_000, lostNotExposed: 0, exposedNotLost: 0 },
  lostBetweenMs: { from: 7_100, to: 7_900 },
  faults: [{ ...killed, exposure: { fault: 'kill', kind: 'closed', count: 1_000, lost: 1_000 } }],
};

export function recordOf(scenario: Scenario, facts: Facts, overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 'leaderfall/run@1', leaderfall: '0.0.0', runId: scenario.name, seed: 'test', scenario, status: 'completed', error: null,
    startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1, phases: [],
    environment: { node: '', os: '', cpus: 2, memoryGiB: 8, engine: '', brokerVersion: '', images: [], drivers: {} },
    configuration: [], facts, judgement: judge({ scenario, facts }), reproduce: '', repetition: 1, logs: [],
    ...overrides,
  };
}
