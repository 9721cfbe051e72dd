// A leader that falls silent while its connections stay open. The cluster replaces it after its session; a client must notice by itself.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

const frozenMs = 30_000;
/**
 * The send that is under way when the leader freezes may be another partition's. It is answered once the frozen node has left that one's in-sync
 * set, up to 8.4 s later on a busy machine; only the next send goes to the frozen leader, and only from then on does its partition count as waited for.
 */
const replacedMs = 12_000;

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

// One send under way: several may be told by another broker that a leader has moved, and then kafkajs asks for all of them (3.9 s instead of 21.6 s, once).
const producer = { acks: 'all', idempotent: false, inFlight: 1, batch: 5, ratePerSecond: 1_000, requestTimeoutMs: 2_000, retries: 20, resend: 'never' } as const;
const contract = { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' } as const;

/** Measured on 4.1, frozen for 20 s: another leader after 4.1 s, the first acknowledgement of its partition after 21.6 s, when the old one had thawed. No request failed. */
export const kafkajsSilentLeader = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-silent-leader/leader-frozen',
  title: 'kafkajs stays with a frozen leader until it thaws, long after the cluster has another one',
  twin: 'client-truth/platformatic-silent-leader/leader-frozen',
  producer: { ...producer, driver: 'kafkajs' },
  steps: stepsFreezing('kafka-2'),
  contract: { ...contract, unavailableMs: { min: frozenMs - replacedMs } },
});

/** Measured on 4.1: another leader after 4 s, acknowledged again after 3.8 s of silence. */
export const platformaticSilentLeader = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-silent-leader/leader-frozen',
  title: '@platformatic/kafka gives a frozen leader up and finds the new one',
  twin: 'client-truth/kafkajs-silent-leader/leader-frozen',
  producer: { ...producer, driver: 'platformatic' },
  steps: stepsFreezing('kafka-2'),
  contract: { ...contract, unavailableMs: { max: frozenMs - replacedMs - 1_000 } },
});

/**
 * Measured on 4.1, frozen for 20 s: another leader after 5.1 s, and 20.4 s without an acknowledgement on any partition, though two nodes of three answer:
 * between tries of a send the library asks for the leaders without rotating its addresses (2.12, `metadata` with no retries of its own).
 */
export const platformaticSilentBootstrap = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-silent-bootstrap/first-node-frozen',
  title: '@platformatic/kafka asks the first of its addresses where the leaders are, and waits for it as long as it is frozen',
  producer: { ...producer, driver: 'platformatic' },
  steps: stepsFreezing('kafka-1'),
  contract: { ...contract, unavailableMs: { min: frozenMs - replacedMs } },
});
