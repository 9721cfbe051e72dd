// Follows each consumer's position in each partition of a log, within one assignment, and notes where it jumped.
import { eventKinds, noOffset, noSequence } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';

const unknown = -1;

/** A delivery that was not the next record: of message `sequence`, at `to`, where `from` was expected. */
export interface Jump {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly producer: number;
  readonly sequence: number;
}

export class PositionTally {
  /** Offset that comes next in a partition, for the consumer whose events are being read. */
  #next: number[] = [];
  #consumer = unknown;
  readonly #partitions: number[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #producers: number[] = [];
  readonly #sequences: number[] = [];

  /** `assigned` names the first offset, or leaves it open; `revoked` ends the assignment. */
  assignment(kind: number, rows: EventBatch, row: number): void {
    this.#follow(rows.actor[row]!);
    const offset = rows.offset[row]!;
    this.#next[rows.partition[row]!] = kind === eventKinds.assigned && offset !== noOffset ? offset : unknown;
  }

  delivery(rows: EventBatch, row: number): void {
    const offset = rows.offset[row]!;
    if (offset === noOffset) return;
    this.#follow(rows.actor[row]!);
    const partition = rows.partition[row]!;
    const next = this.#next[partition] ?? unknown;
    this.#next[partition] = offset + 1;
    if (next === offset || next === unknown) return;
    this.#partitions.push(partition);
    this.#from.push(next);
    this.#to.push(offset);
    this.#producers.push(rows.producer[row]!);
    this.#sequences.push(rows.sequence[row]!);
  }

  *jumps(): Generator<Jump> {
    for (let index = 0; index < this.#to.length; index++) {
      yield {
        partition: this.#partitions[index]!, from: this.#from[index]!, to: this.#to[index]!,
        producer: this.#producers[index]!, sequence: this.#sequences[index] ?? noSequence,
      };
    }
  }

  /** Events of one consumer are contiguous: another one begins with nothing assigned. */
  #follow(consumer: number): void {
    if (consumer === this.#consumer) return;
    this.#consumer = consumer;
    this.#next = [];
  }
}
