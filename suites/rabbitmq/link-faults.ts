// Columns of the RabbitMQ matrix in which links between nodes are in trouble, while clients reach every node.
import type { RabbitmqFault } from './faults.ts';

const pace = { inFlight: 32, ratePerSecond: 500, resend: 'unknown' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Longer than a Raft election (the queue's members find out in about 5 s), shorter than net_ticktime (60 s): the nodes never count each other as down. */
const longEnough = { wait: { elapsedMs: 12_000 } } as const;
const consumer = { connectTo: 'other' } as const;
const sources = ['https://www.rabbitmq.com/docs/partitions', 'https://www.rabbitmq.com/docs/quorum-queues#behaviour'];

/** The publisher stays with the leader that nobody hears: what it sends there waits for its confirm until the links are back. */
export const leaderIsolated: RabbitmqFault = {
  name: 'leader-isolated',
  title: "the queue leader, the publisher's own node, is separated from the other nodes",
  tags: ['partition'],
  producer: { ...pace, connectTo: 'home' },
  consumer,
  steps: [midStream, { inject: 'partition', target: { leader: 0 } }, longEnough, { heal: 'partition' }, afterwards],
  sources,
};

export const halves: RabbitmqFault = {
  name: 'halves',
  title: 'the queue leader and one other node are separated from the rest',
  tags: ['partition'],
  producer: { ...pace, connectTo: 'home' },
  consumer,
  steps: [midStream, { inject: 'partition', target: 'majority' }, longEnough, { heal: 'partition' }, afterwards],
  sources,
};

export const ring: RabbitmqFault = {
  name: 'ring',
  title: 'every node hears a majority of the nodes, and no two the same one',
  tags: ['partition-ring'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'partition-ring', target: 'all' }, longEnough, { heal: 'partition-ring' }, afterwards],
  sources,
};

export const leaderDeaf: RabbitmqFault = {
  name: 'leader-deaf',
  title: 'the queue leader no longer hears the other nodes, which go on hearing it',
  tags: ['partition-one-way'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'partition-one-way', target: { leader: 0 } }, longEnough, { heal: 'partition-one-way' }, afterwards],
  sources,
};

export const packetLoss: RabbitmqFault = {
  name: 'packet-loss',
  title: 'a fifth of all packets between the nodes is lost',
  tags: ['packet-loss'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'packet-loss', target: 'all', with: { percent: 20 } }, longEnough, { heal: 'packet-loss' }, afterwards],
  sources,
};

/** A fraction of what the leader would replicate. */
export const leaderThrottled: RabbitmqFault = {
  name: 'leader-throttled',
  title: 'the queue leader can send only 64 KiB a second to the other nodes',
  tags: ['bandwidth-limit'],
  producer: pace,
  consumer,
  steps: [midStream, { inject: 'bandwidth-limit', target: { leader: 0 }, with: { kibPerSecond: 64 } }, longEnough, { heal: 'bandwidth-limit' }, afterwards],
  sources,
};
