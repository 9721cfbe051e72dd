// A consumer's side: a delivery is in the file before its handler starts, the handler's end before it is settled.
import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery, DeliverySink } from '../model/client.ts';
import { eventKinds } from '../model/event.ts';
import { decodeHeader, isCorrupted, type PayloadHeader } from '../model/message.ts';
import type { Recorder } from '../history/segment-writer.ts';

export interface ReceiverOptions {
  readonly recorder: Recorder;
  readonly runTag: string;
  /** Time that the handler takes for one message. */
  readonly handlerMs: number;
  readonly onNote: (message: string) => void;
}

export class Receiver implements DeliverySink {
  readonly counters = { delivered: 0, processed: 0 };
  readonly #options: ReceiverOptions;
  /** One handler at a time, as in a single-threaded consumer. */
  #handling: Promise<void> = Promise.resolve();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Delivered here, and the handler has not ended. */
  get held(): number {
    return this.counters.delivered - this.counters.processed;
  }

  async received(batch: readonly Delivery[]): Promise<void> {
    const { recorder, runTag } = this.#options;
    for (const delivery of batch) {
      const header = decodeHeader(delivery.payload, runTag);
      if (header === null) {
        recorder.append(eventKinds.stranger, { partition: delivery.partition, ...offsetOf(delivery) });
        continue;
      }
      const fields = fieldsOf(header, delivery);
      recorder.append(delivery.redelivered ? eventKinds.redelivered : eventKinds.delivered, fields);
      if (isCorrupted(delivery.payload)) recorder.append(eventKinds.corrupted, fields);
      this.counters.delivered++;
    }
    await recorder.flushed();
  }

  async process(batch: readonly Delivery[]): Promise<void> {
    const mine = this.#handling.then(() => this.#handle(batch));
    this.#handling = mine.catch(() => {});
    await mine;
    await this.#options.recorder.flushed();
  }

  settled(batch: readonly Delivery[]): void {
    for (const delivery of batch) this.#append(eventKinds.settled, delivery);
  }

  assigned(partition: number, offset: number | null): void {
    this.#options.recorder.append(eventKinds.assigned, { partition, ...(offset === null ? {} : { offset }) });
  }

  revoked(partition: number): void {
    this.#options.recorder.append(eventKinds.revoked, { partition });
  }

  note(message: string): void {
    this.#options.onNote(message);
  }

  async #handle(batch: readonly Delivery[]): Promise<void> {
    for (const delivery of batch) {
      if (this.#options.handlerMs > 0) await delay(this.#options.handlerMs);
      if (this.#append(eventKinds.processed, delivery)) this.counters.processed++;
    }
  }

  #append(kind: typeof eventKinds.processed | typeof eventKinds.settled, delivery: Delivery): boolean {
    const header = decodeHeader(delivery.payload, this.#options.runTag);
    if (header === null) return false;
    this.#options.recorder.append(kind, fieldsOf(header, delivery));
    return true;
  }
}

const offsetOf = ({ offset }: Delivery) => (offset === null ? {} : { offset });

const fieldsOf = ({ producer, sequence, attempt }: PayloadHeader, delivery: Delivery) => ({
  producer, sequence, attempt, partition: delivery.partition, ...offsetOf(delivery),
});
