// The columns of the Kafka matrix in which disks fail: what a broker has not forced to its disk is nowhere once power is lost.
import type { KafkaFault } from './faults.ts';

const closedPace = { inFlight: 16, batch: 10, ratePerSecond: 1_000, resend: 'never' } as const;
const steadyPace = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' } as const;
const first = { wait: { attempted: 500, elapsedMs: 10_000 } } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Well within the 30 s after which the kernel writes by itself. */
const closed = { publish: { count: 1_000, withinMs: 5_000 } } as const;

const flushing = ['https://kafka.apache.org/documentation/#appvsosflush', 'https://kafka.apache.org/documentation/#brokerconfigs_log.flush.interval.messages'];

/** Exact: the quiesce syncs every disk, so that the closed publish is all that no disk has. Consumers come at the end: what they had read would be handled, though the log forgot it. */
export const powerLossAll: KafkaFault = {
  name: 'power-loss-all',
  title: 'every node loses power right after 1,000 messages were published',
  tags: ['power-loss'],
  producer: closedPace,
  consumer: { start: 'drain' },
  steps: [first, 'quiesce', closed, { inject: 'power-loss', target: 'all' }, { heal: 'power-loss' }],
  sources: flushing,
};

/** The broker forgot them, although consumers were quicker: erased, and not lost. */
export const powerLossAllRead: KafkaFault = {
  ...powerLossAll,
  name: 'power-loss-all-read',
  title: 'every node loses power after 1,000 messages were published and read',
  consumer: { start: 'steady' },
  steps: [first, 'quiesce', closed, { wait: { processed: 1_000, elapsedMs: 10_000 } }, { inject: 'power-loss', target: 'all' }, { heal: 'power-loss' }],
};

export const powerLossLeader: KafkaFault = {
  ...powerLossAll,
  name: 'power-loss-leader',
  title: 'the partition leader loses power right after 1,000 messages were published',
  steps: [first, 'quiesce', closed, { inject: 'power-loss', target: { leader: 0 } }, 'resume', afterwards, { heal: 'power-loss' }],
};

/**
 * The last replica standing (KIP-966): 1 000 messages that all three have and no disk; then the followers fall out of sync, driven out by a
 * publish that two must have and nobody acknowledges; then the leader loses power. Without eligible leader replicas the two that live and have everything wait for it, and
 * cut their logs to what its disk kept.
 */
export const lastReplicaPowerLoss: KafkaFault = {
  name: 'last-replica-power-loss',
  title: 'the last replica in sync loses power, and the others have everything',
  tags: ['power-loss', 'replication-cut', 'in-sync'],
  properties: { 'replica.lag.time.max.ms': 3_000 },
  producer: { ...closedPace, retries: 8 },
  consumer: { start: 'drain' },
  steps: [
    first,
    'quiesce',
    closed,
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { publish: { count: 100, withinMs: 12_000 } },
    { wait: { inSyncAtMost: 1, elapsedMs: 15_000 } },
    { inject: 'power-loss', target: { leader: 0 } },
    { heal: 'cut' },
    { wait: { elapsedMs: 6_000 } },
    { heal: 'power-loss' },
    'redundant',
    'resume',
    afterwards,
  ],
  sources: ['https://cwiki.apache.org/confluence/display/KAFKA/KIP-966%3A+Eligible+Leader+Replicas'],
};

/** Kafka ends a broker whose last log directory fails: https://kafka.apache.org/documentation/#brokerconfigs_log.dirs */
export const diskFull: KafkaFault = {
  name: 'disk-full',
  title: "the partition leader's disk runs full mid-stream",
  tags: ['disk'],
  producer: steadyPace,
  steps: [midStream, { inject: 'disk-full', target: { leader: 0 } }, afterwards, { heal: 'disk-full' }],
  sources: ['https://kafka.apache.org/documentation/#brokerconfigs_log.dirs'],
};

export const diskReadOnly: KafkaFault = {
  ...diskFull,
  name: 'disk-read-only',
  title: "the partition leader's disk turns read-only mid-stream",
  steps: [midStream, { inject: 'disk-read-only', target: { leader: 0 } }, afterwards, { heal: 'disk-read-only' }],
};

/** Where an unclean election is allowed, KRaft looks every five minutes whether a partition needs one: here every second. */
export const diskWipeLeader: KafkaFault = {
  ...diskFull,
  properties: { 'unclean.leader.election.interval.ms': 1_000 },
  name: 'disk-wipe-leader',
  title: 'the partition leader dies and comes back with an empty disk',
  consumer: { start: 'drain' },
  steps: [midStream, { inject: 'disk-wipe', target: { leader: 0 } }, afterwards, { heal: 'disk-wipe' }],
};

export const diskWipeFollower: KafkaFault = {
  ...diskFull,
  name: 'disk-wipe-follower',
  title: 'a follower dies and comes back with an empty disk',
  steps: [midStream, { inject: 'disk-wipe', target: { follower: 0 } }, afterwards, { heal: 'disk-wipe' }],
};
