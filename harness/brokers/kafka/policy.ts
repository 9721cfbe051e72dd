// What a scenario may say about a Kafka topic, producer and consumer. Pure: the schemas fill in every default, because
// a client's own defaults are part of what is being tested and must be visible.
import { z } from 'zod';

const milliseconds = z.int().min(1).max(600_000);
const copies = z.int().min(1).max(32);
const settingText = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export const destinationSchema = z.strictObject({
  replicationFactor: copies.default(3).describe('copies of each partition; at most the number of nodes'),
  minInsyncReplicas: copies.default(2).describe('copies that must be in sync for acks=all to be answered'),
  config: z.record(z.string().min(1), settingText).default({}).describe('further topic settings as Kafka spells them, such as flush.messages'),
});
export type KafkaDestination = z.infer<typeof destinationSchema>;

/** Java's `delivery.timeout.ms` gives an idempotent producer two minutes; about that many retries of a second each. */
const idempotentRetries = 120;
/** Enough for a leader that is the controller too: then the quorum elects first, and the leader moves after 4.4 to 5.8 s (measured). */
const plainRetries = 20;

export const producerPolicySchema = z
  .strictObject({
    acks: z.union([z.literal('all'), z.literal(1), z.literal(0)]).default('all').describe('who has the record before it is acknowledged: all in-sync replicas, the leader (1), nobody (0)'),
    idempotent: z.boolean().default(false).describe("the broker drops the library's own repetitions"),
    retries: z.int().min(0).optional().describe(`how often the library tries again; default ${plainRetries}, with idempotent ${idempotentRetries}`),
    requestTimeoutMs: milliseconds.default(3000).describe('the library gives up on one request after this'),
    retryInitialMs: milliseconds.default(100).describe('first pause between tries, doubled each time'),
    retryMaxMs: milliseconds.default(1000).describe('longest pause between tries'),
  })
  // kafkajs reuses the sequence numbers of a send that it gave up, and the broker then drops the next one as a repetition.
  .transform((policy) => ({ ...policy, retries: policy.retries ?? (policy.idempotent ? idempotentRetries : plainRetries) }));
export type KafkaProducerPolicy = z.infer<typeof producerPolicySchema>;

export const consumerPolicySchema = z.strictObject({
  sessionTimeoutMs: milliseconds.default(6000).describe("the group gives a silent member's partitions away after this"),
  heartbeatIntervalMs: milliseconds.default(500).describe('time between heartbeats'),
  fromBeginning: z.boolean().default(true).describe('a group without a committed offset starts at the beginning (true) or at the end'),
  requestTimeoutMs: milliseconds.default(3000).describe('the library gives up on one request after this'),
  maxWaitMs: milliseconds.default(200).describe('how long a fetch waits for data'),
});
export type KafkaConsumerPolicy = z.infer<typeof consumerPolicySchema>;
