// Where a message without a key goes when its first try was not answered, and what idempotence is worth then.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';
import { frozenLeader } from './frozen-leader.ts';

/** The leader of one partition of three freezes; the library may choose another one. */
const shared = {
  ...frozenLeader,
  destination: { ...frozenLeader.destination, partitions: 3 },
  sources: [
    'https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging',
    'https://kafka.js.org/docs/producing',
  ],
} as const satisfies Partial<ScenarioInput>;

const producer = {
  acks: 'all', idempotent: true, inFlight: 1, batch: 1, ratePerSecond: 200, resend: 'never', requestTimeoutMs: 700, retries: 60, retryInitialMs: 100, retryMaxMs: 200,
} as const;

/**
 * Measured on 4.1: one message in two partitions, and one more acknowledged and nowhere: the partition's sequence numbers were given
 * to another message meanwhile (see kafka-sequence-reuse.ts), which the broker took for a repetition of the first.
 */
export const kafkajsKeyless = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-keyless/leader-frozen',
  title: 'kafkajs chooses another partition when it tries a message without a key again: idempotence keeps neither copy away',
  twin: 'client-truth/platformatic-keyless/leader-frozen',
  producer: { ...producer, driver: 'kafkajs', routing: 'keyless' },
  contract: { ...sound, copies: 'required', lost: 'allowed', stuck: 'forbidden', reordered: 'allowed' },
});

/** Measured on 4.1: no copy, nothing lost. */
export const platformaticKeyless = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-keyless/leader-frozen',
  title: '@platformatic/kafka keeps a message without a key in the partition that it chose first',
  twin: 'client-truth/kafkajs-keyless/leader-frozen',
  producer: { ...producer, driver: 'platformatic', routing: 'keyless' },
  contract: { ...sound, copies: 'forbidden', lost: 'forbidden', stuck: 'forbidden', reordered: 'allowed' },
});

/** The control: the same library, and a key that says where to go. Measured on 4.1: no copy, nothing lost. */
export const kafkajsKeyed = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-keyed/leader-frozen',
  title: 'kafkajs tries a message with a key again in its own partition, where the broker knows it',
  twin: 'client-truth/kafkajs-keyless/leader-frozen',
  producer: { ...producer, driver: 'kafkajs', routing: 'keyed' },
  contract: { ...sound, copies: 'forbidden', lost: 'forbidden', stuck: 'forbidden', reordered: 'allowed' },
});
