// What is known about each message of one producer, in arrays indexed by its sequence: 35 bytes a message.
// Arrays grow in large steps; moving a buffer frees the old one at once, so the peak stays near the sum.

/** Room that is not used yet costs address space and no memory, so few large steps are cheaper than many small ones. */
const largeStep = 8;
const firstCapacity = 1 << 12;
/** From here on capacity only doubles. */
const manyMessages = 1 << 24;
/** A jump of up to this many sequences, or to twice the known ones, is believed at once (see `Ids.admit`). */
const believed = 1 << 20;

export class ProducerColumns {
  readonly producer: number;
  /** One more than the highest sequence seen. */
  length = 0;
  /** First attempts were not begun in the order of sequences: rare, and costs a second look at their order. */
  outOfSequence = false;
  lastBegun = -1;

  flags = new Uint32Array(firstCapacity);
  attempts = new Uint8Array(firstCapacity);
  outcomes = new Uint8Array(firstCapacity);
  /** Beginning of the latest attempt in microseconds, modulo 2³² (71 minutes): only differences are used. */
  sentUs = new Uint32Array(firstCapacity);
  /** Strikes that came before the event, plus one; 0: no such event. */
  sentEra = new Uint8Array(firstCapacity);
  outcomeEra = new Uint8Array(firstCapacity);
  acceptedEra = new Uint8Array(firstCapacity);
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

  constructor(producer: number) {
    this.producer = producer;
  }

  /** Whether a sequence told by a payload is near enough to the known ones to make room for it. */
  believes(sequence: number): boolean {
    return sequence < this.length || sequence < Math.max(believed, 2 * this.length);
  }

  /** Makes room for sequences below `length`. */
  extend(length: number): void {
    if (length <= this.length) return;
    this.length = length;
    if (length > this.flags.length) this.#grow(Math.max(length, this.flags.length * (this.flags.length < manyMessages ? largeStep : 2)));
  }

  #grow(capacity: number): void {
    this.flags = words(this.flags, capacity);
    this.attempts = bytes(this.attempts, capacity);
    this.outcomes = bytes(this.outcomes, capacity);
    this.sentUs = words(this.sentUs, capacity);
    this.sentEra = bytes(this.sentEra, capacity);
    this.outcomeEra = bytes(this.outcomeEra, capacity);
    this.acceptedEra = bytes(this.acceptedEra, capacity);
    this.processedEra = bytes(this.processedEra, capacity);
    this.partition = halves(this.partition, capacity);
    this.receiptOffset = words(this.receiptOffset, capacity);
    this.receiptTerm = bytes(this.receiptTerm, capacity);
    this.storedPartition = halves(this.storedPartition, capacity);
    this.place = words(this.place, capacity);
    this.storedAttempt = bytes(this.storedAttempt, capacity);
    this.deliveredPartition = halves(this.deliveredPartition, capacity);
    this.deliveredOffset = words(this.deliveredOffset, capacity);
    this.deliveredAttempt = bytes(this.deliveredAttempt, capacity);
  }
}

const bytes = (old: Uint8Array<ArrayBuffer>, capacity: number) => new Uint8Array(old.buffer.transfer(capacity));
const halves = (old: Uint16Array<ArrayBuffer>, capacity: number) => new Uint16Array(old.buffer.transfer(capacity * 2));
const words = (old: Uint32Array<ArrayBuffer>, capacity: number) => new Uint32Array(old.buffer.transfer(capacity * 4));
