// What a scenario may say about a Kafka topic, producer and consumer. Pure: the schemas fill in every default, because
// a client's own defaults are part of what is being tested and must be visible.
import { z } from 'zod';

const milliseconds = z.int().min(1).max(600_000);
const copies = z.int().min(1).max(32);
const settingText = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** null is not sent: the broker's own default holds. -1 is Kafka's word for "no limit". */
const limit = z.int().min(-1).nullable().default(null);
const optionalCount = z.int().min(1).nullable().default(null);

export const destinationSchema = z.strictObject({
  replicationFactor: copies.default(3).describe('copies of each partition; at most the number of nodes'),
  minInsyncReplicas: copies.default(2).describe('copies that must be in sync for acks=all to be answered'),
  uncleanLeaderElection: z.boolean().default(false).describe('a replica that is not in sync may become leader when no other is left: what it lacks is lost'),
  flushMessages: optionalCount.describe("records after which the log is forced to disk; null: the broker's default, which leaves it to the operating system"),
  retentionMs: limit.describe("records older than this may be deleted, -1: never; null: the broker's default, seven days"),
  retentionBytes: limit.describe("a partition's oldest segments beyond this size may be deleted, -1: never; null: the broker's default, -1"),
  segmentBytes: optionalCount.describe("size at which a log segment is closed, and only closed ones are deleted or compacted; at least 1 MiB since Kafka 4.0; null: the broker's default, 1 GiB"),
  segmentMs: optionalCount.describe("age at which a log segment is closed; null: the broker's default, seven days"),
  cleanupPolicy: z.enum(['delete', 'compact']).nullable().default(null).describe("compact keeps only the last record of each key; null: the broker's default, delete"),
  config: z.record(z.string().min(1), settingText).default({}).describe('further topic settings as Kafka spells them, such as max.message.bytes'),
});
export type KafkaDestination = z.infer<typeof destinationSchema>;

/** Kafka's names of the settings that have a field of their own. */
export const topicSettingNames = {
  minInsyncReplicas: 'min.insync.replicas',
  uncleanLeaderElection: 'unclean.leader.election.enable',
  flushMessages: 'flush.messages',
  retentionMs: 'retention.ms',
  retentionBytes: 'retention.bytes',
  segmentBytes: 'segment.bytes',
  segmentMs: 'segment.ms',
  cleanupPolicy: 'cleanup.policy',
} as const satisfies Partial<Record<keyof KafkaDestination, string>>;

/** What a topic is created with, as Kafka spells it. */
export function topicConfig(destination: KafkaDestination): Readonly<Record<string, string>> {
  const named = Object.entries(topicSettingNames).flatMap(([field, name]) => {
    const value = destination[field as keyof typeof topicSettingNames];
    return value === null ? [] : [[name, String(value)] as const];
  });
  return { ...Object.fromEntries(named), ...destination.config };
}

/** Java's `delivery.timeout.ms` gives an idempotent producer two minutes; about that many retries of a second each. */
const idempotentRetries = 120;
/** Enough for a leader that is the controller too: then the quorum elects first, and the leader moves after 4.4 to 5.8 s (measured). */
const plainRetries = 20;

export const producerPolicySchema = z
  .strictObject({
    acks: z.union([z.literal('all'), z.literal(1), z.literal(0)]).default('all').describe('who has the record before it is acknowledged: all in-sync replicas, the leader (1), nobody (0)'),
    idempotent: z.boolean().default(false).describe("the broker drops the library's own repetitions"),
    transaction: z.literal('none').default('none').describe('transactions are to come; today none is all there is'),
    retries: z.int().min(0).optional().describe(`how often the library tries again; default ${plainRetries}, with idempotent ${idempotentRetries}`),
    requestTimeoutMs: milliseconds.default(3000).describe('the library gives up on one request after this'),
    retryInitialMs: milliseconds.default(100).describe('first pause between tries, doubled each time'),
    retryMaxMs: milliseconds.default(1000).describe('longest pause between tries'),
  })
  // kafkajs reuses the sequence numbers of a send that it gave up, and the broker then drops the next one as a repetition.
  .transform((policy) => ({ ...policy, retries: policy.retries ?? (policy.idempotent ? idempotentRetries : plainRetries) }));
export type KafkaProducerPolicy = z.infer<typeof producerPolicySchema>;

export const consumerPolicySchema = z.strictObject({
  autoCommitIntervalMs: milliseconds.default(1000).describe('with settle automatic: time between commits; kafkajs also commits after each fetched batch'),
  autoOffsetReset: z.enum(['earliest', 'latest']).default('earliest').describe('where a group without a committed offset starts; latest skips what is there already'),
  sessionTimeoutMs: milliseconds.default(6000).describe("the group gives a silent member's partitions away after this"),
  heartbeatIntervalMs: milliseconds.default(500).describe('time between heartbeats'),
  rebalanceTimeoutMs: milliseconds.default(10_000).describe('how long a rebalance waits for a member to join again'),
  requestTimeoutMs: milliseconds.default(3000).describe('the library gives up on one request after this'),
  maxWaitMs: milliseconds.default(200).describe('how long a fetch waits for data'),
});
export type KafkaConsumerPolicy = z.infer<typeof consumerPolicySchema>;
