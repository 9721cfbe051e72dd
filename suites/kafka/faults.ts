// The columns of the Kafka matrix: what happens to the cluster or its clients, and the traffic under which it happens.
// A column is the same for every policy in it, so that two policies differ in nothing else.
import type { ScenarioInputOf } from '../../harness/scenario/input.ts';

export type KafkaScenarioInput = ScenarioInputOf<'kafka'>;

export interface KafkaFault {
  /** Last part of the scenario's name. */
  readonly name: string;
  /** Completes "…; <title>". */
  readonly title: string;
  readonly tags: readonly string[];
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  readonly destination?: KafkaScenarioInput['destination'];
  readonly producer: NonNullable<KafkaScenarioInput['producer']>;
  readonly consumer?: KafkaScenarioInput['consumer'];
  readonly steps: KafkaScenarioInput['steps'];
  readonly only?: KafkaScenarioInput['only'];
  readonly sources?: readonly string[];
}

// Triggers count attempts or time, never acknowledgements alone: the other twin may have none.
const steadyPace = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' } as const;
const closedPace = { inFlight: 16, batch: 10, ratePerSecond: 1_000, resend: 'never' } as const;

const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;

export const baseline: KafkaFault = {
  name: 'baseline',
  title: 'nothing goes wrong',
  tags: ['baseline'],
  producer: steadyPace,
  steps: [midStream],
};

/** As `baseline`, with keys: a compacted topic takes no record without one. */
export const baselineKeyed: KafkaFault = { ...baseline, producer: { ...steadyPace, routing: 'keyed', keys: 20 } };

export const leaderKill: KafkaFault = {
  name: 'leader-kill',
  title: 'the partition leader is killed mid-stream',
  tags: ['kill'],
  producer: steadyPace,
  steps: [midStream, { inject: 'kill', target: { leader: 0 } }, afterwards, { heal: 'kill' }],
};

export const leaderStop: KafkaFault = {
  name: 'leader-stop',
  title: 'the partition leader is shut down in good order',
  tags: ['stop'],
  producer: steadyPace,
  steps: [midStream, { inject: 'stop', target: { leader: 0 } }, afterwards, { heal: 'stop' }],
};

export const controllerKill: KafkaFault = {
  name: 'controller-kill',
  title: 'the active controller is killed mid-stream',
  tags: ['kill', 'controller'],
  producer: steadyPace,
  steps: [midStream, { inject: 'kill', target: 'controller' }, afterwards, { heal: 'kill' }],
};

/** Longer than broker.session.timeout.ms (3 s): the leader is replaced while it is frozen, and finds out when it thaws. */
export const leaderFreeze: KafkaFault = {
  name: 'leader-freeze',
  title: 'the partition leader is frozen until another one leads, then thaws',
  tags: ['pause'],
  producer: steadyPace,
  steps: [midStream, { inject: 'pause', target: { leader: 0 } }, { wait: { elapsedMs: 8_000 } }, { heal: 'pause' }, afterwards],
};

/**
 * Shorter than broker.session.timeout.ms and longer than the client's request timeout: the client sends again what the leader finds in
 * its socket when it thaws. The leader stays the same, so only the producer's sequence numbers can tell the two apart (KIP-98).
 */
export const leaderFreezeShort: KafkaFault = {
  name: 'leader-freeze-short',
  title: 'the partition leader is frozen for longer than a request may take, and thaws as the leader',
  tags: ['pause'],
  producer: { ...steadyPace, ratePerSecond: 1_000, requestTimeoutMs: 700, retries: 20 },
  steps: [midStream, { inject: 'pause', target: { leader: 0 } }, { wait: { elapsedMs: 1_800 } }, { heal: 'pause' }, afterwards],
};

/**
 * The exact form of what acks=1 risks. A plain kill has no power here, for the followers keep up (0 of 5 575 lost); with replication
 * cut first, every acknowledged message of the cut is lost. The publish must end well within replica.lag.time.max.ms (30 s): until then
 * the followers count as in sync and one of them is elected.
 */
export const leaderKillBehind: KafkaFault = {
  name: 'leader-kill-behind',
  title: 'the leader is killed while its followers have not fetched the last 1,000 messages',
  tags: ['replication-cut', 'kill'],
  producer: closedPace,
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { publish: { count: 1_000, withinMs: 5_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'cut' },
    'resume',
    { wait: { acknowledged: 300, elapsedMs: 15_000 } },
    { heal: 'kill' },
  ],
  sources: ['https://kafka.apache.org/documentation/#design_replicatedlog', 'https://kafka.apache.org/documentation/#brokerconfigs_replica.lag.time.max.ms'],
};

/**
 * What is written to a frozen leader's socket is nobody's yet; the kill takes it away: what acks=0 risks. Mid-stream and not as a closed
 * publish: a producer that has come to rest may have no connection to the leader, and a frozen one opens none.
 */
export const leaderFrozenThenKilled: KafkaFault = {
  name: 'leader-frozen-then-killed',
  title: 'the leader is frozen while messages are sent to it, and is killed',
  tags: ['pause', 'kill'],
  producer: { ...closedPace, inFlight: 4 },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    { inject: 'pause', target: { leader: 0 } },
    { wait: { elapsedMs: 1_500 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'pause' },
    { wait: { attempted: 300, elapsedMs: 15_000 } },
    { heal: 'kill' },
  ],
};

/**
 * Followers that are behind for longer than replica.lag.time.max.ms leave the in-sync set, so that the leader alone is "all". They fall
 * behind only while something is published, so the publish itself drives them out. What happens then is min.insync.replicas' and
 * unclean.leader.election.enable's to say. Consumers come at the end: what they had read would be handled, though the log forgot it.
 */
export const lastReplicaKill: KafkaFault = {
  name: 'last-replica-kill',
  title: 'the followers fall out of sync while 500 messages are published, and the leader, the last in sync, is killed',
  tags: ['replication-cut', 'kill', 'in-sync'],
  properties: { 'replica.lag.time.max.ms': 3_000 },
  producer: { ...closedPace, retries: 8 },
  consumer: { start: 'drain' },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { publish: { count: 500, withinMs: 12_000 } },
    { wait: { inSyncAtMost: 1, elapsedMs: 15_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'cut' },
    'resume',
    { wait: { elapsedMs: 6_000 } },
    { heal: 'kill' },
  ],
  sources: ['https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas', 'https://kafka.apache.org/documentation/#topicconfigs_unclean.leader.election.enable'],
};

/** A consumer stops handling with its hands full and is killed: what it holds is the broker's to deliver again, or nobody's. */
export const consumerKillHolding: KafkaFault = {
  name: 'consumer-kill-holding',
  title: 'the consumer is killed while it holds messages that it has not handled',
  tags: ['consumer', 'kill'],
  producer: { ...steadyPace, acks: 'all', idempotent: true },
  consumer: { prefetch: 50, handlerMs: 1 },
  steps: [
    { wait: { processed: 500, elapsedMs: 20_000 } },
    { inject: 'stall', target: { consumer: 0 } },
    { wait: { attempted: 500, elapsedMs: 5_000 } },
    { inject: 'kill', target: { consumer: 0 } },
    { heal: 'stall' },
    { heal: 'kill' },
    { wait: { processed: 300, elapsedMs: 20_000 } },
  ],
};

/** The instant that at-least-once is about: done, and the broker does not know. */
export const consumerKillUnsettled: KafkaFault = {
  name: 'consumer-kill-unsettled',
  title: 'the consumer dies after handling messages and before committing them',
  tags: ['consumer', 'kill'],
  producer: { ...steadyPace, acks: 'all', idempotent: true },
  consumer: { prefetch: 50 },
  steps: [
    { wait: { processed: 500, elapsedMs: 20_000 } },
    { inject: 'kill', target: { consumer: 0, between: 'processing-and-settling' } },
    { heal: 'kill' },
    { wait: { processed: 300, elapsedMs: 20_000 } },
  ],
};

/** The instant that at-most-once is about: the broker knows, and it is not done. */
export const consumerKillUnprocessed: KafkaFault = {
  name: 'consumer-kill-unprocessed',
  title: 'the consumer dies after committing messages and before handling them',
  tags: ['consumer', 'kill'],
  producer: { ...steadyPace, acks: 'all', idempotent: true },
  consumer: { prefetch: 50 },
  steps: [
    { wait: { processed: 500, elapsedMs: 20_000 } },
    { inject: 'kill', target: { consumer: 0, between: 'settling-and-processing' } },
    { heal: 'kill' },
    { wait: { processed: 300, elapsedMs: 20_000 } },
  ],
};

export const producerKill: KafkaFault = {
  name: 'producer-kill',
  title: 'the producer is killed mid-stream and another one takes its place',
  tags: ['producer', 'kill'],
  // Flat out, so that something is always under way.
  producer: { ...steadyPace, ratePerSecond: null },
  steps: [midStream, { inject: 'kill', target: { producer: 0 } }, { heal: 'kill' }, afterwards],
};

/** Nothing fails; the consumers only come when a thousand messages stand in the log. */
export const lateConsumer: KafkaFault = {
  name: 'late-consumer',
  title: 'the first consumer comes when the traffic has been on for a while',
  tags: ['consumer'],
  producer: { ...steadyPace, acks: 'all', idempotent: true },
  consumer: { start: 'drain' },
  // Messages go on, so that a consumer that starts at the end has something to commit.
  steps: [{ wait: { attempted: 1_000, elapsedMs: 15_000 } }, 'consume', { wait: { processed: 300, elapsedMs: 20_000 } }],
};

/** As `late-consumer`, long enough for a broker that cleans its logs every second to do so. */
export const cleanedBeforeRead: KafkaFault = {
  name: 'cleaned-before-read',
  title: 'the broker cleans its log before the first consumer comes',
  tags: ['consumer', 'retention'],
  properties: { 'log.retention.check.interval.ms': 500, 'log.cleaner.backoff.ms': 500, 'log.segment.delete.delay.ms': 100, 'log.initial.task.delay.ms': 500 },
  producer: { ...steadyPace, acks: 'all', idempotent: true, routing: 'keyed', keys: 20 },
  consumer: { start: 'drain' },
  steps: [{ wait: { attempted: 2_000, elapsedMs: 20_000 } }, 'quiesce', { wait: { elapsedMs: 6_000 } }],
};
