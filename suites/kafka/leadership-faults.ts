// Columns of the Kafka matrix in which somebody asks for another leader: nothing ends, and only the unclean election can take anything.
import type { KafkaFault } from './faults.ts';

const steadyPace = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
export const leaderTransfer: KafkaFault = {
  name: 'leader-transfer',
  title: 'leadership is handed to another replica mid-stream',
  tags: ['leader-transfer'],
  producer: steadyPace,
  steps: [midStream, { inject: 'leader-transfer', target: { leader: 0 } }, afterwards, { heal: 'leader-transfer' }],
  sources: ['https://cwiki.apache.org/confluence/display/KAFKA/KIP-455%3A+Create+an+Administrative+API+for+Replica+Reassignment'],
};

/** The first leader of a topic is the preferred replica; a restart takes leadership from it, and the election gives it back. */
export const preferredElection: KafkaFault = {
  name: 'preferred-election',
  title: 'a leader that was restarted is elected again as the preferred replica',
  tags: ['leader-election', 'restart'],
  producer: steadyPace,
  steps: [
    midStream,
    { inject: 'restart', target: { leader: 0 } },
    'redundant',
    afterwards,
    { inject: 'leader-election', target: { leader: 0 } },
    afterwards,
    { heal: 'leader-election' },
    { heal: 'restart' },
  ],
  sources: ['https://kafka.apache.org/documentation/#basic_ops_leader_balancing', 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-460%3A+Admin+Leader+Election+RPC'],
};

/**
 * The leader was the last in sync when it died, and an operator does not wait for it. Exact: the followers have nothing of the closed
 * publish, and what they lack is cut from the old leader's log when it follows. Where two must be in sync the publish is refused, so that
 * the election takes nothing. Without eligible leader replicas, which would give min.insync.replicas=2 a leader by itself (KIP-966).
 */
export const uncleanElection: KafkaFault = {
  name: 'unclean-election',
  title: 'the followers fall out of sync while 500 messages are published, the leader is killed, and an operator elects an unclean leader',
  tags: ['unclean-election', 'replication-cut', 'kill', 'in-sync'],
  properties: { 'replica.lag.time.max.ms': 3_000, 'eligible.leader.replicas.version': 0 },
  only: { versions: ['4.0', '4.1', '4.2', '4.3'], because: 'Kafka has eligible leader replicas to switch off since 4.0 (KIP-966)' },
  producer: { inFlight: 16, batch: 10, ratePerSecond: 1_000, resend: 'never', retries: 8 },
  consumer: { start: 'drain' },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { publish: { count: 500, withinMs: 12_000 } },
    { wait: { inSyncAtMost: 1, elapsedMs: 15_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'cut' },
    { wait: { elapsedMs: 8_000 } },
    { inject: 'unclean-election', target: { replicas: 0 } },
    'resume',
    { wait: { attempted: 300, elapsedMs: 15_000 } },
    { heal: 'unclean-election' },
    { heal: 'kill' },
  ],
  sources: ['https://kafka.apache.org/documentation/#topicconfigs_unclean.leader.election.enable', 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-460%3A+Admin+Leader+Election+RPC'],
};
