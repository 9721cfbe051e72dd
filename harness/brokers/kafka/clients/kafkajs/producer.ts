// kafkajs as a producer under test: explicit options, and the answer compared with what was asked and with what the library chose.
// `publish` never rejects; what the library claims and what it leaves out both become outcomes.
import pRetry from 'p-retry';
import { Kafka, Partitioners, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import type { ClientContext } from '../../../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../../../model/client.ts';
import { describeError } from '../../../../model/errors.ts';
import type { PublishOutcome } from '../../../../model/outcome.ts';
import type { ProducerSpec } from '../../../../model/scenario.ts';
import { bounded, waitUntil } from '../../../../model/wait.ts';
import { describeOptions } from '../describe-options.ts';
import { placed, receiptsOf } from '../receipts.ts';
import { spansPartitions } from '../refused.ts';
import { Choices } from './choices.ts';
import { classify } from './classify.ts';
import { driverLog, type DriverLog } from './driver-log.ts';
import { compressionCodecs, producerOptions, type KafkajsProducerOptions } from './options.ts';

const disconnectWithinMs = 5000;
const flushWithinMs = 120_000;
const connecting = { retries: 5, minTimeout: 200, maxTimeout: 2000 } as const;

export class KafkajsProducer implements ProducerClient {
  readonly #topic: string;
  readonly #note: (message: string) => void;
  readonly #log: DriverLog;
  readonly #options: KafkajsProducerOptions;
  readonly #kafka: Kafka;
  readonly #choices = new Choices(Partitioners.DefaultPartitioner);
  #producer: Producer;
  #underWay = 0;

  constructor(context: ClientContext, spec: ProducerSpec) {
    this.#topic = context.destination.name;
    this.#note = context.onNote;
    this.#log = driverLog(context.onNote);
    this.#options = producerOptions(spec);
    this.#kafka = new Kafka({
      clientId: `leaderfall-producer-${context.index}`,
      ...this.#options.client,
      ...this.#log.options,
      brokers: context.connection.endpoints.map(({ host, port }) => `${host}:${port}`),
    });
    this.#producer = this.#create();
  }

  async connect(signal: AbortSignal): Promise<void> {
    this.#note(`kafkajs producer options ${describeOptions(this.#options)}`);
    // An idempotent producer's first question for an id is not repeated by kafkajs after a connection error.
    await pRetry(() => this.#producer.connect(), { ...connecting, signal });
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    const triesBefore = this.#log.failedTries();
    const messages = batch.map(({ payload, partition, key }) => ({ ...(partition === null ? {} : { partition }), key, value: asBuffer(payload) }));
    this.#underWay += 1;
    try {
      return this.#outcomes(messages, await this.#producer.send(this.#request(messages)));
    } catch (error) {
      // One failed try is this send's own last one; more may belong to it as well, and then nothing is proven.
      const partitions = messages.map((message) => this.#partitionOf(message));
      const outcome = classify(error, this.#log.failedTries() - triesBefore > 1 || spansPartitions(partitions));
      return partitions.map((partition) => placed(outcome, partition));
    } finally {
      this.#underWay -= 1;
    }
  }

  /** With acks=0 the connections are closed, so that what the kernel still holds is pushed out; the broker reads up to their end. */
  async flush(signal: AbortSignal): Promise<void> {
    await waitUntil(async () => (this.#underWay === 0 ? { done: true, value: null } : { done: false, seen: `${this.#underWay} under way` }), {
      describe: 'sends under way to end', timeoutMs: flushWithinMs, signal, intervalMs: 10,
    });
    if (this.#options.send['acks'] !== 0) return;
    await this.#disconnect();
    this.#producer = this.#create();
    await pRetry(() => this.#producer.connect(), { ...connecting, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disconnect();
  }

  #create(): Producer {
    return this.#kafka.producer({ createPartitioner: this.#choices.createPartitioner, ...this.#options.producer });
  }

  #request(messages: Message[]): Parameters<Producer['send']>[0] {
    const { acks, timeout, compression } = this.#options.send;
    return {
      topic: this.#topic,
      acks: Number(acks),
      timeout: Number(timeout),
      compression: typeof compression === 'string' ? (compressionCodecs[compression] ?? 0) : 0,
      messages,
    };
  }

  /** The library resolved, so the application believes it, whatever the answer lacks: tulios/kafkajs#1303, fix proposed in #1798. */
  #outcomes(messages: readonly Message[], answer: readonly RecordMetadata[]): readonly PublishOutcome[] {
    const partitions = messages.map((message) => this.#partitionOf(message));
    if (this.#options.send['acks'] === 0) return partitions.map((partition) => placed({ outcome: 'ok', handedOver: true }, partition));
    const receipts = answer.flatMap(({ partition, baseOffset }) => (baseOffset === undefined ? [] : [[partition, Number(baseOffset)] as const]));
    // After a retry that chose anew only the receipt can tell where a message went, and of several messages it does not tell which.
    if (messages.every((message) => !this.#choices.wavered(message))) return receiptsOf(partitions, new Map(receipts));
    const [only] = receipts;
    if (messages.length === 1 && only !== undefined) return [{ outcome: 'ok', partition: only[0], offset: only[1] }];
    return messages.map(() => (only === undefined ? { outcome: 'ok', unreceipted: true } : { outcome: 'ok' }));
  }

  #partitionOf(message: Message): number | null {
    return message.partition ?? (this.#choices.wavered(message) ? null : this.#choices.of(message));
  }

  /** kafkajs waits for every pending answer, which a frozen broker never sends. */
  async #disconnect(): Promise<void> {
    try {
      await bounded(this.#producer.disconnect(), 'disconnecting the kafkajs producer', disconnectWithinMs);
    } catch (error) {
      this.#note(`kafkajs producer did not disconnect cleanly: ${describeError(error)}`);
    }
  }
}

const asBuffer = (payload: Uint8Array): Buffer => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
