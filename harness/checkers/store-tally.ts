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
    let row = from;
    while (row < to && isFind(rows.kind[row]!)) {
      const columns = this.#ids.list[rows.producer[row]!];
      const next = columns === undefined ? row : this.#firstRecords(columns, rows, row, to, secondLook);
      if (next === row) this.#other(rows, row++, secondLook);
      else row = next;
    }
    return row;
  }

  /** The loop that most events go through: the first record of known ids of one producer. */
  #firstRecords(columns: ProducerColumns, rows: EventBatch, from: number, to: number, secondLook: boolean): number {
    const { kind, producer, sequence, partition, offset, attempt } = rows;
    const { producer: own, length, flags, storedPartition, storedAttempt, place } = columns;
    const log = this.#log;
    let row = from;
    for (; row < to; row++) {
      const id = sequence[row]!;
      if (kind[row] !== eventKinds.stored || producer[row] !== own || id >= length || (flags[id]! & flag.stored) !== 0) break;
      flags[id]! |= flag.stored | (this.#isOwed(partition[row]!, offset[row]!) ? flag.owed : 0);
      storedPartition[id] = partition[row]!;
      storedAttempt[id] = attempt[row]!;
      if (!log) continue;
      place[id] = offset[row]!;
      if (!secondLook) this.occupy(partition[row]!, offset[row]!);
    }
    if (!secondLook) this.records += row - from;
    return row;
  }

  #other(rows: EventBatch, row: number, secondLook: boolean): void {
    const stored = rows.kind[row] === eventKinds.stored;
    if (!secondLook) this.#notice(stored, rows.partition[row]!, rows.offset[row]!);
    let columns = this.#ids.list[rows.producer[row]!];
    if (columns === undefined || rows.sequence[row]! >= columns.length) columns = this.#ids.admit(rows, row);
    if (columns === undefined) return;
    // Counted already, whoever sent it.
    if (stored && this.#firstRecords(columns, rows, row, row + 1, true) > row) return;
    columns.flags[rows.sequence[row]!]! |= stored ? this.#again(rows, row) : flag.deadLettered;
    this.repeats.copy(rows, row);
  }

  #again(rows: EventBatch, row: number): number {
    return flag.storedAgain | (this.#isOwed(rows.partition[row]!, rows.offset[row]!) ? flag.owed : 0);
  }

  #notice(stored: boolean, partition: number, offset: number): void {
    if (!stored) {
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

  /** On a queue consumers would get everything that remained; on a log what lies at or after the committed position. */
  #isOwed(partition: number, offset: number): boolean {
    if (!this.#log) return true;
    const committed = this.#committed[partition];
    if (committed === undefined) this.unknownPositions.add(partition);
    return committed === undefined || offset >= committed;
  }
}

const isFind = (kind: number): boolean => kind === eventKinds.stored || kind === eventKinds.deadLettered;
