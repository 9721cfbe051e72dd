// kafkajs as a group consumer under test: batches go through the sink, offsets are committed when the policy says so.
// It runs until disposed: where kafkajs gives up after a crash, a new consumer takes its place.
import pRetry from 'p-retry';
import { Kafka, type Consumer, type ConsumerCommitOffsetsEvent, type EachBatchPayload, type KafkaMessage } from 'kafkajs';
import type { ClientContext } from '../../../../model/broker.ts';
import { consumerCloseMs, settleInOrder, type ConsumerClient, type Delivery, type DeliverySink } from '../../../../model/client.ts';
import { describeError, invariant } from '../../../../model/errors.ts';
import type { ConsumerSpec } from '../../../../model/scenario.ts';
import { bounded } from '../../../../model/wait.ts';
import { Assignment, consuming } from '../assignment.ts';
import { describeOptions } from '../describe-options.ts';
import { driverLog, type DriverLog } from './driver-log.ts';
import { consumerOptions, type KafkajsConsumerOptions } from './options.ts';

const disconnectWithinMs = 8000;
/** Pauses between attempts to put a new consumer in the place of one that gave up. */
const rebuild = { retries: Infinity, minTimeout: 500, maxTimeout: 2000 } as const;

export class KafkajsConsumer implements ConsumerClient {
  readonly #context: ClientContext;
  readonly #spec: ConsumerSpec;
  readonly #options: KafkajsConsumerOptions;
  readonly #log: DriverLog;
  #consumer: Consumer | null = null;
  #assignment: Assignment | null = null;
  readonly #ended = new AbortController();
  #rebuilding: Promise<void> | null = null;

  constructor(context: ClientContext, spec: ConsumerSpec) {
    invariant(context.destination.group !== undefined, 'a Kafka destination names its consumers\' group');
    this.#context = context;
    this.#spec = spec;
    this.#options = consumerOptions(spec);
    this.#log = driverLog(context.onNote);
  }

  async start(sink: DeliverySink, signal: AbortSignal): Promise<void> {
    this.#context.onNote(`kafkajs consumer options ${describeOptions(this.#options)}`);
    this.#assignment = new Assignment(this.#context.destination.name, sink);
    await this.#build(sink);
    await consuming(this.#assignment, () => this.alive(), this.#context.index, signal);
  }

  alive(): boolean {
    return this.#assignment?.joined ?? false;
  }

  /** Finishes the batch in hand, commits, leaves the group. */
  async close(withinMs: number): Promise<void> {
    this.#ended.abort();
    try {
      await bounded(this.#leave(), 'leaving the group and disconnecting the kafkajs consumer', withinMs);
    } finally {
      this.#assignment?.lost();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(consumerCloseMs);
  }

  async #leave(): Promise<void> {
    await this.#rebuilding;
    const consumer = this.#consumer;
    this.#consumer = null;
    await consumer?.disconnect();
  }

  async #build(sink: DeliverySink): Promise<void> {
    const { connection, destination, index } = this.#context;
    const kafka = new Kafka({
      clientId: `leaderfall-consumer-${index}`,
      ...this.#options.client,
      ...this.#log.options,
      brokers: connection.endpoints.map(({ host, port }) => `${host}:${port}`),
    });
    const consumer = kafka.consumer({ ...this.#options.consumer, groupId: destination.group ?? '' });
    this.#consumer = consumer;
    this.#watch(consumer, sink);
    await consumer.connect();
    await consumer.subscribe({ topics: [destination.name], fromBeginning: this.#options.fromBeginning });
    await consumer.run({ ...this.#options.run, eachBatch: (payload) => this.#eachBatch(payload, sink) });
  }

  #watch(consumer: Consumer, sink: DeliverySink): void {
    const { GROUP_JOIN, FETCH, REBALANCING, CRASH, STOP, COMMIT_OFFSETS } = consumer.events;
    const assignment = this.#assignment;
    consumer.on(GROUP_JOIN, ({ payload }) => assignment?.got(payload.memberAssignment));
    // It tells of a fetch that was answered; of the positions that it looks up before the first one it tells nothing.
    consumer.on(FETCH, () => assignment?.located());
    consumer.on(REBALANCING, () => assignment?.lost());
    consumer.on(STOP, () => assignment?.lost());
    consumer.on(COMMIT_OFFSETS, (event) => this.#committed(event));
    consumer.on(CRASH, ({ payload }) => {
      assignment?.lost();
      sink.note(`kafkajs consumer crashed: ${describeError(payload.error)}`);
      // kafkajs restarts itself after errors that it calls retriable, and stays down for ever after the others.
      if (!payload.restart && consumer === this.#consumer) this.#rebuilding = this.#rebuild(sink);
    });
  }

  async #rebuild(sink: DeliverySink): Promise<void> {
    const { signal } = this.#ended;
    try {
      await pRetry(async () => {
        await this.#disconnect();
        signal.throwIfAborted();
        await this.#build(sink);
      }, { ...rebuild, signal, onFailedAttempt: ({ error }) => sink.note(`a new kafkajs consumer could not be started: ${describeError(error)}`) });
      sink.note('a new kafkajs consumer took the place of the one that gave up');
    } catch (error) {
      if (!signal.aborted) sink.note(`no new kafkajs consumer: ${describeError(error)}`);
    }
  }

  async #eachBatch(payload: EachBatchPayload, sink: DeliverySink): Promise<void> {
    const { batch, isRunning, isStale } = payload;
    const step = this.#spec.prefetch === 0 ? batch.messages.length : this.#spec.prefetch;
    for (let from = 0; from < batch.messages.length; from += step) {
      if (!isRunning() || isStale()) return;
      const messages = batch.messages.slice(from, from + step);
      const deliveries = messages.map((message) => deliveryOf(message, batch.partition));
      await beating(payload, this.#options, this.#take(payload, sink, deliveries));
    }
  }

  async #take(payload: EachBatchPayload, sink: DeliverySink, deliveries: readonly Delivery[]): Promise<void> {
    const { topic, partition } = payload.batch;
    const last = deliveries.at(-1)?.offset ?? 0;
    if (this.#spec.settle === 'automatic') {
      // kafkajs commits what is resolved after the batch, so what counts as settled is known only from its commit event.
      await sink.received(deliveries);
      await sink.process(deliveries);
      await this.#assignment?.resolved(deliveries);
      payload.resolveOffset(String(last));
      return;
    }
    const accept = async (): Promise<boolean> => {
      // `consumer.commitOffsets` does nothing once the consumer stops, and hides a rebalance behind an error that is never retried.
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(last + 1) }] }] });
      payload.resolveOffset(String(last));
      return true;
    };
    await settleInOrder(this.#spec.settle, sink, deliveries, { accept });
  }

  #committed({ payload }: ConsumerCommitOffsetsEvent): void {
    if (this.#spec.settle !== 'automatic') return;
    for (const { topic, partitions } of payload.topics) {
      if (topic !== this.#context.destination.name) continue;
      for (const { partition, offset } of partitions) void this.#assignment?.committed(Number(partition), Number(offset));
    }
  }

  /** Of one that gave up: it makes room for the next, whatever becomes of it. */
  async #disconnect(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = null;
    if (consumer === null) return;
    try {
      await bounded(consumer.disconnect(), 'disconnecting the kafkajs consumer', disconnectWithinMs);
    } catch (error) {
      this.#context.onNote(`kafkajs consumer did not disconnect cleanly: ${describeError(error)}`);
    }
  }
}

/** Heartbeats while the work lasts; a rebalance that a heartbeat reports is thrown once the work has ended. */
async function beating(payload: EachBatchPayload, options: KafkajsConsumerOptions, work: Promise<void>): Promise<void> {
  let failure: unknown = null;
  const beat = (): void => {
    payload.heartbeat().catch((error: unknown) => (failure ??= error));
  };
  const timer = setInterval(beat, Number(options.consumer['heartbeatInterval']));
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
  await payload.heartbeat();
  if (failure !== null) throw failure;
}

function deliveryOf(message: KafkaMessage, partition: number): Delivery {
  return { payload: message.value ?? new Uint8Array(0), partition, offset: Number(message.offset), redelivered: false };
}
