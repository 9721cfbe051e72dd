// Where the columns of each producer are found, and what becomes of ids that nobody can have used.
import { invariant } from '../model/errors.ts';
import type { EventBatch, WorkerInfo } from '../model/history.ts';
import { formatMessageId, type MessageId } from '../model/message.ts';
import { EventColumns } from './event-columns.ts';
import { ProducerColumns } from './producer-columns.ts';

/** Where payloads are read before the reservations, room is made for so many ids at a time: the loops stay in their stride. */
const admittedAtOnce = 4_096;

export class Ids {
  /** By producer; holes where no worker has that index. After `secondLook` the last one may hold outsiders. */
  readonly list: (ProducerColumns | undefined)[] = [];
  /** Events read so far: payloads make room for a few times as many ids at most, whatever they tell. */
  events = 0;
  /** Events whose id is far beyond what is known so far: looked at again once all reservations are known. */
  readonly #aside = new EventColumns();
  readonly #firstRanks: number[] = [];

  constructor(workers: readonly WorkerInfo[]) {
    for (const { role, index } of workers) if (role === 'producer') this.list[index] ??= new ProducerColumns(index);
  }

  /** In the order of their index; a producer that did nothing is there with length 0. */
  get producers(): readonly ProducerColumns[] {
    return this.list.filter((columns) => columns !== undefined);
  }

  /** For a producer's own events: it knows its sequences. */
  own(producer: number, sequence: number): ProducerColumns {
    const columns = (this.list[producer] ??= new ProducerColumns(producer));
    if (sequence >= columns.length) columns.extend(sequence + 1);
    return columns;
  }

  /** For ids that a payload tells; undefined when it was set aside. */
  admit(rows: EventBatch, row: number): ProducerColumns | undefined {
    const columns = this.list[rows.producer[row]!];
    const sequence = rows.sequence[row]!;
    if (columns !== undefined && columns.believes(sequence, this.events)) {
      columns.extend(Math.ceil((sequence + 1) / admittedAtOnce) * admittedAtOnce);
      return columns;
    }
    this.#aside.copy(rows, row);
    return undefined;
  }

  /**
   * After the last event: what was set aside, now that all reservations are known. Ids that are still nobody's get columns
   * of their own, under the next free index; every id gets a dense number.
   */
  secondLook(): EventBatch {
    const rows = this.#aliased(this.#outsiders());
    let rank = 0;
    for (const [index, columns] of this.list.entries()) {
      this.#firstRanks[index] = rank;
      rank += columns?.length ?? 0;
    }
    return rows;
  }

  /** Rows of ids that lie outside everything that a producer of this run can have used; after `secondLook`. */
  outsiderRows(): EventColumns {
    const rows = new EventColumns();
    const all = this.#aside.slice(0, this.#aside.length);
    for (let row = 0; row < all.length; row++) if (this.#isOutside(all, row)) rows.copy(all, row);
    return rows;
  }

  #isOutside({ producer, sequence }: EventBatch, row: number): boolean {
    const columns = this.list[producer[row]!];
    return columns === undefined || columns.outsiders !== null || sequence[row]! >= columns.length;
  }

  #outsiders(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    const all = this.#aside.slice(0, this.#aside.length);
    const ids: MessageId[] = [];
    for (let row = 0; row < all.length; row++) {
      const id = { producer: all.producer[row]!, sequence: all.sequence[row]! };
      if (!this.#isOutside(all, row) || found.has(formatMessageId(id))) continue;
      found.set(formatMessageId(id), ids.length);
      ids.push(id);
    }
    if (ids.length > 0) this.list.push(outsiderColumns(this.list.length, ids));
    return found;
  }

  #aliased(outsiders: ReadonlyMap<string, number>): EventBatch {
    const rows = this.#aside.slice(0, this.#aside.length);
    const producer = rows.producer.slice();
    const sequence = rows.sequence.slice();
    for (let row = 0; row < rows.length; row++) {
      const alias = outsiders.get(formatMessageId({ producer: producer[row]!, sequence: sequence[row]! }));
      if (alias === undefined) continue;
      producer[row] = this.list.length - 1;
      sequence[row] = alias;
    }
    return { ...rows, producer, sequence };
  }

  /** A dense number for each id; `index` is the index in the columns. */
  rank(list: number, index: number): number {
    return this.#firstRanks[list]! + index;
  }

  ofRank(rank: number): { readonly columns: ProducerColumns; readonly sequence: number } {
    const index = this.list.findLastIndex((columns, at) => (columns?.length ?? 0) > 0 && this.#firstRanks[at]! <= rank);
    const columns = this.list[index];
    invariant(columns !== undefined, `rank ${rank} belongs to a producer`);
    return { columns, sequence: rank - this.#firstRanks[index]! };
  }
}

function outsiderColumns(index: number, ids: readonly MessageId[]): ProducerColumns {
  const columns = new ProducerColumns(index, ids);
  columns.extend(ids.length);
  return columns;
}
