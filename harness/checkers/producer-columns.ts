// What is known about each message of one producer, in arrays indexed by its sequence: 43 bytes a message.
import type { MessageId } from '../model/message.ts';
import { grown } from './grown.ts';

/** Room that is not used yet costs address space and no memory, so few large steps are cheaper than many small ones. */
const largeStep = 8;
const firstCapacity = 1 << 12;
/** From here on capacity only doubles. */
const manyMessages = 1 << 24;
/** A jump of up to this many sequences, or to twice the known ones where there are about as many events, is believed at once (see `Ids.admit`). */
const believed = 1 << 20;
const believedAnEvent = 4;

export class ProducerColumns {
  readonly producer: number;
  /** Columns of ids that belong to no producer of this run name them here, by index. */
  readonly outsiders: readonly MessageId[] | null;
  /** Sequences below this may have been seen; those that were not have no flags. */
  length = 0;
  /** First attempts were not begun in the order of sequences: rare, and costs a second look at their order. */
  outOfSequence = false;
  lastBegun = -1;

  flags = new Uint32Array(firstCapacity);
  attempts = new Uint8Array(firstCapacity);
  outcomes = new Uint8Array(firstCapacity);
  /** Beginning of the latest attempt in microseconds, modulo 2³² (71 minutes): only differences are used. */
  sentUs = new Uint32Array(firstCapacity);
  /** Beginning of the first attempt and the first delivery, in ticks of the run's clock; meaningless where there was none. */
  firstSent = new Uint32Array(firstCapacity);
  firstDelivered = new Uint32Array(firstCapacity);
  /** Strikes that came before the first attempt, the last end of one, the first delivery, the first end of a handler, plus one; 0: no such event. */
  sentEra = new Uint8Array(firstCapacity);
  outcomeEra = new Uint8Array(firstCapacity);
  deliveredEra = new Uint8Array(firstCapacity);
  processedEra = new Uint8Array(firstCapacity);
  /** Chosen by the client, or told by the receipt. */
  partition = new Uint16Array(firstCapacity);
  receiptOffset = new Uint32Array(firstCapacity);
  /** Which leader gave the receipt. */
  receiptTerm = new Uint8Array(firstCapacity);
  storedPartition = new Uint16Array(firstCapacity);
  /** Log: offset of the first stored record. Queue: rank of the first delivery. */
  place = new Uint32Array(firstCapacity);
  storedAttempt = new Uint8Array(firstCapacity);
  deliveredPartition = new Uint16Array(firstCapacity);
  /** Log: offset of the first delivery. Queue: 1 where the broker flagged it. */
  deliveredOffset = new Uint32Array(firstCapacity);
  deliveredAttempt = new Uint8Array(firstCapacity);

  constructor(producer: number, outsiders: readonly MessageId[] | null = null) {
    this.producer = producer;
    this.outsiders = outsiders;
  }

  idOf(index: number): MessageId {
    return this.outsiders === null ? { producer: this.producer, sequence: index } : this.outsiders[index]!;
  }

  /** Whether a sequence told by a payload is near enough to the known ones to make room for it. */
  believes(sequence: number, events: number): boolean {
    return sequence < this.length || sequence < Math.max(believed, Math.min(2 * this.length, believedAnEvent * events));
  }

  /** Makes room for sequences below `length`. */
  extend(length: number): void {
    if (length <= this.length) return;
    this.length = length;
    if (length > this.flags.length) this.#grow(Math.max(length, this.flags.length * (this.flags.length < manyMessages ? largeStep : 2)));
  }

  #grow(capacity: number): void {
    this.flags = grown(this.flags, capacity);
    this.attempts = grown(this.attempts, capacity);
    this.outcomes = grown(this.outcomes, capacity);
    this.sentUs = grown(this.sentUs, capacity);
    this.firstSent = grown(this.firstSent, capacity);
    this.firstDelivered = grown(this.firstDelivered, capacity);
    this.sentEra = grown(this.sentEra, capacity);
    this.outcomeEra = grown(this.outcomeEra, capacity);
    this.deliveredEra = grown(this.deliveredEra, capacity);
    this.processedEra = grown(this.processedEra, capacity);
    this.partition = grown(this.partition, capacity);
    this.receiptOffset = grown(this.receiptOffset, capacity);
    this.receiptTerm = grown(this.receiptTerm, capacity);
    this.storedPartition = grown(this.storedPartition, capacity);
    this.place = grown(this.place, capacity);
    this.storedAttempt = grown(this.storedAttempt, capacity);
    this.deliveredPartition = grown(this.deliveredPartition, capacity);
    this.deliveredOffset = grown(this.deliveredOffset, capacity);
    this.deliveredAttempt = grown(this.deliveredAttempt, capacity);
  }
}
