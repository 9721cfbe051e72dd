// Where the columns of each producer are found, and what becomes of ids that nobody can have used.
import { invariant } from '../model/errors.ts';
import type { EventBatch, WorkerInfo } from '../model/history.ts';
import { EventColumns } from './event-columns.ts';
import { ProducerColumns } from './producer-columns.ts';

export class Ids {
  /** By producer; holes where no worker has that index. */
  readonly list: (ProducerColumns | undefined)[] = [];
  /** Events whose id is far beyond what is known so far: looked at again once all reservations are known. */
  aside = new EventColumns();
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
    if (columns !== undefined && columns.believes(sequence)) {
      columns.extend(sequence + 1);
      return columns;
    }
    this.aside.copy(rows, row);
    return undefined;
  }

  /** Hands over what was set aside; what is set aside from now on belongs to no producer of this run. */
  takeAside(): EventBatch {
    const rows = this.aside.slice(0, this.aside.length);
    this.aside = new EventColumns();
    return rows;
  }

  /** After the last event: gives every id a dense number. */
  rankAll(): void {
    let rank = 0;
    for (const { producer, length } of this.producers) {
      this.#firstRanks[producer] = rank;
      rank += length;
    }
  }

  rank(producer: number, sequence: number): number {
    return this.#firstRanks[producer]! + sequence;
  }

  ofRank(rank: number): { readonly columns: ProducerColumns; readonly sequence: number } {
    const columns = this.producers.findLast(({ producer, length }) => length > 0 && this.#firstRanks[producer]! <= rank);
    invariant(columns !== undefined, `rank ${rank} belongs to a producer`);
    return { columns, sequence: rank - this.#firstRanks[columns.producer]! };
  }
}
