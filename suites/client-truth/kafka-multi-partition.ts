// A send that spans brokers, one of which freezes and then dies. Every call resolves; whether its messages exist is another matter.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

/**
 * Six partitions on three nodes: each node leads two, so the node is named instead of its role; by the time of the kill the
 * leadership has long moved, and the frozen node is the one to die. The twenty sends under way are the experiment: each has a
 * part at the frozen node, so none of them ends before the kill. The request timeout outlasts it, as both libraries' defaults do.
 */
const shared = {
  tags: ['client-truth', 'kafka', 'full', 'pause', 'kill'],
  cluster: { broker: 'kafka' },
  destination: { partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 },
  steady: { attempted: 600, elapsedMs: 20_000 },
  steps: [
    { wait: { attempted: 600, elapsedMs: 10_000 } },
    { inject: 'pause', target: { node: 'kafka-1' } },
    // The broker's session ends after 3 s, a new controller may have to be elected first: then others lead, and have answered.
    { wait: { elapsedMs: 8_000 } },
    { inject: 'kill', target: { node: 'kafka-1' } },
    { wait: { attempted: 600, elapsedMs: 15_000 } },
    { heal: 'kill' },
    { heal: 'pause' },
  ],
} as const satisfies Partial<ScenarioInput>;

/** Each has at least one message for the frozen node. */
const sendsUnderWay = 20;
const producer = { acks: 'all', idempotent: false, routing: 'multi-partition', inFlight: sendsUnderWay, batch: 6, ratePerSecond: 1_200, requestTimeoutMs: 30_000, resend: 'never' } as const;

/** Measured on 4.1: 40 of the 120 messages under way are nowhere, each without a receipt; nothing rejected. */
export const kafkajsMultiPartition = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-multi-partition/leader-frozen-then-killed',
  title: 'kafkajs sends over several brokers, one of which freezes and dies: it resolves every send, and drops what that broker should have got',
  twin: 'client-truth/platformatic-multi-partition/leader-frozen-then-killed',
  producer: { ...producer, driver: 'kafkajs' },
  // Nothing fails and nothing is unknown: the application is told that every message is stored.
  contract: { ...sound, lost: { min: sendsUnderWay }, failed: 'forbidden', indeterminate: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
  sources: ['https://github.com/tulios/kafkajs/issues/1303', 'https://github.com/tulios/kafkajs/pull/1798', 'https://kafka.js.org/docs/producing'],
});

/** Measured on 4.1: nothing lost, 2 copies. With a timeout of 30 s it waits for the frozen node as long as kafkajs does. */
export const platformaticMultiPartition = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-multi-partition/leader-frozen-then-killed',
  title: '@platformatic/kafka sends over several brokers, one of which freezes and dies: what it calls stored is stored',
  twin: 'client-truth/kafkajs-multi-partition/leader-frozen-then-killed',
  producer: { ...producer, driver: 'platformatic' },
  contract: { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
  sources: ['https://github.com/platformatic/kafka', 'https://kafka.apache.org/documentation/#producerconfigs_acks'],
});
