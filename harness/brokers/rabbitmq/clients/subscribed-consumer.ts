// A consumer, whatever its library: it subscribes again after every loss until it is disposed, hands batches to the sink in order, and
// settles what the handlers accepted and rejects what they refused. Telling the broker never throws.
import type { ClientContext } from '../../../model/broker.ts';
import { type ConsumerClient, consumerCloseMs, type Delivery, type DeliverySink, settleInOrder, type Settler } from '../../../model/client.ts';
import { LeaderfallError } from '../../../model/errors.ts';
import type { ConsumerSpec } from '../../../model/scenario.ts';
import { bounded } from '../../../model/wait.ts';
import type { Incoming, Subscriber, Subscription } from './subscription.ts';
import { TurnBatches } from './turn-batches.ts';

interface Received {
  readonly incoming: Incoming;
  readonly subscription: Subscription;
}

const roundTripTimeoutMs = 5_000;

export class SubscribedConsumer implements ConsumerClient {
  readonly #queue: string;
  readonly #spec: ConsumerSpec;
  readonly #subscriber: Subscriber;
  readonly #disposed = new AbortController();
  readonly #batches = new TurnBatches<Received>((batch) => this.#take(batch));
  #sink: DeliverySink | null = null;
  #subscription: Subscription | null = null;
  #running: Promise<void> = Promise.resolve();
  /** Of a stream: the offset after the last one that the broker was told of. The broker keeps none for AMQP 0-9-1 consumers. */
  #resumeAt: number | null;

  constructor(context: ClientContext, spec: ConsumerSpec, subscriber: Subscriber) {
    this.#queue = context.destination.name;
    this.#spec = spec;
    this.#subscriber = subscriber;
    this.#resumeAt = context.destinationSpec.settings['type'] === 'stream' ? 0 : null;
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
  async close(withinMs: number): Promise<void> {
    await bounded(this.#leave(), 'cancelling the consumer and finishing what was received', withinMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(consumerCloseMs);
  }

  async #leave(): Promise<void> {
    const subscription = this.#subscription;
    this.#disposed.abort(new LeaderfallError('E_INTERRUPTED', 'The consumer was closed'));
    // One whose connection is lost has nothing to cancel any more.
    if (subscription !== null) await Promise.race([subscription.cancel(), subscription.ended]).catch(() => {});
    await this.#batches.idle();
    await subscription?.close();
    await this.#running;
    await this.#subscriber[Symbol.asyncDispose]();
  }

  async #keepSubscribed(first: Subscription): Promise<void> {
    let subscription: Subscription | null = first;
    while (subscription !== null) {
      const reason: string = await subscription.ended;
      this.#subscription = null;
      this.#sink?.revoked(0);
      await subscription.close();
      if (this.#disposed.signal.aborted) return;
      this.#sink?.note(`consumer lost: ${reason}`);
      // A stream is read on from where this consumer is: what is still in hand would come twice.
      if (this.#resumeAt !== null) await this.#batches.idle();
      subscription = await this.#subscribe(this.#disposed.signal).catch(() => null);
    }
  }

  async #subscribe(signal: AbortSignal): Promise<Subscription> {
    const fromOffset = this.#resumeAt;
    const subscription = await this.#subscriber.subscribe({
      queue: this.#queue,
      prefetch: this.#spec.prefetch,
      automatic: this.#spec.settle === 'automatic',
      fromOffset,
      // A stream delivers in chunks, which may begin before the offset that was asked for.
      onMessage: (incoming, from) => { if ((incoming.offset ?? 0) >= (fromOffset ?? 0)) this.#batches.put({ incoming, subscription: from }); },
    }, signal);
    this.#subscription = subscription;
    this.#sink?.assigned(0, fromOffset);
    this.#sink?.note(`consuming on ${subscription.node}`);
    return subscription;
  }

  /** One batch is of one channel: delivery tags mean nothing on another. */
  async #take(received: readonly Received[]): Promise<void> {
    for (const part of bySubscription(received)) {
      const tags = new Map(part.map(({ incoming }) => [toDelivery(incoming), incoming.tag]));
      await settleInOrder(this.#spec.settle, this.#sink!, [...tags.keys()], this.#settler(part[0]!.subscription, tags));
    }
  }

  #settler(subscription: Subscription, tags: ReadonlyMap<Delivery, number>): Settler {
    return {
      // Batches are taken in order, and what was refused is rejected first: everything up to the last one accepted is done with.
      accept: async (batch) => {
        const told = await this.#tell(subscription, () => subscription.acknowledge(tags.get(batch.at(-1)!)!));
        const offset = batch.at(-1)?.offset ?? null;
        if (told && offset !== null) this.#resumeAt = offset + 1;
        return told;
      },
      reject: (batch, requeue) => this.#tell(subscription, () => {
        for (const delivery of batch) subscription.reject(tags.get(delivery)!, requeue);
      }),
    };
  }

  /**
   * Written to the socket is as much as an acknowledgement can be known to have arrived: the broker does not answer it. Before
   * processing that is not enough, because a crash right after it must find the message settled: there a round trip follows.
   */
  async #tell(subscription: Subscription, say: () => void): Promise<boolean> {
    try {
      say();
      if (this.#spec.settle === 'before-processing') await bounded(subscription.roundTrip(), 'an answer on the channel', roundTripTimeoutMs);
      return true;
    } catch {
      return false;
    }
  }
}

const toDelivery = ({ payload, redelivered, offset }: Incoming): Delivery => ({ payload, partition: 0, offset, redelivered });

function bySubscription(received: readonly Received[]): readonly (readonly Received[])[] {
  const parts: Received[][] = [];
  for (const item of received) {
    const last = parts.at(-1);
    if (last !== undefined && last[0]!.subscription === item.subscription) last.push(item);
    else parts.push([item]);
  }
  return parts;
}
