// RabbitMQ as the other rooms see it. Worker processes load this too, so the engine comes in only when a cluster is started.
import type { BrokerModule } from '../../model/broker.ts';
import { AmqplibProducer } from './clients/amqplib/producer.ts';
import { createConsumer } from './clients/create-consumer.ts';
import { RabbitmqClientProducer } from './clients/rabbitmq-client/producer.ts';
import { RabbitmqStreamProducer } from './clients/rabbitmq-stream-js-client/producer.ts';
import { streamDriver } from './drivers.ts';
import { rabbitmqSpec } from './spec.ts';

export const rabbitmq: BrokerModule = {
  spec: rabbitmqSpec,
  startCluster: async (options) => (await import('./start-cluster.ts')).startCluster(options),
  createProducer: (context, spec) => {
    switch (spec.driver) {
      case 'rabbitmq-client': return new RabbitmqClientProducer(context, spec);
      case streamDriver: return new RabbitmqStreamProducer(context, spec);
      default: return new AmqplibProducer(context, spec);
    }
  },
  createConsumer,
};
