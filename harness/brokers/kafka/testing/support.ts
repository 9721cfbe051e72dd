// What this room's cluster tests share: clusters, client specs, messages, and a sink that remembers.
import { randomUUID } from 'node:crypto';
import type { Delivery, DeliverySink, Outgoing } from '../../../model/client.ts';
import type { Cluster } from '../../../model/cluster.ts';
import type { ClusterSpec, ConsumerSpec, ProducerSpec } from '../../../model/scenario.ts';
import { kafka } from '../index.ts';

export function startCluster(parts: Partial<ClusterSpec>, signal: AbortSignal): Promise<Cluster> {
  const spec: ClusterSpec = { broker: 'kafka', version: '4.1', nodes: 3, properties: {}, file: null, defects: {}, ...parts };
  return kafka.startCluster({ spec, runId: `kafka-test-${randomUUID().slice(0, 8)}`, keep: false, signal, onProgress: () => {} });
}

export const producerSpec = (policy: object, driver = 'kafkajs'): ProducerSpec => ({
  driver, program: null, count: 1, inFlight: 1, batch: 50, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', policy: { ...policy }, options: {},
});

export const consumerSpec = (settle: ConsumerSpec['settle'], driver = 'kafkajs'): ConsumerSpec =>
  ({ driver, program: null, count: 1, start: 'steady', settle, prefetch: 100, handlerMs: 0, refuse: null, policy: {}, options: {} });

export const outgoing = (count: number, partition: number | null = 0): readonly Outgoing[] =>
  Array.from({ length: count }, () => ({ payload: Buffer.from(randomUUID()), partition, key: null }));

export const messageText = (payload: Uint8Array): string => Buffer.from(payload).toString();

const idOf = (delivery: Delivery): string => messageText(delivery.payload);

export interface RecordingSink {
  readonly sink: DeliverySink;
  readonly received: string[];
  readonly settled: string[];
  readonly assigned: number[];
}

export function recordingSink(): RecordingSink {
  const received: string[] = [];
  const settled: string[] = [];
  const assigned: number[] = [];
  const sink: DeliverySink = {
    received: async (batch) => void received.push(...batch.map(idOf)),
    process: async (batch) => ({ accepted: batch, refused: [], requeue: false }),
    settled: async (batch) => void settled.push(...batch.map(idOf)),
    rejected: () => {},
    assigned: (partition) => void assigned.push(partition),
    revoked: () => {},
    note: () => {},
  };
  return { sink, received, settled, assigned };
}
