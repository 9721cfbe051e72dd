// Columns of the RabbitMQ matrix in which the way between clients and nodes is in trouble, while the nodes reach each other. Publishers are
// on the leader's node, whose way is struck; consumers are elsewhere, unless every way is.
import type { RabbitmqFault } from './faults.ts';

const pace = { inFlight: 32, ratePerSecond: 500, resend: 'unknown', connectTo: 'home' } as const;
const consumer = { connectTo: 'other' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Longer than three heartbeats of two seconds: a silent connection is given up. */
const longEnough = { wait: { elapsedMs: 8_000 } } as const;
const leader = { leader: 0 } as const;
const reliability = 'https://www.rabbitmq.com/docs/reliability';
const confirms = 'https://www.rabbitmq.com/docs/confirms';

/** How many messages are under way when their confirms are lost. */
export const unconfirmedCount = 100;

/**
 * Exact: nothing is under way when the answers begin to be swallowed, and then a closed number of messages is published. The queue takes
 * them, and their confirms go nowhere. The connection ends before a heartbeat is missed, and the publisher does what the vendor asks of it:
 * it publishes again what was not confirmed.
 */
export const lostResponse: RabbitmqFault = {
  name: 'lost-response',
  title: `the queue takes ${unconfirmedCount} messages, and no answer to the publisher arrives`,
  tags: ['lost-response'],
  producer: { ...pace, inFlight: unconfirmedCount },
  consumer,
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'lost-response', target: leader },
    { publish: { count: unconfirmedCount, withinMs: 1_000 } },
    { heal: 'lost-response' },
    'resume',
    afterwards,
  ],
  sources: [`${reliability}#what-can-fail`, confirms],
};

/** As `lost-response`, over the stream protocol: one batch at a time, for a stream takes a publisher's numbers in their order only. */
export const streamLostResponse: RabbitmqFault = {
  ...lostResponse,
  producer: { driver: 'rabbitmq-stream-js-client', inFlight: 1, batch: unconfirmedCount, ratePerSecond: 500, resend: 'unknown' },
};

/** What is sent into a half-open connection is nobody's: it looks sent until a heartbeat is missed. */
export const silence: RabbitmqFault = {
  name: 'client-silence',
  title: "connections of clients to the queue leader's node stay open and say nothing for a while",
  tags: ['half-open'],
  // Without confirms nobody knows what to send again.
  producer: { ...pace, resend: 'never' },
  consumer,
  steps: [midStream, { inject: 'client-silence', target: leader }, longEnough, { heal: 'client-silence' }, afterwards],
  sources: ['https://www.rabbitmq.com/docs/heartbeats', reliability],
};

export const cut: RabbitmqFault = {
  ...silence,
  name: 'client-cut',
  title: "clients are cut off from the queue leader's node",
  tags: ['cut'],
  producer: pace,
  steps: [midStream, { inject: 'client-cut', target: leader }, longEnough, { heal: 'client-cut' }, afterwards],
  sources: [reliability],
};

/** Nobody can publish or consume, and what was delivered and not acknowledged comes again. */
export const cutEverywhere: RabbitmqFault = {
  ...cut,
  name: 'client-cut-everywhere',
  title: 'clients are cut off from every node, while the nodes reach each other',
  consumer: { ...consumer, handlerMs: 2 },
  steps: [midStream, { inject: 'client-cut', target: 'all' }, longEnough, { heal: 'client-cut' }, afterwards],
};

export const reset: RabbitmqFault = {
  ...cut,
  name: 'client-reset',
  title: "the queue leader's node resets every connection of clients as soon as it carries data",
  steps: [midStream, { inject: 'client-reset', target: leader }, longEnough, { heal: 'client-reset' }, afterwards],
};

export const cutAfter: RabbitmqFault = {
  ...cut,
  name: 'client-cut-after',
  title: "connections of clients to the queue leader's node end in the middle of an answer, after 4,000 bytes each",
  steps: [midStream, { inject: 'client-cut-after', target: leader, with: { bytes: 4_000 } }, longEnough, { heal: 'client-cut-after' }, afterwards],
};

/**
 * Consumers, too: each time their connection ends the whole prefetch goes back to the queue, and counts as returned once more, though the
 * consumer has seen a few of it. A delivery limit that is meant for messages which kill their consumer is reached by a bad network alone.
 */
export const cutAfterEverywhere: RabbitmqFault = {
  ...cutAfter,
  name: 'client-cut-after-everywhere',
  title: 'connections of clients to every node end in the middle of a delivery, again and again',
  tags: [...cutAfter.tags, 'delivery-limit'],
  // Time for the 21st return also on a busy machine: some 20 of them took 8 s on two cores under a load of 23.
  steps: [midStream, { inject: 'client-cut-after', target: 'all', with: { bytes: 4_000 } }, { wait: { elapsedMs: 16_000 } }, { heal: 'client-cut-after' }, afterwards],
  sources: ['https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling'],
};

export const churn: RabbitmqFault = {
  ...cut,
  name: 'connection-churn',
  title: 'all connections of clients to all nodes end five times over',
  tags: ['churn'],
  consumer: { ...consumer, handlerMs: 2 },
  steps: [midStream, { inject: 'connection-churn', target: 'all', with: { times: 5, pauseMs: 500 } }, { heal: 'connection-churn' }, afterwards],
};

export const latency: RabbitmqFault = {
  ...cut,
  name: 'client-latency',
  title: 'answers of every node to clients come 200 ms late, give or take 100 ms',
  tags: ['latency'],
  steps: [midStream, { inject: 'client-latency', target: 'all', with: { latencyMs: 200, jitterMs: 100 } }, longEnough, { heal: 'client-latency' }, afterwards],
};

/** A tenth of what the traffic would need. */
export const bandwidth: RabbitmqFault = {
  ...cut,
  name: 'client-bandwidth',
  title: "connections of clients to the queue leader's node carry 16 KiB a second",
  tags: ['bandwidth'],
  steps: [midStream, { inject: 'client-bandwidth', target: leader, with: { kibPerSecond: 16 } }, longEnough, { heal: 'client-bandwidth' }, afterwards],
};
