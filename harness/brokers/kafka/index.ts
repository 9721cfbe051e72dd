// Kafka: its spec, its clusters and its clients. A cluster's code is loaded when one is started, a driver's when a client
// is made of it, so that worker processes pay neither for the engine nor for a library that their scenario does not name.
import type { BrokerModule, ClientContext } from '../../model/broker.ts';
import type { ConsumerClient, ProducerClient } from '../../model/client.ts';
import { invariant } from '../../model/errors.ts';
import type { ConsumerSpec, ProducerSpec } from '../../model/scenario.ts';
import { kafkaSpec } from './spec.ts';

interface Driver {
  readonly producer: (context: ClientContext, spec: ProducerSpec) => Promise<ProducerClient>;
  readonly consumer: (context: ClientContext, spec: ConsumerSpec) => Promise<ConsumerClient>;
}

const drivers: Readonly<Record<string, Driver>> = {
  kafkajs: {
    producer: async (context, spec) => new (await import('./clients/kafkajs/producer.ts')).KafkajsProducer(context, spec),
    consumer: async (context, spec) => new (await import('./clients/kafkajs/consumer.ts')).KafkajsConsumer(context, spec),
  },
  platformatic: {
    producer: async (context, spec) => new (await import('./clients/platformatic/producer.ts')).PlatformaticProducer(context, spec),
    consumer: async (context, spec) => new (await import('./clients/platformatic/consumer.ts')).PlatformaticConsumer(context, spec),
  },
};

function driverOf(name: string): Driver {
  const driver = drivers[name];
  invariant(driver !== undefined, `${name} is a Kafka driver`);
  return driver;
}

export const kafka: BrokerModule = {
  spec: kafkaSpec,
  startCluster: async (options) => (await import('./cluster.ts')).startKafkaCluster(options),
  createProducer: (context, spec) => driverOf(spec.driver).producer(context, spec),
  createConsumer: (context, spec) => driverOf(spec.driver).consumer(context, spec),
};
