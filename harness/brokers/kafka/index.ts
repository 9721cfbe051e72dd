// Kafka: its spec, its clusters and its clients. A cluster's code is loaded when one is started, so that worker
// processes do not pay for the engine.
import type { BrokerModule, ClientContext } from '../../model/broker.ts';
import type { ConsumerClient, ProducerClient } from '../../model/client.ts';
import { invariant } from '../../model/errors.ts';
import type { ConsumerSpec, ProducerSpec } from '../../model/scenario.ts';
import { KafkajsConsumer } from './clients/kafkajs/consumer.ts';
import { KafkajsProducer } from './clients/kafkajs/producer.ts';
import { PlatformaticConsumer } from './clients/platformatic/consumer.ts';
import { PlatformaticProducer } from './clients/platformatic/producer.ts';
import { kafkaSpec } from './spec.ts';

interface Driver {
  readonly producer: new (context: ClientContext, spec: ProducerSpec) => ProducerClient;
  readonly consumer: new (context: ClientContext, spec: ConsumerSpec) => ConsumerClient;
}

const drivers: Readonly<Record<string, Driver>> = {
  kafkajs: { producer: KafkajsProducer, consumer: KafkajsConsumer },
  platformatic: { producer: PlatformaticProducer, consumer: PlatformaticConsumer },
};

function driverOf(name: string): Driver {
  const driver = drivers[name];
  invariant(driver !== undefined, `${name} is a Kafka driver`);
  return driver;
}

export const kafka: BrokerModule = {
  spec: kafkaSpec,
  startCluster: async (options) => (await import('./cluster.ts')).startKafkaCluster(options),
  createProducer: (context, spec) => new (driverOf(spec.driver).producer)(context, spec),
  createConsumer: (context, spec) => new (driverOf(spec.driver).consumer)(context, spec),
};
