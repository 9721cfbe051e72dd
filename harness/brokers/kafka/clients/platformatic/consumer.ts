// @platformatic/kafka as a group consumer under test: batches go through the sink, offsets are committed when the policy says so.
// It runs until disposed: where the library destroys its stream or gives up its membership, a new consumer takes its place.
import pRetry from 'p-retry';
import { Consumer, type Message, type MessagesStream } from '@platformatic/kafka';
import type { ClientContext } from '../../../../model/broker.ts';
import { consumerCloseMs, settleInOrder, type ConsumerClient, type Delivery, type DeliverySink } from '../../../../model/client.ts';
import { describeError, invariant } from '../../../../model/errors.ts';
import type { ConsumerSpec } from '../../../../model/scenario.ts';
import { bounded } from '../../../../model/wait.ts';
import { Assignment, consuming } from '../assignment.ts';
import { describeOptions } from '../describe-options.ts';
import { consumerOptions, type PlatformaticConsumerOptions } from './options.ts';

const closeWithinMs = 8000;
/** Pauses between attempts to put a new consumer in the place of one that gave up. */
const rebuild = { retries: Infinity, minTimeout: 500, maxTimeout: 2000 } as const;

type BufferConsumer = Consumer<Buffer, Buffer, Buffer, Buffer>;
type BufferMessage = Message<Buffer, Buffer, Buffer, Buffer>;
type BufferStream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

interface Running {
  readonly consumer: BufferConsumer;
  readonly stream: BufferStream;
}

export class PlatformaticConsumer implements ConsumerClient {
  readonly #context: ClientContext;
  readonly #spec: ConsumerSpec;
  readonly #options: PlatformaticConsumerOptions;
  readonly #ended = new AbortController();
  #running: Running | null = null;
  #assignment: Assignment | null = null;
  #consuming: Promise<void> = Promise.resolve();

  constructor(context: ClientContext, spec: ConsumerSpec) {
    invariant(context.destination.group !== undefined, 'a Kafka destination names its consumers\' group');
    this.#context = context;
    this.#spec = spec;
    this.#options = consumerOptions(spec);
  }

  async start(sink: DeliverySink, signal: AbortSignal): Promise<void> {
    this.#context.onNote(`platformatic consumer options ${describeOptions(this.#options)}`);
    this.#assignment = new Assignment(this.#context.destination.name, sink);
    const first = await this.#build(sink, this.#assignment);
    this.#consuming = this.#consume(first, sink, this.#assignment);
    await consuming(this.#assignment, () => this.alive(), this.#context.index, signal);
  }

  alive(): boolean {
    return this.#running !== null && this.#running.consumer.isActive() && (this.#assignment?.joined ?? false);
  }

  waiting(): number {
    return this.#running?.stream.readableLength ?? 0;
  }

  /** The library commits what is queued and leaves the group, for which a frozen broker keeps it waiting. */
  async close(withinMs: number): Promise<void> {
    this.#ended.abort();
    try {
      await bounded(this.#leave(), 'leaving the group and closing the platformatic consumer', withinMs);
    } finally {
      this.#assignment?.lost();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(consumerCloseMs);
  }

  async #leave(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.consumer.close(true);
    await this.#consuming;
  }

  async #build(sink: DeliverySink, assignment: Assignment): Promise<Running> {
    const { connection, destination, index } = this.#context;
    const consumer: BufferConsumer = new Consumer({
      clientId: `leaderfall-consumer-${index}`,
      ...this.#options.consumer,
      groupId: destination.group ?? '',
      bootstrapBrokers: connection.endpoints.map(({ host, port }) => `${host}:${port}`),
    });
    this.#watch(consumer, sink, assignment);
    try {
      const stream = await consumer.consume({ ...this.#options.consume, topics: [destination.name] });
      stream.on('offsets', () => assignment.located());
      stream.on('autocommit', (error, offsets) => this.#committed(assignment, error, offsets));
      this.#running = { consumer, stream };
      return this.#running;
    } catch (error) {
      await this.#closeOne(consumer);
      throw error;
    }
  }

  #watch(consumer: BufferConsumer, sink: DeliverySink, assignment: Assignment): void {
    consumer.on('consumer:group:join', ({ assignments }) => {
      assignment.got(Object.fromEntries((assignments ?? []).map(({ topic, partitions }) => [topic, partitions])));
    });
    consumer.on('consumer:group:rebalance', () => assignment.lost());
    consumer.on('consumer:group:leave', () => assignment.lost());
    consumer.on('consumer:heartbeat:error', ({ error }) => sink.note(`platformatic consumer could not send a heartbeat: ${describeError(error)}`));
    // The library fetches on without its group after an attempt to join again failed: its stream must end, so that a new one begins.
    consumer.on('error', (error: Error) => {
      sink.note(`platformatic consumer lost its group: ${describeError(error)}`);
      if (this.#running?.consumer === consumer) this.#running.stream.destroy(error);
    });
  }

  /** Consumes, and after each end of the stream with a new consumer, until disposed. */
  async #consume(first: Running, sink: DeliverySink, assignment: Assignment): Promise<void> {
    const { signal } = this.#ended;
    for (let running: Running | null = first; running !== null && !signal.aborted;) {
      try {
        await this.#readAll(running, sink, assignment);
      } catch (error) {
        if (!signal.aborted) sink.note(`platformatic consumer's stream ended: ${describeError(error)}`);
      }
      assignment.lost();
      running = signal.aborted ? null : await this.#rebuild(sink, assignment);
    }
  }

  async #rebuild(sink: DeliverySink, assignment: Assignment): Promise<Running | null> {
    const { signal } = this.#ended;
    try {
      const running = await pRetry(async () => {
        await this.#discard();
        signal.throwIfAborted();
        return await this.#build(sink, assignment);
      }, { ...rebuild, signal, onFailedAttempt: ({ error }) => sink.note(`a new platformatic consumer could not be started: ${describeError(error)}`) });
      sink.note('a new platformatic consumer took the place of the one that gave up');
      return running;
    } catch (error) {
      if (!signal.aborted) sink.note(`no new platformatic consumer: ${describeError(error)}`);
      return null;
    }
  }

  async #readAll({ consumer, stream }: Running, sink: DeliverySink, assignment: Assignment): Promise<void> {
    for await (const message of stream) {
      if (this.#ended.signal.aborted) return;
      for (const messages of this.#inTurns(alsoBuffered(stream, message, this.#spec.prefetch))) await this.#take(consumer, messages, sink, assignment);
    }
  }

  /** A commit is for one partition. Where the library commits by itself, all that was taken from it goes on record at once: what is not was never given. */
  #inTurns(messages: readonly BufferMessage[]): readonly (readonly BufferMessage[])[] {
    return this.#spec.settle === 'automatic' ? [messages] : byPartition(messages);
  }

  async #take(consumer: BufferConsumer, messages: readonly BufferMessage[], sink: DeliverySink, assignment: Assignment): Promise<void> {
    const deliveries = messages.map(deliveryOf);
    if (this.#spec.settle === 'automatic') {
      // The library commits what it has fetched, so what counts as settled is known only from its commit event, and may be by now.
      await sink.received(deliveries);
      await assignment.resolved(deliveries);
      await sink.process(deliveries);
      return;
    }
    await settleInOrder(this.#spec.settle, sink, deliveries, { accept: () => this.#commit(consumer, messages.at(-1), sink) });
  }

  async #commit(consumer: BufferConsumer, last: BufferMessage | undefined, sink: DeliverySink): Promise<boolean> {
    if (last === undefined) return false;
    const { topic, partition, offset, leaderEpoch } = last;
    try {
      await consumer.commit({ offsets: [{ topic, partition, offset: offset + 1n, leaderEpoch: leaderEpoch ?? -1 }] });
      return true;
    } catch (error) {
      sink.note(`platformatic consumer could not commit ${topic}/${partition}: ${describeError(error)}`);
      return false;
    }
  }

  #committed(assignment: Assignment, error: Error | null, offsets: readonly { readonly partition: number; readonly offset: bigint }[] | undefined): void {
    if (error !== null || this.#spec.settle !== 'automatic') return;
    for (const { partition, offset } of offsets ?? []) void assignment.committed(partition, Number(offset));
  }

  /** Of one that gave up: it makes room for the next, whatever becomes of it. */
  async #discard(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running !== null) await this.#closeOne(running.consumer);
  }

  async #closeOne(consumer: BufferConsumer): Promise<void> {
    try {
      await bounded(consumer.close(true), 'closing the platformatic consumer', closeWithinMs);
    } catch (error) {
      this.#context.onNote(`platformatic consumer did not close cleanly: ${describeError(error)}`);
    }
  }
}

/** The message and what lies ready behind it, up to the prefetch (0: no limit). */
function alsoBuffered(stream: BufferStream, first: BufferMessage, prefetch: number): readonly BufferMessage[] {
  const messages = [first];
  const most = prefetch === 0 ? Infinity : prefetch;
  for (let left = stream.readableLength; left > 0 && messages.length < most; left--) {
    const next = stream.read() as BufferMessage | null;
    if (next === null) break;
    messages.push(next);
  }
  return messages;
}

/** Each in the order of its offsets. */
function byPartition(messages: readonly BufferMessage[]): readonly (readonly BufferMessage[])[] {
  return [...Map.groupBy(messages, ({ partition }) => partition).values()];
}

const deliveryOf = ({ value, partition, offset }: BufferMessage): Delivery => ({ payload: value, partition, offset: Number(offset), redelivered: false });
