// What "automatic commit" commits: what the application handled, or what the library fetched for it.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

/** More comes in than the handler manages, so the library holds fetched messages that nobody has seen when the process dies. */
const shared = {
  tags: ['client-truth', 'kafka', 'full', 'consumer-kill'],
  cluster: { broker: 'kafka' },
  destination: { partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 },
  producer: { acks: 'all', idempotent: true, inFlight: 1, batch: 5, ratePerSecond: 200, resend: 'never' },
  steady: { attempted: 200, elapsedMs: 20_000 },
  steps: [
    { wait: { attempted: 1_200, elapsedMs: 15_000 } },
    { inject: 'kill', target: { consumer: 0 } },
    { wait: { attempted: 200, elapsedMs: 5_000 } },
    { heal: 'kill' },
    { wait: { attempted: 200, elapsedMs: 5_000 } },
  ],
} as const satisfies Partial<ScenarioInput>;

const consumer = { settle: 'automatic', autoCommitIntervalMs: 500, handlerMs: 8 } as const;

/** Measured on 4.1: 661 of 2 005 acknowledged messages lost, all of them settled and never processed. Java's consumer commits what its application polled. */
export const platformaticAutoCommit = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-auto-commit/consumer-kill',
  title: '@platformatic/kafka commits what it has fetched: what its application had not seen yet is gone with the process',
  twin: 'client-truth/kafkajs-auto-commit/consumer-kill',
  consumer: { ...consumer, driver: 'platformatic' },
  contract: { ...sound, lost: 'required', erased: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
  sources: ['https://github.com/platformatic/kafka', 'https://kafka.apache.org/documentation/#consumerconfigs_enable.auto.commit'],
});

/** Measured on 4.1: nothing lost, 191 processed twice. */
export const kafkajsAutoCommit = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-auto-commit/consumer-kill',
  title: 'kafkajs commits what its handler has ended: the rest comes again',
  twin: 'client-truth/platformatic-auto-commit/consumer-kill',
  consumer: { ...consumer, driver: 'kafkajs' },
  contract: { ...sound, lost: 'forbidden', erased: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
  sources: ['https://kafka.js.org/docs/consuming#a-name-auto-commit-a-autocommit'],
});
