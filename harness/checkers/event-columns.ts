// A growable list of events in columns: for the few that need a second look, and for building histories in tests.
import type { HistoryEvent } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { grown } from './grown.ts';

const firstCapacity = 1 << 8;

export class EventColumns {
  length = 0;
  kind = new Uint8Array(firstCapacity);
  timeNs = new Float64Array(firstCapacity);
  producer = new Uint16Array(firstCapacity);
  sequence = new Uint32Array(firstCapacity);
  attempt = new Uint8Array(firstCapacity);
  partition = new Uint16Array(firstCapacity);
  offset = new Uint32Array(firstCapacity);
  actor = new Uint8Array(firstCapacity);
  code = new Uint8Array(firstCapacity);

  push(event: HistoryEvent): void {
    const at = this.#next();
    this.kind[at] = event.kind;
    this.timeNs[at] = event.timeNs;
    this.producer[at] = event.producer;
    this.sequence[at] = event.sequence;
    this.attempt[at] = event.attempt;
    this.partition[at] = event.partition;
    this.offset[at] = event.offset;
    this.actor[at] = event.actor;
    this.code[at] = event.code;
  }

  copy(batch: EventBatch, row: number): void {
    const at = this.#next();
    this.kind[at] = batch.kind[row]!;
    this.timeNs[at] = batch.timeNs[row]!;
    this.producer[at] = batch.producer[row]!;
    this.sequence[at] = batch.sequence[row]!;
    this.attempt[at] = batch.attempt[row]!;
    this.partition[at] = batch.partition[row]!;
    this.offset[at] = batch.offset[row]!;
    this.actor[at] = batch.actor[row]!;
    this.code[at] = batch.code[row]!;
  }

  /** Rows `from` … `to − 1` as a batch that shares memory with this list. */
  slice(from: number, to: number): EventBatch {
    return {
      length: to - from,
      kind: this.kind.subarray(from, to),
      timeNs: this.timeNs.subarray(from, to),
      producer: this.producer.subarray(from, to),
      sequence: this.sequence.subarray(from, to),
      attempt: this.attempt.subarray(from, to),
      partition: this.partition.subarray(from, to),
      offset: this.offset.subarray(from, to),
      actor: this.actor.subarray(from, to),
      code: this.code.subarray(from, to),
    };
  }

  #next(): number {
    if (this.length === this.kind.length) this.#grow(this.length * 2);
    return this.length++;
  }

  #grow(capacity: number): void {
    this.kind = grown(this.kind, capacity);
    this.timeNs = grown(this.timeNs, capacity);
    this.producer = grown(this.producer, capacity);
    this.sequence = grown(this.sequence, capacity);
    this.attempt = grown(this.attempt, capacity);
    this.partition = grown(this.partition, capacity);
    this.offset = grown(this.offset, capacity);
    this.actor = grown(this.actor, capacity);
    this.code = grown(this.code, capacity);
  }
}

/** One row as an object: for cold paths only. */
export function eventAt(batch: EventBatch, row: number): HistoryEvent {
  return {
    kind: batch.kind[row]! as HistoryEvent['kind'],
    timeNs: batch.timeNs[row]!,
    producer: batch.producer[row]!,
    sequence: batch.sequence[row]!,
    attempt: batch.attempt[row]!,
    partition: batch.partition[row]!,
    offset: batch.offset[row]!,
    actor: batch.actor[row]!,
    code: batch.code[row]!,
  };
}
