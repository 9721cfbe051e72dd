// Columns of the Kafka matrix in which links between nodes are in trouble, while clients reach every node.
import type { KafkaFault } from './faults.ts';

const steadyPace = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Longer than broker.session.timeout.ms (3 s): the controller gives up a node that it no longer hears, and another leads. */
const longEnough = { wait: { elapsedMs: 10_000 } } as const;
/** How many messages are published to the leader that nobody else hears. */
export const isolatedCount = 500;

/**
 * The leader does not know that it was replaced, and goes on acknowledging with acks=1 to clients that still reach it; its followers have
 * none of that. When the links are back it follows the new leader and cuts its log to that one's: exactly the closed publish is gone.
 * Producers wait until it follows: for half a second after the links were back it acknowledged as if nothing had been (990 more lost, measured).
 * With acks=all it acknowledges nothing, for it may not shrink the in-sync set without the controller (KIP-497).
 */
export const leaderIsolated: KafkaFault = {
  name: 'leader-isolated',
  title: `the leader is separated from the other nodes and takes ${isolatedCount} messages, until another one leads and the links are back`,
  tags: ['partition'],
  producer: { inFlight: 16, batch: 10, ratePerSecond: 1_000, resend: 'never' },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'partition', target: { leader: 0 } },
    { publish: { count: isolatedCount, withinMs: 5_000 } },
    { wait: { elapsedMs: 12_000 } },
    { heal: 'partition' },
    'redundant',
    'resume',
    afterwards,
  ],
  sources: ['https://kafka.apache.org/documentation/#design_replicatedlog', 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-497%3A+Add+inter-broker+API+to+alter+ISR'],
};

/** The leader is on the side that can go on. */
export const halves: KafkaFault = {
  name: 'halves',
  title: 'the leader and one other node are separated from the rest mid-stream',
  tags: ['partition'],
  producer: steadyPace,
  steps: [midStream, { inject: 'partition', target: 'majority' }, longEnough, { heal: 'partition' }, afterwards],
};

export const ring: KafkaFault = {
  name: 'ring',
  title: 'every node hears a majority of the nodes, and no two the same one',
  tags: ['partition-ring'],
  producer: steadyPace,
  steps: [midStream, { inject: 'partition-ring', target: 'all' }, longEnough, { heal: 'partition-ring' }, afterwards],
};

export const leaderDeaf: KafkaFault = {
  name: 'leader-deaf',
  title: 'the leader no longer hears the other nodes, which go on hearing it',
  tags: ['partition-one-way'],
  producer: steadyPace,
  steps: [midStream, { inject: 'partition-one-way', target: { leader: 0 } }, longEnough, { heal: 'partition-one-way' }, afterwards],
};

export const packetLoss: KafkaFault = {
  name: 'packet-loss',
  title: 'a fifth of all packets between the nodes is lost',
  tags: ['packet-loss'],
  producer: steadyPace,
  steps: [midStream, { inject: 'packet-loss', target: 'all', with: { percent: 20 } }, longEnough, { heal: 'packet-loss' }, afterwards],
};

/** Far less than both followers would fetch, and what is under way is little enough for heartbeats to pass in time. */
export const leaderThrottled: KafkaFault = {
  name: 'leader-throttled',
  title: 'the leader can send only 64 KiB a second to the other nodes',
  tags: ['bandwidth-limit'],
  producer: { ...steadyPace, batch: 50, ratePerSecond: 1_000 },
  steps: [midStream, { inject: 'bandwidth-limit', target: { leader: 0 }, with: { kibPerSecond: 64 } }, longEnough, { heal: 'bandwidth-limit' }, afterwards],
};
