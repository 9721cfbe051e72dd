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
  title: 'every node loses power right after 1 000 messages were published',
  tags: ['storage', 'chaos', 'power-loss'],
  producer: closedPace,
  consumer: { start: 'drain' },
  steps: [first, 'quiesce', closed, { inject: 'power-loss', target: 'all' }, { heal: 'power-loss' }],
  sources: flushing,
};

/** The broker forgot them, although consumers were quicker: erased, and not lost. */
export const powerLossAllRead: KafkaFault = {
  ...powerLossAll,
  name: 'power-loss-all-read',
  title: 'every node loses power after 1 000 messages were published and read',
  consumer: { start: 'steady' },
  steps: [first, 'quiesce', closed, { wait: { processed: 1_000, elapsedMs: 10_000 } }, { inject: 'power-loss', target: 'all' }, { heal: 'power-loss' }],
};

export const powerLossLeader: KafkaFault = {
  ...powerLossAll,
  name: 'power-loss-leader',
  title: 'the partition leader loses power right after 1 000 messages were published',
  steps: [first, 'quiesce', closed, { inject: 'power-loss', target: { leader: 0 } }, 'resume', afterwards, { heal: 'power-loss' }],
};

/** Kafka ends a broker whose last log directory fails: https://kafka.apache.org/documentation/#brokerconfigs_log.dirs */
export const diskFull: KafkaFault = {
  name: 'disk-full',
  title: "the partition leader's disk runs full mid-stream",
  tags: ['storage', 'chaos', 'disk'],
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

export const diskWipeLeader: KafkaFault = {
  ...diskFull,
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
