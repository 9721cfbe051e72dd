// A consumer of whichever driver the scenario names.
import type { ClientContext } from '../../../model/broker.ts';
import type { ConsumerSpec } from '../../../model/scenario.ts';
import { parseConsumerPolicy } from '../policy.ts';
import { nodeOrder } from './node-order.ts';
import { SubscribedConsumer } from './subscribed-consumer.ts';

export async function createConsumer(context: ClientContext, spec: ConsumerSpec): Promise<SubscribedConsumer> {
  const { connectTo, heartbeatSeconds } = parseConsumerPolicy(spec.policy);
  const subscriberOf = spec.driver === 'rabbitmq-client'
    ? (await import('./rabbitmq-client/subscriber.ts')).rabbitmqClientSubscriber
    : (await import('./amqplib/subscriber.ts')).amqplibSubscriber;
  const subscriber = subscriberOf({
    order: nodeOrder(context.connection.endpoints, connectTo, context.leader, context.index),
    heartbeatSeconds,
    name: `leaderfall consumer ${context.index}`,
    options: spec.options,
  });
  return new SubscribedConsumer(context, spec, subscriber);
}
