// Kafka: its spec, its clusters and its clients. A cluster's code is loaded when one is started, so that worker
// processes do not pay for the engine.
import type { BrokerModule } from '../../model/broker.ts';
import { invariant } from '../../model/errors.ts';
import { KafkajsConsumer } from './clients/kafkajs/consumer.ts';
import { KafkajsProducer } from './clients/kafkajs/producer.ts';
import { kafkaSpec } from './spec.ts';

export const kafka: BrokerModule = {
  spec: kafkaSpec,
  startCluster: async (options) => (await import('./cluster.ts')).startKafkaCluster(options),
  createProducer(context, spec) {
    invariant(spec.driver === 'kafkajs', `${spec.driver} is a Kafka driver`);
    return new KafkajsProducer(context, spec);
  },
  createConsumer(context, spec) {
    invariant(spec.driver === 'kafkajs', `${spec.driver} is a Kafka driver`);
    return new KafkajsConsumer(context, spec);
  },
};
