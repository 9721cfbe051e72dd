// Columns of the RabbitMQ matrix in which several processes end, one after the other or at once, in which leadership is handed over, and
// in which consumers are frozen or too slow. What a dead process wrote stays with the kernel: of the nodes only availability is at stake.
import type { RabbitmqFault } from './faults.ts';

const pace = { inFlight: 32, ratePerSecond: 500, resend: 'unknown' } as const;
/** What a handler of 2 ms keeps up with on a busy machine, however long it goes on: the drain is to be short. */
const longPace = { ...pace, ratePerSecond: 200 } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Longer than the members of a queue need to choose a leader (about 5 s). */
const longEnough = { wait: { elapsedMs: 8_000 } } as const;
const consumer = { handlerMs: 2 } as const;
const leader = { leader: 0 } as const;
const upgrade = ['https://www.rabbitmq.com/docs/rolling-upgrade'];
const majority = ['https://www.rabbitmq.com/docs/quorum-queues#availability'];

export const leaderRestart: RabbitmqFault = {
  name: 'leader-restart',
  title: 'the node of the queue leader is shut down in good order and started again at once',
  tags: ['restart'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'restart', target: leader }, afterwards, { heal: 'restart' }],
  sources: upgrade,
};

/** Two nodes must be there for one to lead: each has the time to come back before the next one goes. */
export const leaderChase: RabbitmqFault = {
  name: 'leader-chase',
  title: 'three leaders are killed, one after the other',
  tags: ['kill', 'chase'],
  producer: longPace,
  consumer,
  steps: [midStream, { chase: { times: 3, between: { elapsedMs: 15_000 } } }, afterwards],
};

export const majorityCrash: RabbitmqFault = {
  name: 'majority-crash',
  title: 'two of three nodes are killed together, the queue leader among them',
  tags: ['kill', 'majority'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'kill', target: 'majority' }, longEnough, { heal: 'kill' }, afterwards],
  sources: majority,
};

export const clusterCrash: RabbitmqFault = {
  name: 'cluster-crash',
  title: 'every node is killed at once, and all are started again',
  tags: ['kill', 'all'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'kill', target: 'all' }, longEnough, { heal: 'kill' }, afterwards],
  sources: majority,
};

export const clusterColdStart: RabbitmqFault = {
  name: 'cluster-cold-start',
  title: 'every node is shut down, and all are started again',
  tags: ['stop', 'all'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'stop', target: 'all' }, longEnough, { heal: 'stop' }, afterwards],
  sources: ['https://www.rabbitmq.com/docs/clustering#restarting'],
};

export const rollingRestart: RabbitmqFault = {
  name: 'rolling-restart',
  title: 'every node in turn is restarted, each once the one before has caught up',
  tags: ['restart', 'rolling'],
  producer: longPace,
  consumer,
  steps: [midStream, { rolling: { redundant: true, between: { attempted: 300, elapsedMs: 10_000 } } }, afterwards],
  sources: upgrade,
};

/** As `rolling-restart`, and nobody looks whether the node before is back. */
export const rollingRestartHasty: RabbitmqFault = {
  ...rollingRestart,
  name: 'rolling-restart-hasty',
  title: 'every node in turn is restarted, and nobody waits for the one before',
  steps: [midStream, { rolling: { redundant: false } }, afterwards],
};

export const leaderTransfer: RabbitmqFault = {
  name: 'leader-transfer',
  title: 'the queue leader is asked to hand over to another member',
  tags: ['leader-transfer'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'leader-transfer', target: leader }, afterwards, { heal: 'leader-transfer' }],
  sources: ['https://www.rabbitmq.com/docs/quorum-queues#rebalance'],
};

export const storm: RabbitmqFault = {
  name: 'storm',
  title: 'nodes are killed, stopped, frozen and restarted, five times by a seed',
  tags: ['storm'],
  producer: longPace,
  consumer,
  steps: [midStream, { storm: { seed: 'rabbitmq', times: 5 } }, afterwards],
};

/**
 * A consumer that is frozen for longer than two heartbeats is dead to the broker, which gives what it held to the other one. When it thaws
 * it handles that, too, and can no longer say so. Together they are slower than the traffic, so that its hands are full.
 */
export const consumerZombie: RabbitmqFault = {
  name: 'consumer-zombie',
  title: 'one of two consumers is frozen until the broker gives its messages to the other, then thaws and handles them',
  tags: ['consumer', 'pause'],
  producer: pace,
  consumer: { count: 2, prefetch: 50, handlerMs: 5, heartbeatSeconds: 2 },
  steps: [
    { wait: { processed: 300, elapsedMs: 15_000 } },
    { inject: 'pause', target: { consumer: 0 } },
    longEnough,
    { heal: 'pause' },
    { wait: { processed: 300, elapsedMs: 15_000 } },
  ],
  sources: ['https://www.rabbitmq.com/docs/heartbeats', 'https://www.rabbitmq.com/docs/confirms#automatic-requeueing'],
};

/** A tenth of the traffic is all that it handles. No fault: whoever is slow is not struck, and all that follows is the policy's. */
export const slowConsumer: RabbitmqFault = {
  name: 'slow-consumer',
  title: 'the consumer is slower than the traffic until the queue is full',
  tags: ['consumer', 'length-limit'],
  producer: { inFlight: 32, ratePerSecond: 500, resend: 'never' },
  consumer: { prefetch: 50, handlerMs: 20 },
  steps: [{ wait: { attempted: 2_000, elapsedMs: 20_000 } }],
};

/**
 * The queue itself is led elsewhere and goes on; what is refused meanwhile has nowhere to go. Exact: a closed publish waits in the queue, the
 * target's node is killed, and only then do consumers come, who refuse every tenth.
 */
export const deadLetterTargetDown: RabbitmqFault = {
  name: 'target-down',
  title: 'the node of the dead-letter queue is down while 1,000 messages are handled',
  tags: ['kill', 'dead-letter'],
  producer: { inFlight: 32, ratePerSecond: 500, resend: 'never' },
  consumer: { start: 'drain', prefetch: 50 },
  steps: [
    { wait: { attempted: 300, elapsedMs: 10_000 } },
    'quiesce',
    { publish: { count: 1_000, withinMs: 10_000 } },
    { inject: 'kill', target: { node: 'rabbitmq-3' } },
    'consume',
    { wait: { processed: 1_000, elapsedMs: 20_000 } },
    { heal: 'kill' },
  ],
};
