// The audit's events: what the broker still holds, and what it moved aside.
import { eventKinds, noOffset } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { Bitset } from './bitset.ts';
import { EventColumns } from './event-columns.ts';
import type { Ids } from './ids.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Position } from './timeline-facts.ts';

export class StoreTally {
  /** Stored records of an id after its first, and every dead-lettered one. */
  readonly repeats = new EventColumns();
  records = 0;
  deadLetters = 0;
  /** Partitions with records for which the audit knew no committed position. */
  readonly unknownPositions = new Set<number>();
  readonly #ids: Ids;
  readonly #log: boolean;
  readonly #positions: ReadonlyMap<number, Position>;
  readonly #committed: number[] = [];
  readonly #occupied: Bitset[] = [];

  constructor(ids: Ids, log: boolean, positions: ReadonlyMap<number, Position>) {
    this.#ids = ids;
    this.#log = log;
    this.#positions = positions;
    for (const [partition, { committed }] of positions) this.#committed[partition] = committed;
  }

  /** First readable offset of a partition: what came before was removed by retention. */
  startOf(partition: number): number {
    return this.#positions.get(partition)?.start ?? 0;
  }

  get retentionRemoved(): boolean {
    return [...this.#positions.values()].some(({ start }) => start > 0);
  }

  /** Takes rows `from` … `to − 1` while they are the audit's finds; returns the first that is not. */
  take(rows: EventBatch, from: number, to: number, secondLook: boolean): number {
    const { kind, producer, sequence, partition, offset } = rows;
    const { list } = this.#ids;
    let row = from;
    for (; row < to; row++) {
      const what = kind[row]!;
      if (what !== eventKinds.stored && what !== eventKinds.deadLettered) break;
      if (!secondLook) this.#notice(what, partition[row]!, offset[row]!);
      let columns = list[producer[row]!];
      if (columns === undefined || sequence[row]! >= columns.length) columns = this.#ids.admit(rows, row);
      if (columns === undefined) continue;
      if (what === eventKinds.stored) this.#stored(columns, rows, row);
      else this.#deadLettered(columns, rows, row);
    }
    return row;
  }

  /** What counts whoever sent it. */
  #notice(kind: number, partition: number, offset: number): void {
    if (kind === eventKinds.deadLettered) {
      this.deadLetters++;
      return;
    }
    this.records++;
    if (this.#log) this.occupy(partition, offset);
  }

  /** A record is readable at this offset; a queue's messages have no place. */
  occupy(partition: number, offset: number): void {
    if (offset !== noOffset) (this.#occupied[partition] ??= new Bitset()).add(offset);
  }

  /** How many records the audit found at offsets `from` … `to − 1`. */
  recordsBetween(partition: number, from: number, to: number): number {
    return this.#occupied[partition]?.count(from, to) ?? 0;
  }

  #deadLettered(columns: ProducerColumns, rows: EventBatch, row: number): void {
    columns.flags[rows.sequence[row]!]! |= flag.deadLettered;
    this.repeats.copy(rows, row);
  }

  #stored(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    const known = columns.flags[sequence]!;
    const owed = this.#isOwed(rows.partition[row]!, rows.offset[row]!) ? flag.owed : 0;
    columns.flags[sequence] = known | flag.stored | owed | ((known & flag.stored) === 0 ? 0 : flag.storedAgain);
    if ((known & flag.stored) !== 0) return this.repeats.copy(rows, row);
    columns.storedPartition[sequence] = rows.partition[row]!;
    columns.storedAttempt[sequence] = rows.attempt[row]!;
    if (this.#log) columns.place[sequence] = rows.offset[row]!;
  }

  /** On a queue consumers would get everything that remained; on a log what lies at or after the committed position. */
  #isOwed(partition: number, offset: number): boolean {
    if (!this.#log) return true;
    const committed = this.#committed[partition];
    if (committed === undefined) this.unknownPositions.add(partition);
    return committed === undefined || offset >= committed;
  }
}
