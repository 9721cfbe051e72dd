// What the checkers found. Counts are complete; examples are capped.
import { z } from 'zod';
import { fates, type Accounting, type ErrorCount, type Example, type ExposedSet, type Exposure, type Facts, type FateCell, type FateMap, type FateRow, type FaultFact, type Latency, type LatencyOverTime, type LeaderChange, type MeasureFact, type PartitionAvailability, type ReplicaState, type Series, type Survival, type Totals, type UnavailableWindow } from '../../../harness/model/facts.ts';
import type { Story, StoryChapter } from '../../../harness/model/story.ts';
import { durationMs, flag, list, milliseconds, tally, text, type Shape } from './parts.ts';
import { measureName } from './scenario.ts';

const causes = ['client', 'broker', 'consumer', 'policy', 'undecided'] as const;

const example = z.object({ producer: tally, sequence: tally, cause: z.enum(causes).optional(), story: text, sentMs: milliseconds.optional().describe('when its first attempt began'), partition: tally.optional() } satisfies Shape<Example>);

const chapter = z.object({ timeMs: milliseconds, of: z.enum(['message', 'fault', 'leader', 'worker']).describe('message: it happened to the message itself'), words: text, leader: text.nullable().describe('of the message’s partition at that moment; null: not known') } satisfies Shape<StoryChapter>);
const story = z.object({
  exposed: text.nullable(), chapters: list(chapter).describe('in the order of time'), neighbours: list(z.object({ producer: tally, sequence: tally, summary: text })).describe('of the same producer and partition'),
  leftOut: tally.optional().describe('chapters that are not told'),
} satisfies Shape<Story>).meta({ id: 'Story' });

const measure = z.object({
  measure: measureName, count: z.number(), conclusive: flag.describe('false: the count is a bound or a guess, not the truth'), atLeast: flag.optional().describe('where not conclusive: the truth is this count or more'),
  reasons: list(text).describe('why it is not conclusive'), examples: list(example),
} satisfies Shape<MeasureFact>);

const accounting = z.object({
  base: z.enum(['acknowledged', 'handed over']), baseCount: tally, processed: tally, deadLettered: tally, stuck: tally, lost: tally, unseen: tally, addsUp: flag,
} satisfies Shape<Accounting>).describe('baseCount = processed + deadLettered + stuck + lost + unseen, disjoint, per message');

const totals = z.object({
  reserved: tally, attempted: tally, attempts: tally, acknowledged: tally, handedOver: tally, failed: tally, indeterminate: tally, deliveries: tally, deliveredIds: tally, processedIds: tally, settledIds: tally,
  storedRecords: tally, storedIds: tally, deadLetteredIds: tally,
} satisfies Shape<Totals>);

const exposure = z.object({ fault: text, kind: z.enum(['closed', 'in-flight']), count: tally, lost: tally } satisfies Shape<Exposure>);
const exposedSet = z.object({ exposed: tally, lostAndExposed: tally, lostNotExposed: tally, exposedNotLost: tally } satisfies Shape<ExposedSet>);

const optionalMs = durationMs.nullable();
const survival = {
  survivable: flag.nullable().describe('at its worst moment; false: beyond what the replication can survive, null: not known'), because: text.describe('which replicas were left, and how many the policy needs'),
} satisfies Shape<Survival>;

const partition = z.object({
  partition: tally, timeToDetectMs: optionalMs.describe('strike to the first attempt that is known to be the partition’s and failed, stayed unknown or came late'),
  timeToRecoverMs: optionalMs.describe('strike to sustained success; 0: it took nothing away, null: never'), timeToRedundancyMs: optionalMs.describe('strike until every replica was in sync again and stayed so; 0: none was missing, null: not seen'), ...survival,
} satisfies Shape<PartitionAvailability>).meta({ id: 'PartitionAvailability' });

const fault = z.object({
  id: text, fault: text, strikes: z.enum(['node', 'link', 'client']), nodes: list(text).describe('nodes, or names of client processes'),
  triggerMs: milliseconds.nullable(), beginMs: milliseconds, struckMs: milliseconds.nullable(), healMs: milliseconds.nullable(), healedMs: milliseconds.nullable(), delayMs: optionalMs.describe('trigger to strike'),
  proved: flag, proof: text, led: flag.nullable(), ledDetail: text, leadershipMoved: flag.nullable(), exposure: exposure.nullable(),
  attemptsMet: tally.nullable().describe('attempts that ended while it was on, or that had waited for that; null: it never struck'), timeToDetectMs: optionalMs,
  timeToRecoverMs: optionalMs.describe('strike to sustained success; 0: it took nothing away, null: never'), timeToRedundancyMs: optionalMs.describe('strike to full redundancy of every partition; 0: none lacked a replica, null: not seen'),
  partitions: list(partition),
} satisfies Shape<FaultFact>).meta({ id: 'Fault' });

const series = z.object({ binMs: z.number().positive(), acknowledged: list(z.number()), delivered: list(z.number()), failed: list(z.number()), indeterminate: list(z.number()) } satisfies Shape<Series>).describe('counts per bin, aligned with the run’s clock');

const latency = z.object({ count: tally, p50Ms: durationMs, p95Ms: durationMs, p99Ms: durationMs, maxMs: durationMs } satisfies Shape<Latency>).nullable();

const perBin = list(durationMs.nullable());
const latencyOverTime = z.object({
  binMs: z.number().positive(), fromMs: milliseconds.describe('when the first bin begins'), count: list(tally), p50Ms: perBin, p95Ms: perBin, p99Ms: perBin, maxMs: perBin,
  before: latency.describe('ended before the first fault struck'), during: latency, after: latency.describe('sent when the last fault was healed'),
} satisfies Shape<LatencyOverTime>).meta({ id: 'LatencyOverTime', description: 'by when messages were sent; null where nothing was sent that ended' }).nullable();

const fateCounts = z.partialRecord(z.enum(fates), tally);
const fateMap = z.object({
  binMs: z.number().positive(), fromMs: milliseconds, bins: tally, unsent: tally.describe('messages without an attempt on record'),
  rows: list(z.object({ partitions: list(tally).describe('empty: not known'), cells: list(z.object({ bin: tally, counts: fateCounts } satisfies Shape<FateCell>)) } satisfies Shape<FateRow>)),
} satisfies Shape<FateMap>).describe('what became of messages, by when they were first sent and to which partition');

const replicaState = z.object({ timeMs: milliseconds, partition: tally, leader: text.nullable(), inSync: list(text).nullable() } satisfies Shape<ReplicaState>);

const conditions = z.object({
  steadyOk: flag, stepsComplete: flag, stepsDetail: text, acknowledgedBeforeFault: tally, acknowledgedAfterHeal: tally, healComplete: flag, drainComplete: flag, drainDetail: text, auditComplete: flag, auditDetail: text,
  historyWhole: flag, historyDetail: text, deadWorkers: list(text),
} satisfies Shape<Facts['conditions']>);

export const facts = z.object({
  storeKind: z.enum(['log', 'queue']), totals, accounting, measures: list(measure), attribution: z.object({ client: tally, broker: tally, consumer: tally, policy: tally, undecided: tally } satisfies Shape<Facts['attribution']>).describe('over the lost'),
  exposedSet, survivors: z.object({ count: tally, examples: list(example) }).optional().describe('accepted messages that a fault exposed and that were not lost, some of them as examples'),
  stories: z.record(z.string(), story).optional().describe('of every example, by producer:sequence'), lostBetweenMs: z.object({ from: milliseconds, to: milliseconds }).optional(), faults: list(fault),
  unavailable: list(z.object({ partition: tally, fromMs: milliseconds, toMs: milliseconds.nullable(), ...survival } satisfies Shape<UnavailableWindow>)),
  leaderChanges: list(z.object({ timeMs: milliseconds, partition: tally, from: text.nullable(), to: text.nullable() } satisfies Shape<LeaderChange>)), series,
  acknowledgeLatency: latency, acknowledgeOverTime: latencyOverTime, endToEndOverTime: latencyOverTime, fateMap, replicas: list(replicaState),
  errors: list(z.object({ worker: text, name: text, message: text, count: tally } satisfies Shape<ErrorCount>)), conditions,
} satisfies Shape<Facts>).meta({ id: 'Facts' });
