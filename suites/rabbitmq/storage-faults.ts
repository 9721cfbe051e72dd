// The columns of the RabbitMQ matrix in which disks fail: what a node has not forced to its disk is nowhere once power is lost.
import type { RabbitmqFault } from './faults.ts';

const pace = { inFlight: 32, ratePerSecond: 500, resend: 'unknown' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
const leader = { leader: 0 } as const;

/**
 * Exact: the quiesce syncs every disk, so that the closed publish is all that no disk has. Before it some time passes, for Mnesia
 * (up to 4.2) keeps the news of a queue to itself for a few seconds. Consumers wait for the drain, so that every message is still the
 * queue's to keep.
 */
export const powerLossAll: RabbitmqFault = {
  name: 'power-loss-all',
  title: 'every node loses power right after 2,000 messages were published',
  tags: ['power-loss'],
  producer: { connectTo: 'home', inFlight: 100, ratePerSecond: 1_000, resend: 'never' },
  consumer: { start: 'drain' },
  steps: [{ wait: { elapsedMs: 5_000 } }, 'quiesce', { publish: { count: 2_000, withinMs: 10_000 } }, { inject: 'power-loss', target: 'all' }, { heal: 'power-loss' }],
  sources: ['https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed'],
};

/**
 * The quiesce is for the node and not for the queue: RabbitMQ does not force to disk what it writes when it boots, and a 4.3 that loses power
 * in its first minute finds its file feature_flags empty and never starts again ("case_clause,{ok,[]}" in try_to_read_enabled_feature_flags_list).
 */
export const powerLossLeader: RabbitmqFault = {
  name: 'power-loss-leader',
  title: 'the node of the queue leader loses power mid-stream',
  tags: ['power-loss'],
  producer: pace,
  consumer: { handlerMs: 2 },
  steps: [{ wait: { attempted: 300, elapsedMs: 10_000 } }, 'quiesce', 'resume', midStream, { inject: 'power-loss', target: leader }, afterwards, { heal: 'power-loss' }],
};

/**
 * Below the free disk limit every node refuses publishers until space is back: https://www.rabbitmq.com/docs/disk-alarms. On the last block 4.3's
 * log writers end (enospc in ra_log_segment) and with them the node's copy of the users and queues: it stays up, takes no client ("invalid
 * credentials"), and is no better 60 s after the space is back. So the operator restarts it, who is part of the recipe.
 */
export const diskFull: RabbitmqFault = {
  name: 'disk-full',
  title: "the disk of the queue leader's node runs full mid-stream; with space again the node is restarted",
  tags: ['disk'],
  producer: pace,
  steps: [midStream, { inject: 'disk-full', target: leader }, { wait: { elapsedMs: 8_000 } }, { heal: 'disk-full' }, { inject: 'restart', target: { node: 'rabbitmq-1' } }, { heal: 'restart' }],
  sources: ['https://www.rabbitmq.com/docs/disk-alarms'],
};

export const diskReadOnly: RabbitmqFault = {
  ...diskFull,
  name: 'disk-read-only',
  title: "the disk of the queue leader's node turns read-only mid-stream",
  steps: [midStream, { inject: 'disk-read-only', target: leader }, { wait: { elapsedMs: 8_000 } }, { heal: 'disk-read-only' }],
};

export const diskWipeLeader: RabbitmqFault = {
  ...diskFull,
  name: 'disk-wipe-leader',
  title: "the node of the queue's leader dies and comes back with an empty disk",
  steps: [midStream, { inject: 'disk-wipe', target: leader }, afterwards, { heal: 'disk-wipe' }],
};

export const diskWipeFollower: RabbitmqFault = {
  ...diskFull,
  name: 'disk-wipe-follower',
  title: "a node that holds a copy of the queue dies and comes back with an empty disk",
  steps: [midStream, { inject: 'disk-wipe', target: { follower: 0 } }, afterwards, { heal: 'disk-wipe' }],
};
