// What an idempotent producer does with the sequence numbers of a send that it gave up.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';
import { frozenFor, frozenLeader } from './frozen-leader.ts';

/** Each send gives up after three tries of 300 ms; the first of them is stored, and whoever comes with its numbers is taken for its repetition. */
const shared = {
  ...frozenLeader,
  destination: { ...frozenLeader.destination, partitions: 1 },
  sources: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging',
    'https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence',
    'https://github.com/tulios/kafkajs/issues/598',
  ],
} as const satisfies Partial<ScenarioInput>;

// `erased` instead of `lost` in the contracts: the victim was sent while the leader was frozen, so it was not in flight when the fault
// struck, and a loss is required among what was in flight. Here both measures name the same messages.
const producer = {
  acks: 'all', idempotent: true, inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never',
  requestTimeoutMs: 300, retries: 2, retryInitialMs: 100, retryMaxMs: 200,
} as const;

/** Measured on 4.1: three sends rejected and one of them stored; the fourth, of 5 messages, resolved with the first one's offset and is nowhere. */
export const kafkajsSequenceReuse = defineScenario({
  ...shared,
  name: 'client-truth/kafkajs-sequence-reuse/leader-frozen',
  title: 'kafkajs gives the next send the sequence numbers of one that it gave up: the broker takes it for a repetition, acknowledged and nowhere',
  twin: 'client-truth/platformatic-sequence-reuse/leader-frozen',
  producer: { ...producer, driver: 'kafkajs' },
  contract: { ...sound, lost: 'allowed', erased: 'required', offsetConflicts: 'required', stuck: 'forbidden', copies: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});

/** Measured on 4.1: three sends rejected, all three stored (recovered), nothing lost. */
export const platformaticSequenceReuse = defineScenario({
  ...shared,
  name: 'client-truth/platformatic-sequence-reuse/leader-frozen',
  title: '@platformatic/kafka takes a new producer id after a send that it gave up: nothing acknowledged is lost',
  twin: 'client-truth/kafkajs-sequence-reuse/leader-frozen',
  producer: { ...producer, driver: 'platformatic' },
  contract: { ...sound, lost: 'forbidden', erased: 'forbidden', offsetConflicts: 'forbidden', stuck: 'forbidden', copies: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});

const concurrent = { ...producer, inFlight: 5, requestTimeoutMs: 1_000, retries: 60 } as const;

/**
 * Nobody gives up here: retries outlast the freeze. Five sends are under way, and kafkajs lets the next one begin while a failed one pauses
 * before its next try. The first is stored when the leader thaws; the one that waits for an answer then has the same numbers. (At 3 to 4 s
 * that is the fourth: each had a second.) The first one is tried again with new numbers, and stored twice.
 */
export const kafkajsSequenceReuseConcurrent = defineScenario({
  ...shared,
  steps: frozenFor(3_000),
  name: 'client-truth/kafkajs-sequence-reuse-concurrent/leader-frozen',
  title: 'kafkajs with several idempotent sends under way: one is acknowledged and nowhere, another is stored twice',
  twin: 'client-truth/platformatic-sequence-reuse-concurrent/leader-frozen',
  producer: { ...concurrent, driver: 'kafkajs', options: { maxInFlightRequests: 5 } },
  contract: { ...sound, lost: 'allowed', erased: 'required', offsetConflicts: 'required', copies: 'required', failed: 'forbidden', indeterminate: 'forbidden', stuck: 'forbidden', reordered: 'allowed' },
});

/** The same five under way, each with its own place in the sequence until it is answered. */
export const platformaticSequenceReuseConcurrent = defineScenario({
  ...shared,
  steps: frozenFor(3_000),
  name: 'client-truth/platformatic-sequence-reuse-concurrent/leader-frozen',
  title: '@platformatic/kafka with several idempotent sends under way: each is there once',
  twin: 'client-truth/kafkajs-sequence-reuse-concurrent/leader-frozen',
  producer: { ...concurrent, driver: 'platformatic' },
  contract: { ...sound, lost: 'forbidden', erased: 'forbidden', offsetConflicts: 'forbidden', copies: 'forbidden', stuck: 'forbidden', duplicated: 'forbidden', reordered: 'allowed' },
});
