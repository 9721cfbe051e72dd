// @platformatic/kafka as a producer under test: explicit options, and the answer compared with what was asked.
// `publish` never rejects; what a failed send did store, as the library tells it, is counted as acknowledged.
import pRetry from 'p-retry';
import { Producer, type MessageToProduce, type ProduceResult, type SendOptions } from '@platformatic/kafka';
import type { ClientContext } from '../../../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../../../model/client.ts';
import { describeError } from '../../../../model/errors.ts';
import type { PublishOutcome } from '../../../../model/outcome.ts';
import type { ProducerSpec } from '../../../../model/scenario.ts';
import { bounded, waitUntil } from '../../../../model/wait.ts';
import { describeOptions } from '../describe-options.ts';
import { covering, placed, receiptsOf } from '../receipts.ts';
import { spansPartitions } from '../refused.ts';
import { classify, producedIn } from './classify.ts';
import { producerOptions, type PlatformaticProducerOptions } from './options.ts';
import { Placement } from './placement.ts';
import { FailedTries } from './tries.ts';

const closeWithinMs = 5000;
const flushWithinMs = 120_000;
const connecting = { retries: 5, minTimeout: 200, maxTimeout: 2000 } as const;

type BufferProducer = Producer<Buffer, Buffer, Buffer, Buffer>;
type BufferSend = SendOptions<Buffer, Buffer, Buffer, Buffer>;
type BufferMessage = MessageToProduce<Buffer, Buffer, Buffer, Buffer> & { readonly partition: number };

export class PlatformaticProducer implements ProducerClient {
  readonly #context: ClientContext;
  readonly #options: PlatformaticProducerOptions;
  readonly #placement: Placement;
  readonly #tries = new FailedTries();
  #producer: BufferProducer;
  #underWay = 0;

  constructor(context: ClientContext, spec: ProducerSpec) {
    this.#context = context;
    this.#options = producerOptions(spec);
    this.#placement = new Placement(context.destination.partitions);
    this.#producer = this.#create();
  }

  async connect(signal: AbortSignal): Promise<void> {
    const { producer, send } = this.#options;
    this.#context.onNote(`platformatic producer options ${describeOptions({ producer, send })}`);
    await this.#connect(signal);
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    const messages = batch.map((outgoing) => this.#message(outgoing));
    const partitions = messages.map(({ partition }) => partition);
    const triesBefore = this.#tries.count;
    // The library writes into these what it makes of them: the acks that go into the request.
    const options: BufferSend = { messages, ...this.#options.send };
    this.#underWay += 1;
    try {
      const answer = await this.#producer.send(options);
      if (this.#options.send.acks === 0) return partitions.map((partition) => ({ outcome: 'ok', handedOver: true, partition }));
      return covering(receiptsOf(partitions, offsetsOf(answer)), this.#options.asked, options.acks);
    } catch (error) {
      // One failed try is this send's own last one.
      const partly = this.#tries.count - triesBefore > 1 || spansPartitions(partitions);
      return covering(failedOutcomes(partitions, producedIn(error), classify(error, partly)), this.#options.asked, options.acks);
    } finally {
      this.#underWay -= 1;
    }
  }

  /** With acks=0 the connections are closed, so that what the kernel still holds is pushed out; the broker reads up to their end. */
  async flush(signal: AbortSignal): Promise<void> {
    await waitUntil(async () => (this.#underWay === 0 ? { done: true, value: null } : { done: false, seen: `${this.#underWay} under way` }), {
      describe: 'sends under way to end', timeoutMs: flushWithinMs, signal, intervalMs: 10,
    });
    if (this.#options.send.acks !== 0) return;
    await this.#close();
    this.#producer = this.#create();
    await this.#connect(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  #create(): BufferProducer {
    const { connection, index } = this.#context;
    const producer: BufferProducer = new Producer({
      clientId: `leaderfall-producer-${index}`,
      ...this.#options.producer,
      bootstrapBrokers: connection.endpoints.map(({ host, port }) => `${host}:${port}`),
    });
    this.#tries.watch(producer);
    return producer;
  }

  /** The library connects when it sends; done before, so that the first message is like any other. */
  async #connect(signal: AbortSignal): Promise<void> {
    await pRetry(async () => {
      await this.#producer.metadata({ topics: [this.#context.destination.name] });
      if (this.#options.producer['idempotent'] === true) await this.#producer.initIdempotentProducer({});
    }, { ...connecting, signal });
  }

  #message({ payload, partition, key }: Outgoing): BufferMessage {
    const message = {
      topic: this.#context.destination.name,
      value: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
      ...(key === null ? {} : { key: Buffer.from(key) }),
    };
    return { ...message, partition: partition ?? this.#placement.of(message) };
  }

  async #close(): Promise<void> {
    try {
      await bounded(this.#producer.close(), 'closing the platformatic producer', closeWithinMs);
    } catch (error) {
      this.#context.onNote(`platformatic producer did not close cleanly: ${describeError(error)}`);
    }
  }
}

const offsetsOf = ({ offsets }: ProduceResult): ReadonlyMap<number, number> =>
  new Map((offsets ?? []).map(({ partition, offset }) => [partition, Number(offset)]));

function failedOutcomes(partitions: readonly number[], produced: ReadonlyMap<number, number>, failed: PublishOutcome): readonly PublishOutcome[] {
  const receipts = receiptsOf(partitions, produced);
  return partitions.map((partition, position) => {
    const receipt = receipts[position];
    return receipt?.offset === undefined ? placed(failed, partition) : receipt;
  });
}
