// The protocol between a worker and a user's own client: one JSON object a line, in both directions.
// The single source: lines are checked against these schemas, and docs/bring-your-own-client.md is tested against them.
import { z } from 'zod';
import { noOffset, noPartition } from '../../model/event.ts';

export const protocolVersion = 1;
/** Of one line, in both directions; split what is longer into several lines. */
export const maxLineBytes = 16 * 1024 * 1024;

const count = z.int().min(0);
const partition = z.int().min(0).max(noPartition - 1);
const port = z.int().min(0).max(65_535);
const offset = z.int().min(0).max(noOffset - 1);
const settings = z.record(z.string(), z.unknown());
/** Positions in the batch, from 0. */
const positions = z.array(count);

const helloShape = {
  type: z.literal('hello'),
  protocol: z.literal(protocolVersion),
  index: count,
  broker: z.string(),
  store: z.enum(['log', 'queue']),
  endpoints: z.array(z.strictObject({ node: z.string(), host: z.string(), port, streamPort: port.optional() })).min(1),
  leader: z.string().nullable(),
  destination: z.strictObject({ name: z.string(), partitions: z.int().min(1), group: z.string().nullable(), settings }),
  policy: settings,
  options: settings,
};

const producerHello = z.strictObject({
  ...helloShape,
  role: z.literal('producer'),
  acknowledged: z.boolean(),
  inFlight: z.int().min(1),
  batch: z.int().min(1),
  routing: z.enum(['explicit', 'multi-partition', 'keyed', 'keyless']),
});

const consumerHello = z.strictObject({
  ...helloShape,
  role: z.literal('consumer'),
  settle: z.enum(['after-processing', 'before-processing', 'automatic']),
  prefetch: count,
});

const publish = z.strictObject({
  type: z.literal('publish'),
  id: count,
  messages: z.array(z.strictObject({ payload: z.base64(), partition: partition.nullable(), key: z.string().nullable() })).min(1),
});

const flush = z.strictObject({ type: z.literal('flush'), id: count });

const batchSteps = ['delivered', 'processed', 'settled', 'rejected'] as const;
export type BatchStep = (typeof batchSteps)[number];

const recorded = z.strictObject({
  type: z.literal('recorded'),
  of: z.enum(batchSteps),
  batch: count,
  messages: positions,
  refuse: positions.optional(),
  requeue: z.boolean().optional(),
});

const close = z.strictObject({ type: z.literal('close') });

/** What a worker says to the program. */
export const toProgram = z.discriminatedUnion('type', [z.discriminatedUnion('role', [producerHello, consumerHello]), publish, flush, recorded, close]);
export type ToProgram = z.infer<typeof toProgram>;

const ready = z.strictObject({ type: z.literal('ready'), protocol: z.int(), client: z.string().min(1) });
const error = z.strictObject({ type: z.literal('error'), message: z.string() });
const note = z.strictObject({ type: z.literal('note'), message: z.string() });

export const outcomeLine = z.strictObject({
  outcome: z.enum(['ok', 'fail', 'info']),
  returned: z.boolean().optional(),
  partition: partition.optional(),
  offset: offset.optional(),
  error: z.strictObject({ name: z.string().min(1), message: z.string() }).optional(),
});

const published = z.strictObject({ type: z.literal('published'), id: count, outcomes: z.array(outcomeLine).min(1) });
const flushed = z.strictObject({ type: z.literal('flushed'), id: count, error: z.string().optional() });

const delivered = z.strictObject({
  type: z.literal('delivered'),
  batch: count,
  messages: z.array(z.strictObject({
    payload: z.base64(),
    partition: partition.default(0),
    offset: offset.nullable().default(null),
    redelivered: z.boolean().default(false),
  })).min(1),
});

const processed = z.strictObject({ type: z.literal('processed'), batch: count, messages: positions.optional() });
const settled = z.strictObject({ type: z.literal('settled'), batch: count, messages: positions.optional() });
const rejected = z.strictObject({ type: z.literal('rejected'), batch: count, messages: positions.optional(), requeue: z.boolean() });
const assigned = z.strictObject({ type: z.literal('assigned'), partition, offset: offset.nullable().default(null) });
const revoked = z.strictObject({ type: z.literal('revoked'), partition });
const alive = z.strictObject({ type: z.literal('alive'), alive: z.boolean() });

/** What the program says to its worker. */
export const fromProgram = z.discriminatedUnion('type', [ready, error, note, published, flushed, delivered, processed, settled, rejected, assigned, revoked, alive]);
export type FromProgram = z.infer<typeof fromProgram>;
export type LineOf<Type extends FromProgram['type']> = Extract<FromProgram, { readonly type: Type }>;
export type OutcomeLine = z.infer<typeof outcomeLine>;

/** Lines that only one role says; any other line of a program of that role breaks the protocol. */
export const linesOfRole = {
  producer: ['published', 'flushed'],
  consumer: ['delivered', 'processed', 'settled', 'rejected', 'assigned', 'revoked', 'alive'],
} as const satisfies Record<'producer' | 'consumer', readonly FromProgram['type'][]>;
