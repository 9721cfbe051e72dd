// Columns of the Kafka matrix in which a consumers' group is in trouble: its coordinator dies, or members come, go and sleep.
import type { KafkaFault } from './faults.ts';

const traffic = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never', acks: 'all', idempotent: true } as const;
const first = { wait: { processed: 500, elapsedMs: 20_000 } } as const;
const afterwards = { wait: { processed: 300, elapsedMs: 30_000 } } as const;

export const coordinatorKill: KafkaFault = {
  name: 'coordinator-kill',
  title: "the coordinator of the consumers' group is killed",
  tags: ['kill', 'coordinator', 'consumer'],
  producer: traffic,
  consumer: { count: 2, prefetch: 50 },
  destination: { partitions: 4 },
  steps: [first, { inject: 'kill', target: 'coordinator' }, afterwards, { heal: 'kill' }],
  sources: ['https://kafka.apache.org/documentation/#impl_offsettracking'],
};

/**
 * A zombie: it sleeps with its hands full for longer than session.timeout.ms (6 s), the group gives its partitions to the other member,
 * and when it wakes it ends what it held. Whether that is done twice is for the moment of its commit to say. Stalled first, so that it surely holds something.
 */
export const consumerZombie: KafkaFault = {
  name: 'consumer-zombie',
  title: 'a consumer freezes with messages in hand for longer than its session, and wakes up',
  tags: ['consumer', 'pause', 'stall'],
  producer: traffic,
  consumer: { count: 2, prefetch: 50, handlerMs: 1 },
  destination: { partitions: 2 },
  steps: [
    first,
    { inject: 'stall', target: { consumer: 0 } },
    { inject: 'pause', target: { consumer: 0 } },
    { wait: { elapsedMs: 15_000 } },
    { heal: 'pause' },
    { heal: 'stall' },
    afterwards,
  ],
  sources: ['https://kafka.apache.org/documentation/#consumerconfigs_session.timeout.ms'],
};

export const rebalanceStorm: KafkaFault = {
  name: 'rebalance-storm',
  title: 'a consumer leaves its group and joins again, three times',
  tags: ['consumer', 'rebalance'],
  producer: traffic,
  consumer: { count: 2, prefetch: 50 },
  destination: { partitions: 4 },
  steps: [first, { inject: 'rebalance-storm', target: { consumer: 0 }, with: { times: 3 } }, { heal: 'rebalance-storm' }, afterwards],
  sources: ['https://kafka.apache.org/documentation/#impl_consumer'],
};

/** Kafka counts no deliveries: whoever dies with the same records in hand again and again stays where its group has committed, and loses nothing. */
export const consumerCrashLoop: KafkaFault = {
  name: 'consumer-crash-loop',
  title: 'a consumer dies three times with messages in its hands',
  tags: ['consumer', 'kill'],
  producer: traffic,
  consumer: { prefetch: 50 },
  steps: [first, { inject: 'crash-loop', target: { consumer: 0 }, with: { times: 3, held: 5 } }, { heal: 'crash-loop' }, afterwards],
  sources: ['https://kafka.apache.org/documentation/#impl_offsettracking'],
};
