// rabbitmq-client as a consumer: a channel with one subscription, on whichever host the library is connected to. Its `createConsumer`
// is not used: it acknowledges by itself when a handler ends, so that what the broker was told, and when, could not be recorded.
import pRetry from 'p-retry';
import type { AsyncMessage, Channel, Connection } from 'rabbitmq-client';
import { describeError } from '../../../../model/errors.ts';
import { closeConnection } from '../../admin-connection.ts';
import { bounded } from '../../../../model/wait.ts';
import { answerTimeoutMs, consumeArguments, type Incoming, offsetIn, type Subscriber, type SubscriberOptions, type SubscribeOptions, type Subscription } from '../subscription.ts';
import { openSubject } from './open-subject.ts';

const retryMs = { minTimeout: 50, maxTimeout: 1_000, factor: 2 } as const;
const acquireTimeoutMs = 5_000;

export function rabbitmqClientSubscriber(options: SubscriberOptions): Subscriber {
  const connection = openSubject({ ...options, acquireTimeoutMs, onNote: () => {} });
  return {
    subscribe: (asked, signal) => pRetry(() => subscribe(connection, asked).catch((error: unknown) => {
      // p-retry gives up on a TypeError; here every failure is a reason to try again.
      throw new Error(describeError(error), { cause: error });
    }), { ...retryMs, retries: Number.POSITIVE_INFINITY, signal }),
    [Symbol.asyncDispose]: () => closeConnection(connection),
  };
}

/** A channel on which this failed is closed: the broker may have begun to deliver on it, beside the next one. */
async function subscribe(connection: Connection, options: SubscribeOptions): Promise<Subscription> {
  const channel = await connection.acquire({ emitErrorsFromChannel: true });
  try {
    return await bounded(consumeOn(channel, options), 'subscribing', answerTimeoutMs);
  } catch (error) {
    void channel.close();
    throw error;
  }
}

async function consumeOn(channel: Channel, { queue, prefetch, automatic, fromOffset, onMessage }: SubscribeOptions): Promise<Subscription> {
  const ended = Promise.withResolvers<string>();
  let reason = 'the channel was closed';
  channel.on('error', (error: unknown) => { reason = describeError(error); });
  channel.on('close', () => ended.resolve(reason));
  channel.on('basic.cancel', () => ended.resolve('the broker cancelled the consumer'));
  const limit = async (): Promise<void> => { await channel.basicQos({ prefetchCount: prefetch }); };
  if (prefetch > 0) await limit();
  let consumerTag = '';
  const subscription: Subscription = {
    node: 'the host that rabbitmq-client is connected to',
    ended: ended.promise,
    acknowledge: (deliveryTag) => channel.basicAck({ deliveryTag, multiple: true }),
    reject: (deliveryTag, requeue) => channel.basicNack({ deliveryTag, requeue }),
    // Asks for the same limit again, which changes nothing: the channel answers it after everything before.
    roundTrip: limit,
    cancel: async () => { await channel.basicCancel(consumerTag); },
    close: () => channel.close(),
  };
  ({ consumerTag } = await channel.basicConsume({ queue, noAck: automatic, arguments: consumeArguments(fromOffset) }, (message) => onMessage(incomingOf(message), subscription)));
  return subscription;
}

const incomingOf = ({ deliveryTag, body, redelivered, headers }: AsyncMessage): Incoming => ({
  tag: deliveryTag, payload: bytesOf(body), redelivered, offset: offsetIn(headers),
});

/** The library decodes what says that it is text or JSON: such a message is not ours, but it is counted. */
const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
