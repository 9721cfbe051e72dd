// amqplib as a consumer: a channel with one subscription, on the first node that answers.
import type { ConsumeMessage, Message } from 'amqplib';
import { consumeArguments, type Incoming, offsetIn, type Subscriber, type SubscriberOptions, type SubscribeOptions, type Subscription } from '../subscription.ts';
import { Link, type OpenLink } from './link.ts';

export function amqplibSubscriber(options: SubscriberOptions): Subscriber {
  const link = new Link(options);
  return {
    subscribe: (asked, signal) => link.open((open) => subscribe(open, asked), signal),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function subscribe(link: OpenLink, { queue, prefetch, automatic, fromOffset, onMessage }: SubscribeOptions): Promise<Subscription> {
  const ended = Promise.withResolvers<string>();
  void link.lost.then(ended.resolve);
  const channel = await link.model.createChannel();
  let reason = 'the channel was closed';
  channel.on('error', (error) => { reason = error.message; });
  channel.on('close', () => ended.resolve(`${link.node}: ${reason}`));
  if (prefetch > 0) await channel.prefetch(prefetch);
  let consumerTag = '';
  const subscription: Subscription = {
    node: link.node,
    ended: ended.promise,
    acknowledge: (tag) => channel.ack(tagged(tag), true),
    reject: (tag, requeue) => channel.nack(tagged(tag), false, requeue),
    // Asks for the same limit again, which changes nothing: the channel answers it after everything before.
    roundTrip: async () => { await channel.prefetch(prefetch); },
    cancel: async () => { await channel.cancel(consumerTag); },
    close: () => link.close(),
  };
  ({ consumerTag } = await channel.consume(queue, (message) => {
    // null: the broker cancelled the consumer, as when the queue is deleted or its home node goes.
    if (message === null) ended.resolve(`${link.node}: the broker cancelled the consumer`);
    else onMessage(incomingOf(message), subscription);
  }, { noAck: automatic, arguments: consumeArguments(fromOffset) }));
  return subscription;
}

const incomingOf = ({ content, fields, properties }: ConsumeMessage): Incoming => ({
  tag: fields.deliveryTag, payload: content, redelivered: fields.redelivered, offset: offsetIn(properties.headers),
});

/** amqplib reads nothing of a message that it settles but its tag. */
const tagged = (deliveryTag: number): Message => ({ fields: { deliveryTag } }) as Message;
