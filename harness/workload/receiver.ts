// A consumer's side: a delivery is in the file before its handler starts, the handler's end before it is settled.
import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery, DeliverySink, Processed } from '../model/client.ts';
import { eventKinds, type EventKind } from '../model/event.ts';
import { decodeHeader, formatMessageId, isCorrupted, type PayloadHeader } from '../model/message.ts';
import type { ConsumerSpec, CrashPoint } from '../model/scenario.ts';
import { waitUntil } from '../model/wait.ts';
import type { Recorder } from '../history/segment-writer.ts';
import { Gate } from './gate.ts';

/** A settlement whose connection is gone never ends: then it dies with that one open too. */
const settlingMs = 1_000;

export interface ReceiverOptions {
  readonly recorder: Recorder;
  readonly runTag: string;
  /** Time that the handler takes for one message. */
  readonly handlerMs: number;
  readonly refuse: ConsumerSpec['refuse'];
  readonly onNote: (message: string) => void;
  /** Ends this process by SIGKILL: nothing runs after it. */
  readonly die: () => void;
}

export class Receiver implements DeliverySink {
  readonly counters = { delivered: 0, processed: 0 };
  readonly #options: ReceiverOptions;
  /** Closed while handlers are not to end. */
  readonly #handlers = new Gate();
  /** Ids that a handler had before; only where handlers refuse. */
  readonly #handled = new Set<string>();
  #refused = 0;
  /** Handled, and the broker not told yet. */
  #unsettled = 0;
  #dieAt: CrashPoint | null = null;
  /** One handler at a time, as in a single-threaded consumer. */
  #handling: Promise<void> = Promise.resolve();

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#handlers.open();
  }

  /** Delivered here, and the handler has not ended. */
  get held(): number {
    return this.counters.delivered - this.counters.processed - this.#refused;
  }

  /** Handlers that would go on if they were let: of one that is at work, or of a consumer with nothing to do, there are none. */
  get heldUp(): number {
    return this.#handlers.waiting;
  }

  /** Handlers of the batches that follow do not end. The one under way is finished, so that nothing that was processed waits to be settled. */
  stall(): void {
    this.#handlers.close();
  }

  release(): void {
    this.#handlers.open();
  }

  /** The next message that reaches the point is the last thing that this process does. */
  dieAt(point: CrashPoint): void {
    this.#dieAt = point;
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

  async process(batch: readonly Delivery[]): Promise<Processed> {
    const mine = this.#handling.then(() => this.#handle(batch));
    this.#handling = mine.then(() => {}, () => {});
    const processed = await mine;
    await this.#options.recorder.flushed();
    this.#unsettled += batch.length;
    return processed;
  }

  async settled(batch: readonly Delivery[]): Promise<void> {
    this.#unsettled -= batch.length;
    for (const delivery of batch) this.#append(eventKinds.settled, delivery);
    if (this.#dieAt === 'settling-and-processing') await this.#die();
  }

  rejected(batch: readonly Delivery[], requeue: boolean): void {
    this.#unsettled -= batch.length;
    for (const delivery of batch) this.#append(requeue ? eventKinds.requeued : eventKinds.rejected, delivery);
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

  async #handle(batch: readonly Delivery[]): Promise<Processed> {
    if (!this.#handlers.isOpen) await this.#handlers.passed();
    const accepted: Delivery[] = [];
    const refused: Delivery[] = [];
    for (const delivery of batch) {
      if (this.#options.handlerMs > 0) await delay(this.#options.handlerMs);
      if (this.#refuses(delivery)) {
        this.#refused++;
        refused.push(delivery);
        continue;
      }
      if (this.#append(eventKinds.processed, delivery)) this.counters.processed++;
      accepted.push(delivery);
      if (this.#dieAt === 'processing-and-settling') await this.#dieBeforeSettling();
    }
    return { accepted, refused, requeue: this.#options.refuse?.requeue ?? false };
  }

  /** Every so-many-th of those that this process sees for the first time. */
  #refuses({ payload }: Delivery): boolean {
    const { refuse, runTag } = this.#options;
    const header = refuse === null ? null : decodeHeader(payload, runTag);
    if (header === null || this.#handled.has(formatMessageId(header))) return false;
    this.#handled.add(formatMessageId(header));
    return this.#handled.size % refuse!.every === 0;
  }

  /** Settlements that began before are let through first, so that only what is in hand is left open. */
  async #dieBeforeSettling(): Promise<never> {
    const observe = async () => (this.#unsettled <= 0 ? ({ done: true, value: undefined } as const) : ({ done: false, seen: `${this.#unsettled}` } as const));
    await waitUntil(observe, { describe: 'earlier settlements', timeoutMs: settlingMs, intervalMs: 1, signal: new AbortController().signal }).catch(() => {});
    return await this.#die();
  }

  /** What was done so far is in the file; what would follow never begins. */
  #die(): Promise<never> {
    this.#options.recorder.flush();
    this.#options.die();
    return new Promise(() => {});
  }

  #append(kind: EventKind, delivery: Delivery): boolean {
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
