// Where @platformatic/kafka wants to be told about acks. Its constructor takes them, and its types offer them there; its sends do not use them.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

/** The exact form of what acks=1 risks: the leader dies while its followers have not fetched the last thousand messages. */
const shared = {
  tags: ['client-truth', 'kafka', 'full', 'replication-cut', 'kill'],
  cluster: { broker: 'kafka' },
  destination: { partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 },
  steady: { attempted: 300, elapsedMs: 20_000 },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { publish: { count: 1_000, withinMs: 5_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'cut' },
    'resume',
    { wait: { attempted: 300, elapsedMs: 15_000 } },
    { heal: 'kill' },
  ],
  sources: ['https://kafka.apache.org/documentation/#producerconfigs_acks', 'https://github.com/platformatic/kafka'],
} as const satisfies Partial<ScenarioInput>;

const producer = { driver: 'platformatic', acks: 'all', idempotent: false, inFlight: 16, batch: 10, ratePerSecond: 1_000, requestTimeoutMs: 30_000, retries: 20, resend: 'never' } as const;

/**
 * Measured on 4.1 with @platformatic/kafka 2.12.1: 1 000 of the 1 000 acknowledged in the cut are lost, where acks=all could not have
 * acknowledged one of them. The broker did what it was asked; the library tells what it sends, so the report calls the loss the client's.
 * An idempotent producer is not concerned: its sends always ask for all.
 */
export const platformaticAcksInConstructor = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-acks-in-constructor/leader-kill-behind',
  title: '@platformatic/kafka, new Producer({ acks: all }): its sends go out with acks=1, and the leader takes them along',
  twin: 'client-truth/platformatic-acks-in-send/leader-kill-behind',
  producer: { ...producer, options: { acksTold: 'constructor' } },
  contract: { ...sound, lost: { equals: 'exposed' }, stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});

/** Measured on 4.1: nothing lost. */
export const platformaticAcksInSend = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-acks-in-send/leader-kill-behind',
  title: '@platformatic/kafka, send({ acks: all }): nothing is acknowledged before the followers have it',
  twin: 'client-truth/platformatic-acks-in-constructor/leader-kill-behind',
  producer: { ...producer, options: { acksTold: 'send' } },
  contract: { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});
