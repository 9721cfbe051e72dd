// The columns of the RabbitMQ matrix: what happens to the cluster or its clients, and the traffic under which it happens.
// A column is the same for every policy in it, so that two policies differ in nothing else.
import type { ScenarioInputOf } from '../../harness/scenario/input.ts';

export type RabbitmqScenarioInput = ScenarioInputOf<'rabbitmq'>;

export interface RabbitmqFault {
  /** Last part of the scenario's name. */
  readonly name: string;
  /** Completes "…; <title>". */
  readonly title: string;
  readonly tags: readonly string[];
  readonly destination?: RabbitmqScenarioInput['destination'];
  readonly producer: NonNullable<RabbitmqScenarioInput['producer']>;
  readonly consumer?: RabbitmqScenarioInput['consumer'];
  readonly steps: RabbitmqScenarioInput['steps'];
  readonly sources?: readonly string[];
}

// Triggers count attempts or time, never acknowledgements alone: the other twin may have none.
const pace = { inFlight: 32, ratePerSecond: 500 } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** A little slower than the traffic, so that something always waits to be handled when a node goes. */
const busyConsumer = { handlerMs: 2 } as const;
const fewFirst = { wait: { attempted: 300, elapsedMs: 10_000 } } as const;
const leader = { leader: 0 } as const;

export const baseline: RabbitmqFault = { name: 'baseline', title: 'nothing goes wrong', tags: ['baseline'], producer: pace, steps: [midStream] };

/**
 * The longest confirm gap was 0.2 to 0.9 s with the publisher on another node. What is unknown is published again.
 */
export const leaderKill: RabbitmqFault = {
  name: 'leader-kill',
  title: 'the queue leader is killed mid-stream',
  tags: ['kill'],
  producer: { ...pace, resend: 'unknown' },
  consumer: busyConsumer,
  steps: [midStream, { inject: 'kill', target: leader }, afterwards, { heal: 'kill' }],
};

/** As `leader-kill`, with the publisher's own connection going down with the leader: everything unconfirmed is published again. */
export const publisherNodeKill: RabbitmqFault = {
  name: 'publisher-node-kill',
  title: "the queue leader is killed, which is the publisher's own node",
  tags: ['kill'],
  producer: { ...pace, connectTo: 'home', resend: 'unknown' },
  consumer: busyConsumer,
  steps: [midStream, { inject: 'kill', target: leader }, afterwards, { heal: 'kill' }],
};

export const leaderStop: RabbitmqFault = {
  name: 'leader-stop',
  title: 'the node of the queue leader is shut down in good order',
  tags: ['stop'],
  producer: { ...pace, resend: 'unknown' },
  consumer: busyConsumer,
  steps: [midStream, { inject: 'stop', target: leader }, afterwards, { heal: 'stop' }],
};

export const leaderFreeze: RabbitmqFault = {
  name: 'leader-freeze',
  title: 'the queue leader is frozen for a while, then thaws',
  tags: ['pause'],
  producer: { ...pace, resend: 'unknown' },
  steps: [midStream, { inject: 'pause', target: leader }, { wait: { elapsedMs: 8_000 } }, { heal: 'pause' }, afterwards],
};

/**
 * What is written to a frozen node's socket is nobody's yet; the kill takes it away. Mid-stream and not as a closed publish: a publisher
 * that has come to rest has closed its channel, and the frozen node opens no new one.
 */
export const leaderFrozenThenKilled: RabbitmqFault = {
  name: 'leader-frozen-then-killed',
  title: "the publisher's node, which leads the queue, is frozen while messages are sent to it, and is killed",
  tags: ['pause', 'kill'],
  producer: { ...pace, connectTo: 'home', resend: 'never' },
  consumer: { connectTo: 'other' },
  steps: [
    fewFirst,
    { inject: 'pause', target: leader },
    { wait: { elapsedMs: 1_500 } },
    { inject: 'kill', target: leader },
    { heal: 'pause' },
    { wait: { attempted: 200, elapsedMs: 10_000 } },
    { heal: 'kill' },
  ],
};

/**
 * A classic queue lives on one node, its home. A closed number of messages is published and the home is killed at once. Without confirms
 * the publisher is done when the broker has read them, which is before they are on disk: 2 000 of 2 000 lost. Consumers wait for the
 * drain, so that every message is still the queue's to keep.
 */
export const homeNodeKill: RabbitmqFault = {
  name: 'home-node-kill',
  title: 'its home node is killed right after the publish',
  tags: ['kill'],
  producer: { connectTo: 'home', inFlight: 100, ratePerSecond: 500, resend: 'never' },
  consumer: { start: 'drain' },
  steps: [fewFirst, 'quiesce', { publish: { count: 2_000, withinMs: 10_000 } }, { inject: 'kill', target: leader }, { heal: 'kill' }],
};

/** As `home-node-kill`, a hundred messages a publish, which can be one transaction. */
export const homeNodeKillBatched: RabbitmqFault = {
  name: 'home-node-kill-batched',
  title: 'its home node is killed right after the publish of batches',
  tags: ['kill'],
  producer: { driver: 'rabbitmq-client', connectTo: 'home', inFlight: 1, batch: 100, ratePerSecond: 500, resend: 'never' },
  consumer: { start: 'drain' },
  steps: [fewFirst, 'quiesce', { publish: { count: 2_000, withinMs: 10_000 } }, { inject: 'kill', target: leader }, { heal: 'kill' }],
};

/** One publish at a time: a stream takes the numbers of a publisher in their order only. */
const streamPace = { driver: 'rabbitmq-stream-js-client', inFlight: 1, batch: 50, ratePerSecond: 500, resend: 'unknown' } as const;

export const streamBaseline: RabbitmqFault = { ...baseline, producer: streamPace };

/** A publisher of the stream protocol is always on the leader: its connection goes down with it, and the unconfirmed are sent again. */
export const streamLeaderKill: RabbitmqFault = { ...leaderKill, producer: { ...streamPace, batch: 20 } };

/**
 * Confirms come too late for the publisher's patience: the frozen leader reads the same messages three times when it thaws. Its
 * connection outlives the freeze, whose five seconds are fewer than two heartbeats.
 */
export const streamLeaderFreezeShort: RabbitmqFault = {
  name: 'leader-freeze-short',
  title: 'the leader is frozen for longer than the publisher waits for a confirm, then thaws',
  tags: ['pause'],
  producer: { ...streamPace, heartbeatSeconds: 10, confirmTimeoutMs: 1_500 },
  steps: [midStream, { inject: 'pause', target: leader }, { wait: { elapsedMs: 5_000 } }, { heal: 'pause' }, afterwards],
};

/** What a consumer may hold unacknowledged. */
export const prefetch = 50;

/** A consumer stops handling with its hands full and is killed: what it holds is the broker's to deliver again, or nobody's. */
export const consumerKillHolding: RabbitmqFault = {
  name: 'consumer-kill-holding',
  title: 'the consumer is killed while it holds messages that it has not handled',
  tags: ['consumer', 'kill'],
  producer: { ...pace, resend: 'unknown' },
  consumer: { prefetch, handlerMs: 1 },
  steps: [
    { wait: { processed: 300, elapsedMs: 15_000 } },
    { inject: 'stall', target: { consumer: 0 } },
    { wait: { attempted: 500, elapsedMs: 5_000 } },
    { inject: 'kill', target: { consumer: 0 } },
    { heal: 'stall' },
    { heal: 'kill' },
    { wait: { processed: 200, elapsedMs: 15_000 } },
  ],
};

/** The instant that at-least-once is about: done, and the broker does not know. */
export const consumerKillUnsettled: RabbitmqFault = {
  name: 'consumer-kill-unsettled',
  title: 'the consumer dies after handling messages and before acknowledging them',
  tags: ['consumer', 'kill'],
  producer: { ...pace, resend: 'unknown' },
  consumer: { prefetch: 50 },
  steps: [
    { wait: { processed: 300, elapsedMs: 15_000 } },
    { inject: 'kill', target: { consumer: 0, between: 'processing-and-settling' } },
    { heal: 'kill' },
    { wait: { processed: 200, elapsedMs: 15_000 } },
  ],
};

/** The instant that at-most-once is about: the broker knows, and it is not done. */
export const consumerKillUnprocessed: RabbitmqFault = {
  name: 'consumer-kill-unprocessed',
  title: 'the consumer dies after acknowledging messages and before handling them',
  tags: ['consumer', 'kill'],
  producer: { ...pace, resend: 'unknown' },
  consumer: { prefetch: 50 },
  steps: [
    { wait: { processed: 300, elapsedMs: 15_000 } },
    { inject: 'kill', target: { consumer: 0, between: 'settling-and-processing' } },
    { heal: 'kill' },
    { wait: { processed: 200, elapsedMs: 15_000 } },
  ],
};

export const producerKill: RabbitmqFault = {
  name: 'producer-kill',
  title: 'the publisher is killed mid-stream and another one takes its place',
  tags: ['producer', 'kill'],
  producer: { ...pace, ratePerSecond: 3_000, resend: 'unknown' },
  steps: [midStream, { inject: 'kill', target: { producer: 0 } }, { heal: 'kill' }, afterwards],
};

const crashLoop = (times: number) => ({
  title: `the consumer dies ${times} times with the same 100 messages in its hands`,
  tags: ['consumer', 'kill', 'delivery-limit'],
  producer: { ...pace, resend: 'unknown' },
  consumer: { prefetch: 100 },
  steps: [
    { wait: { processed: 200, elapsedMs: 15_000 } },
    { inject: 'stall', target: { consumer: 0 } },
    { wait: { attempted: 300, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'crash-loop', target: { consumer: 0 }, with: { times, held: 100 } },
    { heal: 'stall' },
    { heal: 'crash-loop' },
  ],
  sources: ['https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling'],
}) as const satisfies Omit<RabbitmqFault, 'name'>;

/**
 * A consumer that dies again and again with the same 100 messages in its hands: after more returns than the delivery limit allows the
 * broker gives up on all of them, the whole prefetch and not just the poisonous one.
 */
export const consumerCrashLoop: RabbitmqFault = { name: 'consumer-crash-loop', ...crashLoop(21) };

/** As often as a limit of 20 allows. */
export const consumerCrashLoopWithin: RabbitmqFault = { name: 'consumer-crash-loop-within', ...crashLoop(20) };

/** Nothing fails; the consumers only come when the producers are done. */
export const lateConsumer: RabbitmqFault = {
  name: 'late-consumer',
  title: 'the first consumer comes after the last message',
  tags: ['consumer'],
  producer: { ...pace, resend: 'never' },
  consumer: { start: 'drain' },
  steps: [midStream, 'quiesce', { wait: { elapsedMs: 3_000 } }],
};
