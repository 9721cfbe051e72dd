// Columns of the Kafka matrix in which the way between clients and nodes is in trouble, while the nodes reach each other.
import type { KafkaFault } from './faults.ts';

const steadyPace = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Longer than a request may take (3 s): clients give up at least once. */
const longEnough = { wait: { elapsedMs: 6_000 } } as const;
const leader = { leader: 0 } as const;
const network = 'https://kafka.apache.org/documentation/#semantics';

/** How many messages are in the one request whose answer is lost. */
export const unansweredCount = 100;

/**
 * Exact: nothing is under way when the answers begin to be swallowed, and then one request is sent. The broker stores it. The connection
 * ends well before the library's patience does, so that it sends the request exactly once more; only a producer's sequence numbers tell the
 * broker that it has it already (KIP-98). The second quiesce is for kafkajs: it would give the numbers of the failed request to a send that
 * begins before the repetition (suites/client-truth/kafka-sequence-reuse.ts).
 */
export const lostResponse: KafkaFault = {
  name: 'lost-response',
  title: `the leader stores ${unansweredCount} messages in one request, and its answer never arrives`,
  tags: ['lost-response'],
  producer: { inFlight: 1, batch: unansweredCount, ratePerSecond: 500, resend: 'never', requestTimeoutMs: 15_000, retries: 20 },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'lost-response', target: leader },
    { publish: { count: unansweredCount, withinMs: 1_000 } },
    { heal: 'lost-response' },
    'quiesce',
    'resume',
    afterwards,
  ],
  sources: [network, 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging'],
};

/** Half-open connections: the leader stays the leader, for the controller hears it, and whoever sends to it hears nothing. */
export const silence: KafkaFault = {
  name: 'client-silence',
  title: 'connections of clients to the leader stay open and say nothing for a while',
  tags: ['half-open'],
  producer: { ...steadyPace, retries: 120 },
  steps: [midStream, { inject: 'client-silence', target: leader }, longEnough, { heal: 'client-silence' }, afterwards],
  sources: [network],
};

export const cut: KafkaFault = {
  name: 'client-cut',
  title: 'clients are cut off from the leader, which goes on leading',
  tags: ['cut'],
  producer: steadyPace,
  steps: [midStream, { inject: 'client-cut', target: leader }, longEnough, { heal: 'client-cut' }, afterwards],
  sources: [network],
};

/** The coordinator of the consumers' group and every bootstrap address among them. */
export const cutEverywhere: KafkaFault = {
  ...cut,
  name: 'client-cut-everywhere',
  title: 'clients are cut off from every node, while the nodes reach each other',
  steps: [midStream, { inject: 'client-cut', target: 'all' }, longEnough, { heal: 'client-cut' }, afterwards],
};

export const reset: KafkaFault = {
  ...cut,
  name: 'client-reset',
  title: 'the leader resets every connection of clients as soon as it carries data',
  steps: [midStream, { inject: 'client-reset', target: leader }, longEnough, { heal: 'client-reset' }, afterwards],
};

export const cutAfter: KafkaFault = {
  ...cut,
  name: 'client-cut-after',
  title: 'connections of clients to the leader end in the middle of an answer, after 4,000 bytes each',
  steps: [midStream, { inject: 'client-cut-after', target: leader, with: { bytes: 4_000 } }, longEnough, { heal: 'client-cut-after' }, afterwards],
};

export const churn: KafkaFault = {
  ...cut,
  name: 'connection-churn',
  title: 'all connections of clients to all nodes end five times over',
  tags: ['churn'],
  steps: [midStream, { inject: 'connection-churn', target: 'all', with: { times: 5, pauseMs: 500 } }, { heal: 'connection-churn' }, afterwards],
};

export const latency: KafkaFault = {
  ...cut,
  name: 'client-latency',
  title: 'answers of every node to clients come 200 ms late, give or take 100 ms',
  tags: ['latency'],
  steps: [midStream, { inject: 'client-latency', target: 'all', with: { latencyMs: 200, jitterMs: 100 } }, longEnough, { heal: 'client-latency' }, afterwards],
};

/** A sixth of what the traffic would need. */
export const bandwidth: KafkaFault = {
  ...cut,
  name: 'client-bandwidth',
  title: 'connections of clients to the leader carry 16 KiB a second',
  tags: ['bandwidth'],
  steps: [midStream, { inject: 'client-bandwidth', target: leader, with: { kibPerSecond: 16 } }, longEnough, { heal: 'client-bandwidth' }, afterwards],
};
