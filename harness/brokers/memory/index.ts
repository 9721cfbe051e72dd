// The embedded broker: the source case of every failover question, and the bench on which the engine itself is tested.
import type { BrokerModule } from '../../model/broker.ts';
import { MemoryConsumer } from './client/consumer.ts';
import { MemoryProducer } from './client/producer.ts';
import { MemoryCluster } from './cluster.ts';
import { memorySpec } from './spec.ts';

export const memory: BrokerModule = {
  spec: memorySpec,
  startCluster: (options) => MemoryCluster.start(options),
  createProducer: async (context, spec) => new MemoryProducer(context, spec),
  createConsumer: async (context, spec) => new MemoryConsumer(context, spec),
};
