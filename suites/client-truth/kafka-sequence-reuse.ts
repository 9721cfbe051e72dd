// What an idempotent producer does with the sequence numbers of a send that it gave up.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

/**
 * The leader freezes for less than its session, so it stays the leader and stores what lies in its sockets when it thaws. Each send
 * gives up after three tries of 300 ms; the first of them is stored, and whoever comes with its numbers is taken for its repetition.
 */
const shared = {
  tags: ['client-truth', 'kafka', 'full', 'pause', 'idempotent'],
  cluster: { broker: 'kafka', properties: { 'broker.session.timeout.ms': '9000' } },
  destination: { partitions: 1, replicationFactor: 1, minInsyncReplicas: 1 },
  steady: { attempted: 200, elapsedMs: 20_000 },
  steps: [
    { wait: { attempted: 200, elapsedMs: 10_000 } },
    { inject: 'pause', target: { leader: 0 } },
    { wait: { elapsedMs: 4_000 } },
    { heal: 'pause' },
    { wait: { attempted: 300, elapsedMs: 10_000 } },
  ],
  sources: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging',
    'https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence',
    'https://github.com/tulios/kafkajs/issues/598',
  ],
} as const satisfies Partial<ScenarioInput>;

const producer = {
  acks: 'all', idempotent: true, inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never',
  requestTimeoutMs: 300, retries: 2, retryInitialMs: 100, retryMaxMs: 200,
} as const;

export const kafkajsSequenceReuse = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-sequence-reuse/leader-frozen',
  title: 'kafkajs gives the next send the sequence numbers of one that it gave up: the broker takes it for a repetition, acknowledged and nowhere',
  twin: 'client-truth/platformatic-sequence-reuse/leader-frozen',
  producer: { ...producer, driver: 'kafkajs' },
  contract: { ...sound, lost: 'required', offsetConflicts: 'required', stuck: 'forbidden', copies: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});

export const platformaticSequenceReuse = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-sequence-reuse/leader-frozen',
  title: '@platformatic/kafka takes a new producer id after a send that it gave up: nothing acknowledged is lost',
  twin: 'client-truth/kafkajs-sequence-reuse/leader-frozen',
  producer: { ...producer, driver: 'platformatic' },
  contract: { ...sound, lost: 'forbidden', offsetConflicts: 'forbidden', stuck: 'forbidden', copies: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});
