// Parts of realistic records: defaults that add up, and series that show a leader dying. Deterministic; for tests only.
import { measures, type Measure } from '../../harness/model/contract.ts';
import type { Example, Facts, FateMap, FaultFact, Latency, LatencyOverTime, MeasureFact, ReplicaState, Series, Survival, UnavailableWindow } from '../../harness/model/facts.ts';

export interface SeriesShape {
  readonly durationMs: number;
  readonly ratePerSecond: number;
  readonly trafficFromMs: number;
  readonly trafficToMs: number;
  readonly away: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly failed?: number;
  readonly indeterminate?: number;
}

const binMs = 100;

/** Traffic with a ripple, nothing acknowledged while away, deliveries a little later, failures where it went away. */
export function sampleSeries(shape: SeriesShape): Series {
  const bins = Array.from({ length: Math.ceil(shape.durationMs / binMs) }, (_, index) => index * binMs);
  const perBin = (shape.ratePerSecond * binMs) / 1000;
  const isAway = (timeMs: number): boolean => shape.away.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
  const traffic = (timeMs: number): number => {
    if (timeMs < shape.trafficFromMs || timeMs >= shape.trafficToMs || isAway(timeMs)) return 0;
    return Math.round(perBin * (1 + 0.14 * Math.sin(timeMs / 730) + 0.08 * Math.sin(timeMs / 170)));
  };
  const burst = (total: number, offsetMs: number) => (timeMs: number): number => {
    const from = (shape.away[0]?.fromMs ?? 0) + offsetMs;
    return total > 0 && timeMs >= from && timeMs < from + 500 ? Math.ceil(total / 5) : 0;
  };
  return {
    binMs,
    acknowledged: bins.map(traffic), delivered: bins.map((timeMs) => traffic(timeMs - 2 * binMs)),
    failed: bins.map(burst(shape.failed ?? 0, 900)), indeterminate: bins.map(burst(shape.indeterminate ?? 0, 0)),
  };
}

/** Slow at first where nothing was acknowledged, then as ever. */
export function sampleLatency({ acknowledged }: Series, calmMs: number): LatencyOverTime {
  const slow = acknowledged.map((count, bin) => (count > 0 && acknowledged[bin + 1] === 0 ? 3_400 : 0));
  const column = (times: number) => acknowledged.map((count, bin) => (count === 0 ? null : Number((calmMs * times * (1 + 0.2 * Math.sin(bin / 3)) + (times > 1 ? slow[bin]! : 0)).toFixed(2))));
  const latency = (most: number): Latency => ({ count: 4_000, p50Ms: calmMs, p95Ms: calmMs * 3, p99Ms: calmMs * 7, maxMs: most });
  return {
    binMs, fromMs: 0, count: acknowledged, p50Ms: column(1), p95Ms: column(3), p99Ms: column(7), maxMs: column(12),
    before: latency(calmMs * 12), during: slow.some((wait) => wait > 0) ? latency(3_412) : null, after: latency(calmMs * 9),
  };
}

/** Every message in one partition; what was not processed was sent when the first fault struck. */
export function sampleFateMap({ acknowledged }: Series, { processed, deadLettered, stuck, lost, unseen }: Facts['accounting'], strikeMs: number): FateMap {
  const strike = Math.floor(strikeMs / 500);
  const sent = Array.from({ length: Math.ceil(acknowledged.length / 5) }, (_, bin) => acknowledged.slice(bin * 5, bin * 5 + 5).reduce((sum, count) => sum + count, 0));
  const cells = sent.flatMap((count, bin) => (bin === strike ? [{ bin, counts: withoutZeros({ lost, unseen, stuck, deadLettered, processed: count }) }] : count === 0 ? [] : [{ bin, counts: { processed: Math.min(count, processed) } }]));
  return { binMs: 500, fromMs: 0, bins: sent.length, rows: [{ partitions: [0], cells }], unsent: 0 };
}

const withoutZeros = <Counts extends Readonly<Record<string, number>>>(counts: Counts): Partial<Counts> => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<Counts>;

/** Three replicas, one of which goes and comes back. */
export const sampleReplicas = (nodes: readonly [string, string, string], goneMs: number, backMs: number): readonly ReplicaState[] => [
  { timeMs: 900, partition: 0, leader: nodes[0], inSync: nodes }, { timeMs: goneMs, partition: 0, leader: nodes[1], inSync: nodes.slice(1) }, { timeMs: backMs, partition: 0, leader: nodes[1], inSync: nodes },
];

export interface FactsShape {
  readonly base: number;
  readonly baseWord?: 'acknowledged' | 'handed over';
  readonly storeKind?: 'log' | 'queue';
  readonly counts?: Readonly<Partial<Record<Measure, number>>>;
  readonly examples?: Readonly<Partial<Record<Measure, readonly Example[]>>>;
  readonly lostBy?: 'broker' | 'client' | 'consumer';
  readonly faults?: readonly FaultFact[];
  readonly series: Series;
  readonly overrides?: Partial<Facts>;
}

export function sampleFacts(shape: FactsShape): Facts {
  const { base, counts = {} } = shape;
  const baseWord = shape.baseWord ?? 'acknowledged';
  const lost = counts.lost ?? 0;
  const deadLettered = counts.deadLettered ?? 0;
  const stuck = counts.stuck ?? 0;
  const unseen = counts.unseen ?? 0;
  const processed = base - lost - stuck - unseen - deadLettered;
  const indeterminate = counts.indeterminate ?? 0;
  const failed = counts.failed ?? 0;
  const exposures = (shape.faults ?? []).flatMap(({ exposure }) => exposure ?? []);
  const exposed = exposures.reduce((sum, { count }) => sum + count, 0);
  const lostExposed = exposures.reduce((sum, each) => sum + each.lost, 0);
  const acknowledged = baseWord === 'acknowledged' ? base : 0;
  const accounting = { base: baseWord, baseCount: base, processed, deadLettered, stuck, lost, unseen, addsUp: true } as const;
  return {
    storeKind: shape.storeKind ?? 'log',
    totals: {
      reserved: base + indeterminate + failed + 64, attempted: base + indeterminate + failed, attempts: base + 2 * indeterminate + failed, acknowledged, handedOver: base - acknowledged,
      failed, indeterminate, deliveries: processed + (counts.redelivered ?? 0), deliveredIds: processed, processedIds: processed, settledIds: processed,
      storedRecords: base - lost + (counts.duplicated ?? 0), storedIds: base - lost, deadLetteredIds: deadLettered,
    },
    accounting,
    measures: measures.map((measure): MeasureFact => ({ measure, count: counts[measure] ?? 0, conclusive: unseen === 0 || measure !== 'lost', reasons: unseen > 0 && measure === 'lost' ? ['the drain did not complete'] : [], examples: shape.examples?.[measure] ?? [] })),
    attribution: { client: 0, broker: 0, consumer: 0, policy: 0, undecided: 0, [shape.lostBy ?? 'broker']: lost },
    exposedSet: { exposed, lostAndExposed: lostExposed, lostNotExposed: lost - lostExposed, exposedNotLost: exposed - lostExposed },
    faults: shape.faults ?? [], unavailable: [], leaderChanges: [], series: shape.series,
    acknowledgeLatency: acknowledged === 0 ? null : { count: base, p50Ms: 3.14, p95Ms: 9.7, p99Ms: 21.4, maxMs: 3412 },
    acknowledgeOverTime: acknowledged === 0 ? null : sampleLatency(shape.series, 3.14), endToEndOverTime: sampleLatency(shape.series, 8.2),
    fateMap: sampleFateMap(shape.series, accounting, shape.faults?.[0]?.struckMs ?? 0), replicas: [],
    errors: [],
    conditions: {
      steadyOk: true, acknowledgedBeforeFault: 20_000, acknowledgedAfterHeal: 6123, healComplete: true, drainComplete: true, drainDetail: `committed ${base} of ${base}`,
      auditComplete: true, auditDetail: `read ${base - lost} records to the log's end`, historyWhole: true, historyDetail: 'every segment is whole', stepsComplete: true, stepsDetail: 'all steps played', deadWorkers: [],
    },
    ...shape.overrides,
  };
}

/** One of three replicas was away, and the policy needs two. */
export const survived: Survival = { survivable: true, because: '2 of 3 replicas left in sync while kafka-2 was away, 2 needed (acks=all, min.insync.replicas=2)' };
export const beyond: Survival = { survivable: false, because: '1 of 3 replicas left in sync while kafka-1, kafka-2 were away, 2 needed (acks=all, min.insync.replicas=2); 1 of 3 controllers left, 2 needed to elect a leader' };

export const sampleWindow = (fromMs: number, toMs: number | null, survival: Survival = survived): UnavailableWindow => ({ partition: 0, fromMs, toMs, ...survival });

/** Of one partition where none are given. */
export function sampleFault(overrides: Partial<FaultFact>): FaultFact {
  const fault: Omit<FaultFact, 'partitions'> = {
    id: 'leader-kill', fault: 'kill', strikes: 'node', nodes: ['kafka-2'], triggerMs: 12_240, beginMs: 12_268, struckMs: 12_311, healMs: 18_420, healedMs: 20_904, delayMs: 71,
    proved: true, proof: 'process 4711 started 09:14:02 was replaced by 5120 started 09:14:26', led: true, ledDetail: 'led partition 0 in epoch 4 when it was struck',
    leadershipMoved: true, exposure: null, attemptsMet: 120, timeToDetectMs: 38, timeToRecoverMs: 3420, timeToRedundancyMs: 9125, ...overrides,
  };
  const { timeToDetectMs, timeToRecoverMs, timeToRedundancyMs } = fault;
  return { ...fault, partitions: overrides.partitions ?? [{ partition: 0, timeToDetectMs, timeToRecoverMs, timeToRedundancyMs, ...survived }] };
}
