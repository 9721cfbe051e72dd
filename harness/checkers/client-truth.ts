// Whether receipts can be true: two ids cannot lie at one place of a log under one leader.
import { Bitset } from './bitset.ts';
import type { Findings } from './findings.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { doubtfulTerm } from './terms.ts';

export class Conflicts {
  /** Per partition and term: offsets that a receipt names, and those that two receipts name. */
  readonly #named: Bitset[][] = [];
  readonly #conflicting: Bitset[][] = [];

  /** Returns whether another id's receipt named this place before. */
  name(partition: number, term: number, offset: number): boolean {
    if (!slotsOf(this.#named, partition, term).add(offset)) return false;
    slotsOf(this.#conflicting, partition, term).add(offset);
    return true;
  }

  /** Whether the receipt of this id names a place that another one names too. */
  has({ flags, partition, receiptTerm, receiptOffset }: ProducerColumns, sequence: number): boolean {
    if ((flags[sequence]! & flag.receipt) === 0) return false;
    return this.#conflicting[partition[sequence]!]?.[receiptTerm[sequence]!]?.has(receiptOffset[sequence]!) ?? false;
  }
}

const slotsOf = (slots: Bitset[][], partition: number, term: number): Bitset => ((slots[partition] ??= [])[term] ??= new Bitset());

/** Receipts from around a change of leader are compared with none (see `Terms`). */
export function conflictsOf(producers: readonly ProducerColumns[], findings: Findings): Conflicts {
  const conflicts = new Conflicts();
  for (const columns of producers) {
    const { flags, partition, receiptTerm, receiptOffset, length } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      if ((flags[sequence]! & flag.receipt) === 0 || receiptTerm[sequence] === doubtfulTerm) continue;
      if (conflicts.name(partition[sequence]!, receiptTerm[sequence]!, receiptOffset[sequence]!)) findings.add('offsetConflicts', columns, sequence);
    }
  }
  return conflicts;
}
