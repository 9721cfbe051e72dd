// The audit's events: what the broker still holds, and what it moved aside.
import { eventKinds, noOffset } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { Bitset } from './bitset.ts';
import type { PositionPolicy } from './circumstances.ts';
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
  /** Whether the broker keeps consumers' positions; false where none is known although it was asked. */
  readonly positionsKept: boolean;
  /** Partitions with records for which the audit knew no committed position. */
  readonly unknownPositions = new Set<number>();
  readonly #ids: Ids;
  readonly #log: boolean;
  readonly #positions: ReadonlyMap<number, Position>;
  readonly #committed: number[] = [];
  readonly #occupied: Bitset[] = [];

  /** @param policy where a group goes on that has committed nothing in a partition. */
  constructor(ids: Ids, log: boolean, positions: ReadonlyMap<number, Position>, policy: PositionPolicy) {
    this.#ids = ids;
    this.#log = log;
    this.#positions = positions;
    for (const [partition, { committed, end }] of positions) this.#committed[partition] = committed ?? (policy.resetsToEnd ? end : 0);
    this.positionsKept = !log || policy.committed || [...positions.values()].some(({ committed }) => committed !== null);
  }

  /** @param next per partition the offset where consumers go on: everything before it is no longer owed. */
  moveTo(next: readonly number[]): void {
    const isOwed = (partition: number, offset: number) => offset >= (next[partition] ?? 0);
    for (const { flags, storedPartition, place, length } of this.#ids.producers) {
      for (let id = 0; id < length; id++) {
        if ((flags[id]! & flag.owed) !== 0 && !isOwed(storedPartition[id]!, place[id]!)) flags[id]! &= ~flag.owed;
      }
    }
    const { kind, producer, sequence, partition, offset, length } = this.repeats;
    for (let row = 0; row < length; row++) {
      if (kind[row] === eventKinds.stored && isOwed(partition[row]!, offset[row]!)) this.#ids.list[producer[row]!]!.flags[sequence[row]!]! |= flag.owed;
    }
  }

  /** First readable offset of a partition: what came before was removed by retention. */
  startOf(partition: number): number {
    return this.#positions.get(partition)?.start ?? 0;
  }

  /** First offset that nobody has. */
  endOf(partition: number): number {
    return this.#positions.get(partition)?.end ?? 0;
  }

  /** Whether the audit found a record at this offset. */
  isOccupied(partition: number, offset: number): boolean {
    return this.#occupied[partition]?.has(offset) ?? false;
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
