// What users may write about a queue, its publishers and its consumers: every field with its default and its meaning. Pure.
import { z } from 'zod';

const argument = z.union([z.string(), z.number(), z.boolean()]);
const home = z.union([z.enum(['first', 'last']), z.string().regex(/^rabbitmq-[1-9]\d*$/, 'first, last or a node such as rabbitmq-2')]);

export const destinationSchema = z.strictObject({
  type: z.enum(['quorum', 'classic', 'stream']).default('quorum').describe('queue type; a stream is a log, read over AMQP 0-9-1 from its first offset'),
  durable: z.boolean().default(true).describe('false: the queue goes with its node; classic only'),
  home: home.default('first').describe('node that it is declared on: where a classic queue lives, and the first leader of a quorum queue or stream'),
  members: z.int().min(1).max(9).nullable().default(null).describe('replicas of a quorum queue or stream; null: one on every node'),
  mirrors: z.union([z.literal('all'), z.int().min(2).max(9)]).nullable().default(null).describe('classic, 3.x only: nodes with a copy, the leader among them; null: not mirrored'),
  promoteOnFailure: z.enum(['always', 'when-synced']).default('always').describe('of mirrors: whether one that lacks messages may lead when the leader dies (ha-promote-on-failure)'),
  promoteOnShutdown: z.enum(['always', 'when-synced']).default('when-synced').describe('of mirrors: the same when the leader is stopped (ha-promote-on-shutdown)'),
  synchronise: z.enum(['manual', 'automatic']).default('manual').describe('of mirrors: whether a new one gets what is already in the queue (ha-sync-mode)'),
  deliveryLimit: z.int().min(-1).nullable().default(null).describe('of a quorum queue: how often a message may come back before it is dropped or dead-lettered; -1: no limit; null: the broker\'s own, 20 since 4.0, none before'),
  messageTtlMs: z.int().min(0).nullable().default(null).describe('messages older than this expire; null: never'),
  maxLength: z.int().min(1).nullable().default(null).describe('most messages that the queue holds ready; null: no limit'),
  overflow: z.enum(['drop-head', 'reject-publish', 'reject-publish-dlx']).default('drop-head').describe('what a full queue does: drop its oldest, or refuse the newest'),
  deadLetter: z.strictObject({
    strategy: z.enum(['at-most-once', 'at-least-once']).default('at-most-once').describe('at-least-once: quorum queues with overflow reject-publish'),
    target: z.enum(['quorum', 'classic']).default('quorum').describe('what takes them: a quorum queue on every node, or a classic queue on the last node alone, which can then be down'),
  }).nullable().default(null).describe('exchange and target queue for what is rejected, expired or dropped are made and audited; null: it is gone'),
  singleActiveConsumer: z.boolean().default(false).describe('one consumer at a time gets messages, the others stand by'),
  arguments: z.record(z.string(), argument).default({}).describe('further queue arguments, passed as they are'),
});

const connectTo = z.enum(['home', 'other', 'any']);
const connectToWords = 'which node first: the leader or home, any other, or one by turns; then the rest. Over the stream protocol it only says where the leader is, to which a publisher must go';
const heartbeatSeconds = z.int().min(1).max(60).default(2).describe('a silent connection is given up after two to three of these');

export const producerSchema = z.strictObject({
  confirms: z.boolean().default(true).describe('publisher confirms; without them a publish is only handed over'),
  transaction: z.enum(['none', 'tx']).default('none').describe('tx: AMQP transactions instead of confirms, one a publish; classic queues, driver rabbitmq-client'),
  persistent: z.boolean().default(true).describe('delivery mode 2; quorum queues and streams store every message, whatever it says'),
  mandatory: z.boolean().default(false).describe('unroutable messages come back before they are confirmed, instead of vanishing'),
  deduplicate: z.boolean().default(false).describe('the publisher has a name and its messages have publishing ids, by which a stream drops what comes twice; driver rabbitmq-stream-js-client'),
  connectTo: connectTo.default('other').describe(connectToWords),
  heartbeatSeconds,
  confirmTimeoutMs: z.int().min(100).default(15_000).describe('how long one publish waits for its confirm, or for a connection; no library here has a deadline of its own'),
});

export const consumerSchema = z.strictObject({ connectTo: connectTo.default('any').describe(connectToWords), heartbeatSeconds });

export type RabbitmqDestination = z.infer<typeof destinationSchema>;
export type RabbitmqProducerPolicy = z.infer<typeof producerSchema>;
export type RabbitmqConsumerPolicy = z.infer<typeof consumerSchema>;

/** Settings that were validated when the scenario was loaded, with their types back. */
export const parseDestination = (settings: unknown): RabbitmqDestination => destinationSchema.parse(settings);
export const parseProducerPolicy = (policy: unknown): RabbitmqProducerPolicy => producerSchema.parse(policy);
export const parseConsumerPolicy = (policy: unknown): RabbitmqConsumerPolicy => consumerSchema.parse(policy);
