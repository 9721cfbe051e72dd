// What users may write for Kafka. Pure: safe to load without Docker or a client.
import type { BrokerSpec } from '../../model/broker.ts';
import { contradictionsOf } from './contradictions.ts';
import { consumerPolicySchema, destinationSchema, producerPolicySchema } from './policy.ts';
import { drivers, versions } from './vocabulary.ts';

export const kafkaSpec = {
  name: 'kafka',
  versions,
  defaultVersion: '4.1',
  defaultNodes: 3,
  producerDrivers: drivers,
  consumerDrivers: drivers,
  destination: destinationSchema,
  producerPolicy: producerPolicySchema,
  consumerPolicy: consumerPolicySchema,
  defects: null,
  storeKind: () => 'log',
  acknowledges: (producer) => producer.policy['acks'] !== 0,
  contradictions: contradictionsOf,
} satisfies BrokerSpec;
