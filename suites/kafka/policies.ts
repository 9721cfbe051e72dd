// The rows of the Kafka matrix: delivery policies as users run them, each a few fields of the vocabulary.
import type { KafkaScenarioInput } from './faults.ts';

export interface KafkaPolicy {
  /** Middle part of the scenario's name. */
  readonly name: string;
  /** Begins the scenario's title. */
  readonly title: string;
  /** Of the cluster: only what Kafka offers for a whole cluster and nothing smaller. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  readonly only?: KafkaScenarioInput['only'];
  readonly destination?: KafkaScenarioInput['destination'];
  readonly producer?: KafkaScenarioInput['producer'];
  readonly consumer?: KafkaScenarioInput['consumer'];
  /** What the vendor says about it. */
  readonly sources: readonly string[];
}

const acks = 'https://kafka.apache.org/documentation/#producerconfigs_acks';
const minInsync = 'https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas';
const unclean = 'https://kafka.apache.org/documentation/#topicconfigs_unclean.leader.election.enable';
const semantics = 'https://kafka.apache.org/documentation/#semantics';

export const acks0: KafkaPolicy = { name: 'acks-0', title: 'acks=0', producer: { acks: 0, idempotent: false }, sources: [acks] };
export const acks1: KafkaPolicy = { name: 'acks-1', title: 'acks=1', producer: { acks: 1, idempotent: false }, sources: [acks] };
export const acksAll: KafkaPolicy = { name: 'acks-all', title: 'acks=all, min.insync.replicas=2', producer: { acks: 'all', idempotent: false }, sources: [acks, minInsync] };

/** Forced to disk before it is acknowledged. */
export const acksAllFlushed: KafkaPolicy = {
  name: 'acks-all-flushed',
  title: 'acks=all, min.insync.replicas=2, flush.messages=1',
  destination: { flushMessages: 1 },
  producer: { acks: 'all', idempotent: false },
  sources: [acks, 'https://kafka.apache.org/documentation/#topicconfigs_flush.messages'],
};

export const idempotent: KafkaPolicy = {
  name: 'idempotent',
  title: 'Idempotent producer, acks=all',
  producer: { acks: 'all', idempotent: true },
  sources: [
    'https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging',
  ],
};

/** "All" may be the leader alone. */
export const acksAllMin1: KafkaPolicy = {
  name: 'acks-all-min-1',
  title: 'acks=all, min.insync.replicas=1',
  destination: { minInsyncReplicas: 1, uncleanLeaderElection: false },
  producer: { acks: 'all', idempotent: false },
  sources: [acks, minInsync],
};

export const acksAllMin1Unclean: KafkaPolicy = {
  name: 'acks-all-min-1-unclean',
  title: 'acks=all, min.insync.replicas=1, unclean leader election',
  destination: { minInsyncReplicas: 1, uncleanLeaderElection: true },
  producer: { acks: 'all', idempotent: false },
  sources: [acks, minInsync, unclean],
};

/** The same election, and a minimum that refuses what only one replica has. */
export const acksAllMin2Unclean: KafkaPolicy = {
  name: 'acks-all-min-2-unclean',
  title: 'acks=all, min.insync.replicas=2, unclean leader election',
  destination: { minInsyncReplicas: 2, uncleanLeaderElection: true },
  producer: { acks: 'all', idempotent: false },
  sources: [acks, minInsync, unclean],
};

const eligible = {
  destination: { minInsyncReplicas: 2 },
  producer: { acks: 'all', idempotent: false },
  only: { versions: ['4.0', '4.1', '4.2', '4.3'], because: 'Kafka has eligible leader replicas since 4.0 (KIP-966)' },
  sources: [acks, minInsync, 'https://kafka.apache.org/41/operations/eligible-leader-replicas/', 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-966%3A+Eligible+Leader+Replicas'],
} as const satisfies Partial<KafkaPolicy>;

/** Replicas that left the in-sync set when it was at its minimum still hold everything acknowledged, and may lead. */
export const eligibleReplicas: KafkaPolicy = {
  ...eligible,
  name: 'eligible-replicas',
  title: 'acks=all, min.insync.replicas=2, eligible leader replicas',
  properties: { 'eligible.leader.replicas.version': 1 },
};

/** Whoever was in sync last leads again, with whatever it still has: the default up to 4.0. */
export const noEligibleReplicas: KafkaPolicy = {
  ...eligible,
  name: 'no-eligible-replicas',
  title: 'acks=all, min.insync.replicas=2, no eligible leader replicas',
  properties: { 'eligible.leader.replicas.version': 0 },
};

/** A killed process leaves its page cache to the kernel: nothing is lost, and nothing is available meanwhile. */
export const singleCopy: KafkaPolicy = {
  name: 'single-copy',
  title: 'One replica, acks=all',
  destination: { replicationFactor: 1, minInsyncReplicas: 1 },
  producer: { acks: 'all', idempotent: false },
  sources: ['https://kafka.apache.org/documentation/#design_filesystem', acks],
};

/** The same copy, and it may lead whatever it has: an only replica that comes back empty otherwise waits for an operator, for ever (measured on 4.1). */
export const singleCopyUnclean: KafkaPolicy = {
  name: 'single-copy-unclean',
  title: 'One replica, acks=all, unclean leader election',
  destination: { replicationFactor: 1, minInsyncReplicas: 1, uncleanLeaderElection: true },
  producer: { acks: 'all', idempotent: false },
  sources: [acks, unclean],
};

export const commitAfter: KafkaPolicy = { name: 'commit-after', title: 'Commit after processing', consumer: { settle: 'after-processing' }, sources: [semantics] };
export const commitBefore: KafkaPolicy = { name: 'commit-before', title: 'Commit before processing', consumer: { settle: 'before-processing' }, sources: [semantics] };
export const autoCommit: KafkaPolicy = {
  name: 'auto-commit',
  title: 'Automatic commit of what the handler ended',
  consumer: { settle: 'automatic' },
  sources: ['https://kafka.js.org/docs/consuming#a-name-auto-commit-a-autocommit'],
};

const reset = 'https://kafka.apache.org/documentation/#consumerconfigs_auto.offset.reset';
export const resetEarliest: KafkaPolicy = { name: 'reset-earliest', title: 'A new group starts at the earliest record', consumer: { autoOffsetReset: 'earliest' }, sources: [reset] };
export const resetLatest: KafkaPolicy = { name: 'reset-latest', title: 'A new group starts at the latest record', consumer: { autoOffsetReset: 'latest' }, sources: [reset] };

const segments = { segmentMs: 1_000 } as const;
export const keptForLong: KafkaPolicy = {
  name: 'kept-for-long', title: 'Records kept for a week', destination: { ...segments, retentionMs: 604_800_000, cleanupPolicy: 'delete' },
  sources: ['https://kafka.apache.org/documentation/#topicconfigs_retention.ms'],
};
export const keptBriefly: KafkaPolicy = {
  name: 'kept-briefly', title: 'Records kept for two seconds', destination: { ...segments, retentionMs: 2_000, cleanupPolicy: 'delete' },
  sources: ['https://kafka.apache.org/documentation/#topicconfigs_retention.ms'],
};
export const compacted: KafkaPolicy = {
  name: 'compacted', title: 'Compacted topic', destination: { ...segments, retentionMs: 604_800_000, cleanupPolicy: 'compact', config: { 'min.cleanable.dirty.ratio': 0.01 } },
  sources: ['https://kafka.apache.org/documentation/#compaction', 'https://kafka.apache.org/documentation/#topicconfigs_cleanup.policy'],
};
/** `compacted`, but for the policy of its cleaning. */
export const notCompacted: KafkaPolicy = {
  name: 'not-compacted', title: 'The same topic without compaction', destination: { ...segments, retentionMs: 604_800_000, cleanupPolicy: 'delete', config: { 'min.cleanable.dirty.ratio': 0.01 } },
  sources: ['https://kafka.apache.org/documentation/#topicconfigs_cleanup.policy'],
};
