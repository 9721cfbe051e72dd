// RabbitMQ as the other rooms see it. Worker processes load this too, so the engine comes in only when a cluster is started,
// and a driver only when a client is made of it.
import type { BrokerModule } from '../../model/broker.ts';
import { createConsumer } from './clients/create-consumer.ts';
import { streamDriver } from './drivers.ts';
import { rabbitmqSpec } from './spec.ts';

export const rabbitmq: BrokerModule = {
  spec: rabbitmqSpec,
  startCluster: async (options) => (await import('./start-cluster.ts')).startCluster(options),
  createProducer: async (context, spec) => {
    switch (spec.driver) {
      case 'rabbitmq-client': return new (await import('./clients/rabbitmq-client/producer.ts')).RabbitmqClientProducer(context, spec);
      case streamDriver: return new (await import('./clients/rabbitmq-stream-js-client/producer.ts')).RabbitmqStreamProducer(context, spec);
      default: return new (await import('./clients/amqplib/producer.ts')).AmqplibProducer(context, spec);
    }
  },
  createConsumer,
};
