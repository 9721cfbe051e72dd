// What users may write for the embedded in-memory queue: a server that keeps requests in its own process.
import { z } from 'zod';
import type { BrokerSpec, Contradiction } from '../../model/broker.ts';
import { faultDeclarations } from '../../model/fault-parameters.ts';
import type { Scenario } from '../../model/scenario.ts';

const every = (does: string) => z.number().int().min(0).default(0).describe(does);

/** Each counts the messages of one queue; 0 switches a defect off. */
export const memoryDefects = z.strictObject({
  losesEvery: every('drops every so-many-th message after it was answered; 0: never'),
  duplicatesEvery: every('enqueues every so-many-th message twice; 0: never'),
  reordersEvery: every('puts every so-many-th message before its neighbour; 0: never'),
  corruptsEvery: every('changes the body of every so-many-th message; 0: never'),
  falseAcksEvery: every('answers every so-many-th publish without a receipt and forgets the message, as a client library that lies; 0: never'),
  neverConfirmsAfter: every('after so many messages publishes are taken but never answered; 0: never'),
  silentAfter: every('after so many messages the server reads and says nothing more; 0: never'),
});
export type MemoryDefects = z.infer<typeof memoryDefects>;

export const memoryDestination = z.strictObject({
  answer: z.enum(['on-accept', 'after-processing']).default('on-accept').describe('on-accept: answered as soon as it is queued; after-processing: answered once a consumer settled it'),
});

export const memoryProducerPolicy = z.strictObject({
  timeoutMs: z.number().int().min(10).default(3_000).describe('milliseconds after which an attempt without an answer is indeterminate'),
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
  const moved = scenario.steps.findIndex((step) => step.kind === 'inject' && faultDeclarations[step.fault].needs === 'leadership');
  if (moved !== -1) {
    found.push({ path: `steps[${moved}]`, message: 'an in-process queue has one node, which always leads', hint: 'Use kill, stop or pause, or choose kafka or rabbitmq.' });
  }
  const inSync = [['steady', scenario.steady] as const, ...scenario.steps.flatMap((step, index) => (step.kind === 'wait' ? [[`steps[${index}].wait`, step.trigger] as const] : []))];
  for (const [path, { inSyncAtMost }] of inSync) {
    if (inSyncAtMost !== undefined) found.push({ path: `${path}.inSyncAtMost`, message: 'an in-process queue has one copy of everything, and no replicas to fall out of sync', hint: 'Count messages or time, or choose kafka or rabbitmq.' });
  }
  if (scenario.producer.batch !== 1) {
    found.push({ path: 'producer.batch', message: 'the embedded queue takes one message a publish', hint: 'Set batch to 1.' });
  }
  if (scenario.producer.routing !== 'explicit') {
    found.push({ path: 'producer.routing', message: 'the embedded queue has no partitions that a client could choose', hint: 'Leave routing out, or choose kafka.' });
  }
  if (Object.keys(scenario.cluster.properties).length > 0 || scenario.cluster.file !== null) {
    found.push({ path: 'cluster.properties', message: 'the embedded queue has no broker settings', hint: 'Use destination.answer or cluster.defects.' });
  }
  return found;
}
