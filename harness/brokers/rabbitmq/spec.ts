// RabbitMQ for the pure rooms: what users may write for it, what kind of store a queue is, and which policies cannot work.
import type { BrokerSpec } from '../../model/broker.ts';
import { findContradictions } from './contradictions/find-contradictions.ts';
import { consumerDrivers, producerDrivers, streamDriver } from './drivers.ts';
import { consumerSchema, destinationSchema, producerSchema } from './policy.ts';

const versions = ['3.10', '4.0', '4.3'] as const;

export const rabbitmqSpec = {
  name: 'rabbitmq',
  versions,
  defaultVersion: '4.3',
  defaultNodes: 3,
  producerDrivers,
  consumerDrivers,
  destination: destinationSchema,
  producerPolicy: producerSchema,
  consumerPolicy: consumerSchema,
  defects: null,
  storeKind: ({ settings }) => (settings['type'] === 'stream' ? 'log' : 'queue'),
  clientEquipment: ({ producer }) => (producer.driver === streamDriver || producer.policy['deduplicate'] === true ? ['streams'] : []),
  acknowledges: ({ policy }) => policy['confirms'] !== false || policy['transaction'] === 'tx',
  contradictions: (scenario) => findContradictions(scenario, versions),
} satisfies BrokerSpec;
