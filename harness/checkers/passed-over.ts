// Whether a lost message was gone before a fault struck: consumers had been given a later one of the same order by then,
// and never this one. What nobody passed counts as still there: it may have been.
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';

export class PassedOver {
  readonly #tally: Tally;
  readonly #latest: number;
  readonly #placed: boolean;
  /** Per partition of a log: the highest offset that anybody had been given. */
  readonly #offsets: number[] = [];
  /** Per producer and partition: the highest sequence of one attempt that anybody had been given. */
  readonly #sequences: number[][] = [];

  /**
   * @param latest era of the strike: what belongs to eras up to it came before.
   * @param placed the partition of what has no receipt is on record.
   */
  constructor(tally: Tally, latest: number, placed: boolean) {
    this.#tally = tally;
    this.#latest = latest;
    this.#placed = placed;
    for (const columns of tally.producers) this.#look(columns);
  }

  /** Of an id that was accepted before the strike. */
  has(columns: ProducerColumns, sequence: number): boolean {
    const { flags, partition, receiptOffset, attempts } = columns;
    const known = flags[sequence]!;
    if ((known & flag.lost) === 0 || (known & flag.delivered) !== 0) return false;
    if ((known & flag.receipt) !== 0) return receiptOffset[sequence]! < (this.#offsets[partition[sequence]!] ?? -1);
    // Several consumers of a queue take by turns: one may have got a later message before the other got this one.
    if (!this.#placed || attempts[sequence] !== 1 || (!this.#tally.log && this.#tally.receive.consumers > 1)) return false;
    return sequence < (this.#sequences[columns.producer]?.[partition[sequence]!] ?? -1);
  }

  #look(columns: ProducerColumns): void {
    const { flags, deliveredEra, deliveredPartition, deliveredOffset, attempts, outOfSequence, producer, length } = columns;
    const { log } = this.#tally;
    const sequences = (this.#sequences[producer] ??= []);
    for (let sequence = 0; sequence < length; sequence++) {
      const era = deliveredEra[sequence]!;
      if (era === 0 || era > this.#latest) continue;
      const partition = deliveredPartition[sequence]!;
      if (log && deliveredOffset[sequence]! > (this.#offsets[partition] ?? -1)) this.#offsets[partition] = deliveredOffset[sequence]!;
      if (!outOfSequence && attempts[sequence] === 1 && (flags[sequence]! & flag.redelivered) === 0) sequences[partition] = sequence;
    }
  }
}
