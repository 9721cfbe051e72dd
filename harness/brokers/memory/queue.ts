// One in-process queue, as a server keeps it that never writes to disk; with the defects that the tests ask for.
import type { MemoryDefects } from './spec.ts';
import type { QueueCounts } from './frames.ts';

export interface Subscriber {
  readonly prefetch: number;
  readonly unsettled: Map<number, Entry>;
  deliver(tag: number, entry: Entry): void;
}

export interface Entry {
  readonly payload: Buffer;
  deliveredBefore: boolean;
  /** Answers the publisher when the policy answers after processing. */
  readonly onSettled: (() => void) | null;
}

export class MemoryQueue {
  readonly #defects: MemoryDefects;
  readonly #ready: Entry[] = [];
  readonly #subscribers = new Set<Subscriber>();
  #accepted = 0;
  #tag = 0;

  constructor(defects: MemoryDefects) {
    this.#defects = defects;
  }

  /** Enqueues, unless a defect interferes. */
  accept(payload: Buffer, onSettled: (() => void) | null): void {
    const nth = ++this.#accepted;
    const hits = (every: number) => every > 0 && nth % every === 0;
    const entry = { payload: hits(this.#defects.corruptsEvery) ? flipLastByte(payload) : payload, deliveredBefore: false, onSettled };
    if (hits(this.#defects.losesEvery)) {
      onSettled?.();
      return;
    }
    if (hits(this.#defects.reordersEvery) && this.#ready.length > 0) this.#ready.splice(-1, 0, entry);
    else this.#ready.push(entry);
    if (hits(this.#defects.duplicatesEvery)) this.#ready.push({ ...entry, onSettled: null });
    this.#dispatch();
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    this.#dispatch();
  }

  /** What a lost consumer had not settled goes back to the front, flagged. */
  unsubscribe(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    const back = [...subscriber.unsettled.values()];
    for (const entry of back) entry.deliveredBefore = true;
    this.#ready.unshift(...back);
    this.#dispatch();
  }

  settle(subscriber: Subscriber, tag: number): void {
    const entry = subscriber.unsettled.get(tag);
    if (entry === undefined) return;
    subscriber.unsettled.delete(tag);
    entry.onSettled?.();
    this.#dispatch();
  }

  /** Dropped, or put back to the front, flagged. A publisher that waits for processing goes on waiting. */
  reject(subscriber: Subscriber, tag: number, requeue: boolean): void {
    const entry = subscriber.unsettled.get(tag);
    if (entry === undefined) return;
    subscriber.unsettled.delete(tag);
    entry.deliveredBefore = true;
    if (requeue) this.#ready.unshift(entry);
    this.#dispatch();
  }

  /** Takes one message away, for the audit. */
  fetch(): Entry | null {
    return this.#ready.shift() ?? null;
  }

  counts(): QueueCounts {
    const unacknowledged = [...this.#subscribers].reduce((sum, { unsettled }) => sum + unsettled.size, 0);
    return { ready: this.#ready.length, unacknowledged, consumers: this.#subscribers.size };
  }

  #dispatch(): void {
    for (let progress = true; progress && this.#ready.length > 0; ) {
      progress = false;
      for (const subscriber of this.#subscribers) {
        if (subscriber.unsettled.size >= subscriber.prefetch || this.#ready.length === 0) continue;
        const entry = this.#ready.shift()!;
        const tag = ++this.#tag;
        subscriber.unsettled.set(tag, entry);
        subscriber.deliver(tag, entry);
        progress = true;
      }
    }
  }
}

function flipLastByte(payload: Buffer): Buffer {
  const copy = Buffer.from(payload);
  const last = copy.length - 1;
  copy.writeUInt8(copy.readUInt8(last) ^ 0xff, last);
  return copy;
}
