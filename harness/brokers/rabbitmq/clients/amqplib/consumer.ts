// amqplib as a consumer: it subscribes again after every loss, on the next node, until it is disposed; an acknowledgement never throws.
import type { Channel, ConsumeMessage } from 'amqplib';
import type { ClientContext } from '../../../../model/broker.ts';
import { type ConsumerClient, type Delivery, type DeliverySink, settleInOrder, type SettleMode } from '../../../../model/client.ts';
import { describeError, LeaderfallError } from '../../../../model/errors.ts';
import type { ConsumerSpec } from '../../../../model/scenario.ts';
import { bounded } from '../../../../model/wait.ts';
import { parseConsumerPolicy } from '../../spec.ts';
import { Link, type OpenLink } from './link.ts';
import { nodeOrder } from './node-order.ts';
import { TurnBatches } from './turn-batches.ts';

interface Subscription {
  readonly channel: Channel;
  readonly link: OpenLink;
  readonly tag: string;
  /** Why it ended: connection lost, channel closed, cancelled by the broker. */
  readonly ended: Promise<string>;
}

interface Received {
  readonly message: ConsumeMessage;
  readonly channel: Channel;
}

/** How long a consumer that is disposed may take for what it has already received. */
const drainTimeoutMs = 10_000;

export class AmqplibConsumer implements ConsumerClient {
  readonly #context: ClientContext;
  readonly #settle: SettleMode;
  readonly #prefetch: number;
  readonly #link: Link;
  readonly #disposed = new AbortController();
  readonly #batches = new TurnBatches<Received>((batch) => this.#take(batch));
  #sink: DeliverySink | null = null;
  #subscription: Subscription | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(context: ClientContext, spec: ConsumerSpec) {
    const policy = parseConsumerPolicy(spec.policy);
    this.#context = context;
    this.#settle = spec.settle;
    this.#prefetch = spec.prefetch;
    this.#link = new Link({
      order: nodeOrder(context.connection.endpoints, policy.connectTo, context.leader, context.index),
      heartbeatSeconds: policy.heartbeatSeconds,
      name: `leaderfall consumer ${context.index}`,
      options: spec.options,
    });
  }

  async start(sink: DeliverySink, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    const first = await this.#subscribe(AbortSignal.any([signal, this.#disposed.signal]));
    this.#running = this.#keepSubscribed(first);
  }

  waiting(): number {
    return this.#batches.waiting;
  }

  alive(): boolean {
    return this.#subscription !== null;
  }

  /**
   * Cancels, finishes what was received (with automatic acknowledgement the broker has already forgotten it), closes. What the broker
   * sent and this process never saw goes back to the queue.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const subscription = this.#subscription;
    this.#disposed.abort(new LeaderfallError('E_INTERRUPTED', 'The consumer was closed'));
    if (subscription !== null) await bounded(subscription.channel.cancel(subscription.tag), 'cancelling the consumer', 2_000).catch(() => {});
    await bounded(this.#batches.idle(), 'finishing what was received', drainTimeoutMs).catch((error: unknown) => this.#sink?.note(describeError(error)));
    await subscription?.link.close();
    await this.#running;
  }

  async #keepSubscribed(first: Subscription): Promise<void> {
    let subscription: Subscription | null = first;
    while (subscription !== null) {
      const reason: string = await subscription.ended;
      this.#subscription = null;
      this.#sink?.revoked(0);
      await subscription.link.close();
      if (this.#disposed.signal.aborted) return;
      this.#sink?.note(`consumer lost: ${reason}`);
      subscription = await this.#subscribe(this.#disposed.signal).catch(() => null);
    }
  }

  async #subscribe(signal: AbortSignal): Promise<Subscription> {
    const subscription = await this.#link.open((link) => this.#consume(link), signal);
    this.#subscription = subscription;
    this.#sink?.assigned(0, null);
    this.#sink?.note(`consuming on ${subscription.link.node}`);
    return subscription;
  }

  async #consume(link: OpenLink): Promise<Subscription> {
    const ended = Promise.withResolvers<string>();
    void link.lost.then(ended.resolve);
    const channel = await link.model.createChannel();
    let reason = 'the channel was closed';
    channel.on('error', (error) => { reason = error.message; });
    channel.on('close', () => ended.resolve(`${link.node}: ${reason}`));
    if (this.#prefetch > 0) await channel.prefetch(this.#prefetch);
    const { consumerTag } = await channel.consume(this.#context.destination.name, (message) => {
      // null: the broker cancelled the consumer, as when the queue is deleted or its home node goes.
      if (message === null) ended.resolve(`${link.node}: the broker cancelled the consumer`);
      else this.#batches.put({ message, channel });
    }, { noAck: this.#settle === 'automatic' });
    return { channel, link, tag: consumerTag, ended: ended.promise };
  }

  /** One batch is of one channel: delivery tags mean nothing on another. */
  async #take(received: readonly Received[]): Promise<void> {
    for (const part of byChannel(received)) await this.#takeFrom(part[0]!.channel, part.map(({ message }) => message));
  }

  async #takeFrom(channel: Channel, messages: readonly ConsumeMessage[]): Promise<void> {
    const sink = this.#sink!;
    let told = true;
    const honest: DeliverySink = {
      received: (batch) => sink.received(batch),
      process: (batch) => sink.process(batch),
      // On a dead channel the broker was told nothing: it will deliver these again.
      settled: (batch) => { if (told) sink.settled(batch); },
      assigned: (partition, offset) => sink.assigned(partition, offset),
      revoked: (partition) => sink.revoked(partition),
      note: (message) => sink.note(message),
    };
    const settle = (): Promise<void> => {
      told = acknowledgeUpTo(channel, messages.at(-1)!);
      return Promise.resolve();
    };
    await settleInOrder(this.#settle, honest, messages.map(toDelivery), settle);
  }
}

/** Batches are taken in order, so everything up to the last message has been handled. False: the channel is dead. */
function acknowledgeUpTo(channel: Channel, last: ConsumeMessage): boolean {
  try {
    channel.ack(last, true);
    return true;
  } catch {
    return false;
  }
}

const toDelivery = ({ content, fields }: ConsumeMessage): Delivery => ({
  payload: content, partition: 0, offset: null, redelivered: fields.redelivered,
});

function byChannel(received: readonly Received[]): readonly (readonly Received[])[] {
  const parts: Received[][] = [];
  for (const item of received) {
    const last = parts.at(-1);
    if (last !== undefined && last[0]!.channel === item.channel) last.push(item);
    else parts.push([item]);
  }
  return parts;
}
