// A leader that falls silent while its connections stay open. The cluster replaces it after its session; a client must notice by itself.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

const frozenMs = 20_000;

/** kafka-1 stands first among the addresses that clients are given: freezing another one leaves them somebody to ask. */
const stepsFreezing = (node: string) => [
  { wait: { attempted: 600, elapsedMs: 10_000 } },
  { inject: 'pause', target: { node } },
  { wait: { elapsedMs: frozenMs } },
  { heal: 'pause' },
  { wait: { attempted: 600, elapsedMs: 15_000 } },
] as const;

const shared = {
  tags: ['client-truth', 'kafka', 'full', 'pause'],
  cluster: { broker: 'kafka' },
  destination: { partitions: 3, replicationFactor: 3, minInsyncReplicas: 2 },
  steady: { attempted: 600, elapsedMs: 20_000 },
  sources: ['https://github.com/tulios/kafkajs/pull/1783', 'https://kafka.apache.org/documentation/#brokerconfigs_broker.session.timeout.ms'],
} as const satisfies Partial<ScenarioInput>;

const producer = { acks: 'all', idempotent: false, inFlight: 12, batch: 5, ratePerSecond: 1_000, requestTimeoutMs: 2_000, retries: 20, resend: 'never' } as const;
const contract = { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' } as const;

export const kafkajsSilentLeader = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-silent-leader/leader-frozen',
  title: 'kafkajs stays with a frozen leader until it thaws, long after the cluster has another one',
  twin: 'client-truth/platformatic-silent-leader/leader-frozen',
  producer: { ...producer, driver: 'kafkajs' },
  steps: stepsFreezing('kafka-2'),
  contract: { ...contract, unavailableMs: { min: frozenMs - 2_000 } },
});

export const platformaticSilentLeader = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-silent-leader/leader-frozen',
  title: '@platformatic/kafka gives a frozen leader up and finds the new one',
  twin: 'client-truth/kafkajs-silent-leader/leader-frozen',
  producer: { ...producer, driver: 'platformatic' },
  steps: stepsFreezing('kafka-2'),
  contract: { ...contract, unavailableMs: { max: frozenMs - 3_000 } },
});

export const platformaticSilentBootstrap = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-silent-bootstrap/first-node-frozen',
  title: '@platformatic/kafka asks the first of its addresses where the leaders are, and waits for it as long as it is frozen',
  producer: { ...producer, driver: 'platformatic' },
  steps: stepsFreezing('kafka-1'),
  contract: { ...contract, unavailableMs: { min: frozenMs - 2_000 } },
});
