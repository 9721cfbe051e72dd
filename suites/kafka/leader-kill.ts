// The leader of the written partition is killed mid-stream and restarted.
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../sound.ts';

/**
 * An idempotent producer with one publish under way: the broker drops the library's own repetitions, so neither loss nor copies are owed.
 * The first acknowledgement came 3.1 to 4.0 s after the kill with broker.session.timeout.ms 3000; the contract is generous about it.
 */
export const leaderKill = defineScenario({
  name: 'kafka/acks-all/leader-kill',
  title: 'Idempotent producer with acks=all; the partition leader is killed mid-stream',
  tags: ['demo', 'kafka', 'kill'],
  cluster: { broker: 'kafka' },
  destination: { partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 },
  producer: { acks: 'all', idempotent: true, inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' },
  consumer: { settle: 'after-processing' },
  steady: { acknowledged: 300 },
  steps: [
    { wait: { acknowledged: 1_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { wait: { acknowledged: 500, elapsedMs: 20_000 } },
    { heal: 'kill' },
  ],
  contract: {
    ...sound,
    lost: 'forbidden',
    erased: 'forbidden',
    stuck: 'forbidden',
    duplicated: 'forbidden',
    reordered: 'forbidden',
    skipped: 'forbidden',
    offsetConflicts: 'forbidden',
    redelivered: 'allowed',
    rewound: 'allowed',
    unavailableMs: { max: 30_000 },
  },
  sources: [
    'https://kafka.apache.org/documentation/#producerconfigs_acks',
    'https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging',
  ],
});
