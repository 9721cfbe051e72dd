// What users may write for the embedded in-memory queue: a server that keeps requests in its own process.
import { z } from 'zod';
import type { BrokerSpec, Contradiction } from '../../model/broker.ts';
import type { Scenario } from '../../model/scenario.ts';

const every = z.number().int().min(0).default(0);

/** Each counts the messages of one queue: `losesEvery: 100` drops every hundredth after it was answered. 0 switches a defect off. */
export const memoryDefects = z.strictObject({
  losesEvery: every,
  duplicatesEvery: every,
  reordersEvery: every,
  corruptsEvery: every,
  /** Answers "accepted" without a receipt and forgets the message: a client library that lies. */
  falseAcksEvery: every,
  /** After so many messages publishes are taken but never answered. */
  neverConfirmsAfter: every,
  /** After so many messages the server reads and says nothing more. */
  silentAfter: every,
});
export type MemoryDefects = z.infer<typeof memoryDefects>;

export const memoryDestination = z.strictObject({
  /** `on-accept`: answered as soon as it is queued. `after-processing`: answered once a consumer settled it. */
  answer: z.enum(['on-accept', 'after-processing']).default('on-accept'),
});

export const memoryProducerPolicy = z.strictObject({
  /** An attempt without an answer after this is indeterminate. */
  timeoutMs: z.number().int().min(10).default(3_000),
});

export const memoryConsumerPolicy = z.strictObject({});

export const memorySpec = {
  name: 'memory',
  versions: ['embedded'],
  defaultVersion: 'embedded',
  defaultNodes: 1,
  producerDrivers: ['memory'],
  consumerDrivers: ['memory'],
  destination: memoryDestination,
  producerPolicy: memoryProducerPolicy,
  consumerPolicy: memoryConsumerPolicy,
  defects: memoryDefects,
  storeKind: () => 'queue',
  acknowledges: () => true,
  contradictions,
} satisfies BrokerSpec;

function contradictions(scenario: Scenario): readonly Contradiction[] {
  const found: Contradiction[] = [];
  if (scenario.cluster.nodes !== 1) {
    found.push({ path: 'cluster.nodes', message: `an in-process queue has 1 node, not ${scenario.cluster.nodes}`, hint: 'Leave nodes out, or choose kafka or rabbitmq.' });
  }
  if (scenario.destination.partitions !== 1) {
    found.push({ path: 'destination.partitions', message: 'an in-process queue has one partition', hint: 'Leave partitions out.' });
  }
  const cut = scenario.steps.findIndex((step) => step.kind === 'inject' && step.fault === 'replication-cut');
  if (cut !== -1) {
    found.push({ path: `steps[${cut}]`, message: 'an in-process queue has no replication to cut', hint: 'Use kill, stop or pause, or choose kafka.' });
  }
  if (scenario.producer.batch !== 1) {
    found.push({ path: 'producer.batch', message: 'the embedded queue takes one message a publish', hint: 'Set batch to 1.' });
  }
  if (Object.keys(scenario.cluster.properties).length > 0 || scenario.cluster.file !== null) {
    found.push({ path: 'cluster.properties', message: 'the embedded queue has no broker settings', hint: 'Use destination.answer or cluster.defects.' });
  }
  return found;
}
