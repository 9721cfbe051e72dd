// The audit's events: what the broker still holds, and what it moved aside.
import { eventKinds, noOffset } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { Bitset } from './bitset.ts';
import { EventColumns } from './event-columns.ts';
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
  readonly #log: boolean;
  readonly #positions: ReadonlyMap<number, Position>;
  readonly #committed: number[] = [];
  readonly #occupied: Bitset[] = [];

  constructor(log: boolean, positions: ReadonlyMap<number, Position>) {
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

  /** Once for each stored record, whoever sent it. */
  arrival(rows: EventBatch, row: number): void {
    this.records++;
    if (this.#log) this.occupy(rows.partition[row]!, rows.offset[row]!);
  }

  /** A record is readable at this offset. */
  occupy(partition: number, offset: number): void {
    if (offset !== noOffset) (this.#occupied[partition] ??= new Bitset()).add(offset);
  }

  /** How many records the audit found at offsets `from` … `to − 1`. */
  recordsBetween(partition: number, from: number, to: number): number {
    return this.#occupied[partition]?.count(from, to) ?? 0;
  }

  event(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    if (rows.kind[row] === eventKinds.deadLettered) {
      columns.flags[sequence]! |= flag.deadLettered;
      this.repeats.copy(rows, row);
      return;
    }
    const flags = columns.flags[sequence]!;
    columns.flags[sequence] = flags | flag.stored | (this.#isOwed(rows.partition[row]!, rows.offset[row]!) ? flag.owed : 0);
    if ((flags & flag.stored) !== 0) {
      columns.flags[sequence]! |= flag.storedAgain;
      this.repeats.copy(rows, row);
      return;
    }
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
