// What the checkers found. Counts are complete; examples are capped and say so. No judgement here.
import type { NodeId } from './cluster.ts';
import type { Measure } from './contract.ts';
import type { MessageId } from './message.ts';
import type { Story } from './story.ts';

export type Cause = 'client' | 'broker' | 'consumer' | 'policy' | 'undecided';

export interface Example extends MessageId {
  readonly cause?: Cause;
  /** "acknowledged at 12.345 s (partition 0, offset 812), never delivered, not in the log". */
  readonly story: string;
  /** When its first attempt began; absent: it is not known that there was one. */
  readonly sentMs?: number;
  /** Where it was sent, or found; absent: not known. */
  readonly partition?: number;
}

export interface MeasureFact {
  readonly measure: Measure;
  readonly count: number;
  /** False: the count is a bound, not the truth. */
  readonly conclusive: boolean;
  /** Where it is not conclusive: the truth is this count or more. Absent: it may be anything. */
  readonly atLeast?: boolean;
  readonly reasons: readonly string[];
  /** At most `exampleLimit`, spread over all that were found. */
  readonly examples: readonly Example[];
}
export const exampleLimit = 20;
export const survivorLimit = 20;

/** Acknowledged (or handed over) = processed + dead-lettered + stuck + lost + unseen, disjoint, per id, in this order of precedence. */
export interface Accounting {
  readonly base: 'acknowledged' | 'handed over';
  readonly baseCount: number;
  readonly processed: number;
  /** Never processed, and found in a dead-letter target: put aside, not lost. */
  readonly deadLettered: number;
  readonly stuck: number;
  readonly lost: number;
  readonly unseen: number;
  readonly addsUp: boolean;
}

export interface Totals {
  readonly reserved: number;
  readonly attempted: number;
  readonly attempts: number;
  readonly acknowledged: number;
  readonly handedOver: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly deliveries: number;
  readonly deliveredIds: number;
  readonly processedIds: number;
  readonly settledIds: number;
  readonly storedRecords: number;
  readonly storedIds: number;
  readonly deadLetteredIds: number;
}

/** Messages whose fate a fault could change. */
export interface Exposure {
  readonly fault: string;
  /** `closed`: the ids of a closed publish that were acknowledged (or handed over). `in-flight`: outstanding at the strike, or accepted and not yet consumed. */
  readonly kind: 'closed' | 'in-flight';
  readonly count: number;
  readonly lost: number;
}

/** The comparison of the sets of lost ids and of exposed ids that were accepted, over all faults. */
export interface ExposedSet {
  readonly exposed: number;
  readonly lostAndExposed: number;
  readonly lostNotExposed: number;
  readonly exposedNotLost: number;
}

export interface FaultFact {
  readonly id: string;
  readonly fault: string;
  /** `client`: a worker process of ours was the target. */
  readonly strikes: 'node' | 'link' | 'client';
  /** Ids of the nodes, or names of the clients, that it struck. */
  readonly nodes: readonly NodeId[];
  readonly triggerMs: number | null;
  readonly beginMs: number;
  readonly struckMs: number | null;
  readonly healMs: number | null;
  readonly healedMs: number | null;
  /** Trigger to struck. */
  readonly delayMs: number | null;
  readonly proved: boolean;
  readonly proof: string;
  readonly led: boolean | null;
  readonly ledDetail: string;
  readonly leadershipMoved: boolean | null;
  readonly exposure: Exposure | null;
  /** Attempts that ended while it was on, or had waited for that when it was healed (counted coarsely there); null: it never struck. */
  readonly attemptsMet: number | null;
  /** First attempt after the strike that failed, was indeterminate or came late. */
  readonly timeToDetectMs: number | null;
  /** Strike to sustained success; 0: it took nothing away; null: never. */
  readonly timeToRecoverMs: number | null;
  /** Strike to full redundancy of every partition; 0: none lacked a replica; null: not seen, or a client was struck. */
  readonly timeToRedundancyMs: number | null;
  /** In the order of their numbers; a queue is partition 0. */
  readonly partitions: readonly PartitionAvailability[];
}

/** What one fault meant to one partition. Times are counted from the strike. */
export interface PartitionAvailability extends Survival {
  readonly partition: number;
  /** First attempt after the strike that is known to be the partition's and failed, was indeterminate or came late; null: none did before the next fault. */
  readonly timeToDetectMs: number | null;
  /** Strike to sustained success; 0: it took nothing away; null: never. */
  readonly timeToRecoverMs: number | null;
  /** Until every replica that it had before the first fault was in sync again, and stayed so until the next fault; 0: none was missing; null: not seen, or a client was struck. */
  readonly timeToRedundancyMs: number | null;
}

/** Whether the replicas that were left were as many as the policy needs. */
export interface Survival {
  /** False: beyond what the replication can survive. null: not known. */
  readonly survivable: boolean | null;
  /** "2 of 3 replicas left while kafka-1 was away, 2 needed (acks=all, min.insync.replicas=2)". */
  readonly because: string;
}

/** A time without sustained success. Survivable or not at its worst moment. */
export interface UnavailableWindow extends Survival {
  readonly partition: number;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** Counts per bin of `binMs`, aligned with the run's clock. */
export interface Series {
  readonly binMs: number;
  readonly acknowledged: readonly number[];
  readonly delivered: readonly number[];
  readonly failed: readonly number[];
  readonly indeterminate: readonly number[];
}

export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * Latencies by when the message was sent, in bins of `binMs` from `fromMs` on; null where nothing was sent that ended.
 * `before` ended before the first fault struck, `after` was sent when the last one was healed, `during` is everything between.
 */
export interface LatencyOverTime {
  readonly binMs: number;
  readonly fromMs: number;
  readonly count: readonly number[];
  readonly p50Ms: readonly (number | null)[];
  readonly p95Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
  readonly maxMs: readonly (number | null)[];
  /** Without a fault everything is before it. */
  readonly before: Latency | null;
  readonly during: Latency | null;
  readonly after: Latency | null;
}

/** What became of a message, worst first. `repeated`: processed, and stored or processed more than once. */
export const fates = ['lost', 'unseen', 'stuck', 'deadLettered', 'indeterminate', 'failed', 'repeated', 'processed'] as const;
export type Fate = (typeof fates)[number];

export interface FateCell {
  /** Index of its stretch of time. */
  readonly bin: number;
  /** How many of the messages that were first sent then had which fate; fates that none had are left out. */
  readonly counts: Readonly<Partial<Record<Fate, number>>>;
}

export interface FateRow {
  /** Several where there are too many to tell apart; empty: it is not known which. */
  readonly partitions: readonly number[];
  /** In the order of time; stretches in which nothing was sent are left out. */
  readonly cells: readonly FateCell[];
}

/** What became of messages, by when they were first sent and where to. Complete: the cells and `unsent` hold every message. */
export interface FateMap {
  readonly binMs: number;
  readonly fromMs: number;
  readonly bins: number;
  readonly rows: readonly FateRow[];
  /** Messages without an attempt on record: without a time they are in no cell. */
  readonly unsent: number;
}

/** Who led a partition and who was in sync, from a moment on until its next state. */
export interface ReplicaState {
  readonly timeMs: number;
  readonly partition: number;
  readonly leader: NodeId | null;
  /** null: nobody said. */
  readonly inSync: readonly NodeId[] | null;
}

export interface LeaderChange {
  readonly timeMs: number;
  readonly partition: number;
  readonly from: NodeId | null;
  readonly to: NodeId | null;
}

export interface ErrorCount {
  readonly worker: string;
  readonly name: string;
  readonly message: string;
  readonly count: number;
}

export interface Facts {
  readonly storeKind: 'log' | 'queue';
  readonly totals: Totals;
  readonly accounting: Accounting;
  readonly measures: readonly MeasureFact[];
  /** Over the lost. */
  readonly attribution: Readonly<Record<Cause, number>>;
  readonly exposedSet: ExposedSet;
  /** Accepted messages that a fault exposed and that were not lost; absent: the record is older than these. */
  readonly survivors?: {
    readonly count: number;
    /** At most `survivorLimit`, spread over all of them. */
    readonly examples: readonly Example[];
  };
  /** Of every example and of the survivors among them, by `producer:sequence`; absent: the record is older than these. */
  readonly stories?: Readonly<Record<string, Story>>;
  /** When the lost messages were acknowledged (or handed over); absent where nothing was lost. */
  readonly lostBetweenMs?: { readonly from: number; readonly to: number };
  readonly faults: readonly FaultFact[];
  readonly unavailable: readonly UnavailableWindow[];
  readonly leaderChanges: readonly LeaderChange[];
  readonly series: Series;
  /** From a message's first attempt to its first acknowledgement: what an application waited, outages included. */
  readonly acknowledgeLatency: Latency | null;
  /** null: nothing was acknowledged. */
  readonly acknowledgeOverTime: LatencyOverTime | null;
  /** From a message's first attempt to its first delivery; null: nothing that was sent was delivered. */
  readonly endToEndOverTime: LatencyOverTime | null;
  readonly fateMap: FateMap;
  /** In the order of time; what did not change is not told again. */
  readonly replicas: readonly ReplicaState[];
  readonly errors: readonly ErrorCount[];
  /** Facts that gates ask about. */
  readonly conditions: {
    readonly steadyOk: boolean;
    /** Every planned step was played to its end. */
    readonly stepsComplete: boolean;
    readonly stepsDetail: string;
    readonly acknowledgedBeforeFault: number;
    readonly acknowledgedAfterHeal: number;
    readonly healComplete: boolean;
    readonly drainComplete: boolean;
    readonly drainDetail: string;
    readonly auditComplete: boolean;
    readonly auditDetail: string;
    readonly historyWhole: boolean;
    readonly historyDetail: string;
    readonly deadWorkers: readonly string[];
  };
}
