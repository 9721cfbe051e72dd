// The scenario as it was played: every default filled in.
import { z } from 'zod';
import type { Configured } from '../../../harness/model/configuration.ts';
import { measures } from '../../../harness/model/contract.ts';
import { equipments, faultNames, type Bounds, type ClusterSpec, type ConsumerSpec, type DestinationSpec, type ProducerSpec, type ProgramSpec, type Scenario, type Trigger, type VersionCondition } from '../../../harness/model/scenario.ts';
import { anything, durationMs, flag, list, tally, text, words, type Shape } from './parts.ts';

export const brokerName = z.enum(['memory', 'kafka', 'rabbitmq']);
export const measureName = z.enum(measures).meta({ id: 'Measure' });

export const clause = z.union([
  z.enum(['forbidden', 'allowed', 'required']), z.object({ max: z.number() }), z.object({ min: z.number() }),
  z.object({ equals: z.union([z.literal('exposed'), z.number()]) }).describe('exposed: the set of lost ids equals the set of exposed ids, and is not empty'),
]);

export const configured = z.object({
  scope: text.describe('broker, topic, queue, producer, consumer, workload'), key: text, value: text.describe('secrets are redacted'), source: z.enum(['default', 'scenario', 'file', 'flag', 'harness']),
  overridden: text.optional().describe('what the user asked for, where the harness had to override it'),
} satisfies Shape<Configured>);

const trigger = z.object({
  acknowledged: tally.optional(), handedOver: tally.optional(), delivered: tally.optional(), processed: tally.optional(), attempted: tally.optional(), elapsedMs: durationMs.optional(), inSyncAtMost: tally.optional(),
  since: z.object({ fault: text, edge: z.enum(['begin', 'end']) }).optional(),
} satisfies Shape<Trigger>).meta({ id: 'Trigger', description: 'whichever comes first, counted from when waiting begins' });

const cluster = z.object({
  broker: brokerName, version: text.describe('as the scenario names it, such as 4.1'), nodes: tally, properties: words, file: z.object({ path: text, text }).nullable(), defects: z.record(z.string(), z.union([z.number(), z.boolean()])),
  equipment: list(z.enum(equipments)).optional(),
} satisfies Shape<ClusterSpec>);

const program = z.object({ command: list(text), folder: text, environment: words } satisfies Shape<ProgramSpec>).nullable();

const producer = z.object({
  driver: text, program, count: tally, inFlight: tally, batch: tally, routing: z.enum(['explicit', 'multi-partition', 'keyed', 'keyless']), keys: tally,
  ratePerSecond: z.number().nullable().describe('over all producers; null: flat out'), resend: z.enum(['never', 'unknown']), policy: anything, options: anything,
} satisfies Shape<ProducerSpec>);

const consumer = z.object({
  driver: text, program, count: tally, start: z.enum(['steady', 'drain']), settle: z.enum(['after-processing', 'before-processing', 'automatic']), prefetch: tally, handlerMs: durationMs,
  refuse: z.object({ every: tally, requeue: flag }).nullable(), policy: anything, options: anything,
} satisfies Shape<ConsumerSpec>);

const nodeTarget = z.union([
  z.object({ role: z.enum(['leader', 'follower', 'replicas']), partition: tally }), z.object({ role: z.enum(['controller', 'coordinator', 'random', 'minority', 'majority', 'all']) }), z.object({ role: z.literal('node'), node: text }),
]);
const target = z.union([
  nodeTarget, z.object({ role: z.literal('together'), targets: list(nodeTarget) }),
  z.object({ role: z.literal('client'), client: z.enum(['producer', 'consumer']), index: tally, between: z.enum(['processing-and-settling', 'settling-and-processing']).nullable() }),
]);

const step = z.union([
  z.object({ kind: z.literal('wait'), trigger }), z.object({ kind: z.enum(['quiesce', 'resume', 'consume']) }), z.object({ kind: z.literal('publish'), count: tally, withinMs: durationMs }),
  z.object({ kind: z.literal('inject'), fault: z.enum(faultNames), id: text, target, parameters: z.record(z.string(), z.number()) }), z.object({ kind: z.literal('heal'), id: text }), z.object({ kind: z.literal('redundant'), withinMs: durationMs }),
]);

const bounds = z.object({
  provisionMs: durationMs, steadyMs: durationMs, stepMs: durationMs, healMs: durationMs, recoverMs: durationMs, drainMs: durationMs, auditMs: durationMs, teardownMs: durationMs,
} satisfies Shape<Bounds>);

const condition = z.object({ versions: list(text), because: text, measures: list(measureName).optional() } satisfies Shape<VersionCondition>);

export const scenario = z.object({
  name: text.describe('path-like and stable: kafka/acks-all/leader-kill'), title: text, tags: list(text), twin: text.nullable().describe('the scenario with the same steps that differs in one policy field'),
  cluster, destination: z.object({ partitions: tally, settings: anything } satisfies Shape<DestinationSpec>), producer, consumer, payloadBytes: tally, steady: trigger, steps: list(step),
  contract: z.partialRecord(measureName, clause), predicted: z.partialRecord(measureName, text).optional().describe('what was expected to be measured, in words; judged by nobody'), bounds, only: condition.nullable().describe('versions of the broker that have this policy at all; null: all'),
  conditions: list(condition).describe('conditions on the version that changed the contract'), sources: list(text), configuration: list(configured),
} satisfies Shape<Scenario>).meta({ id: 'Scenario' });
