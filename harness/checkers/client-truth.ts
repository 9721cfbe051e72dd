// Whether receipts can be true: two ids cannot lie at one place of a log under one leader, and none can lie where another
// one's record has been since before.
import { Bitset } from './bitset.ts';
import type { Findings } from './findings.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { StoreTally } from './store-tally.ts';
import { isDoubtful, type Terms } from './terms.ts';

const nobody = 0xffff_ffff;

export class Conflicts {
  /** Per partition and term: offsets that a receipt names, and those that two receipts name. */
  readonly #named: Bitset[][] = [];
  readonly #conflicting: Bitset[][] = [];
  /** Ids whose receipt names the place of a record that is another's. */
  readonly #misplaced = new Map<ProducerColumns, Set<number>>();

  /** Returns whether another id's receipt named this place before. */
  name(partition: number, term: number, offset: number): boolean {
    if (!slotsOf(this.#named, partition, term).add(offset)) return false;
    slotsOf(this.#conflicting, partition, term).add(offset);
    return true;
  }

  misplace(columns: ProducerColumns, sequence: number): void {
    const known = this.#misplaced.get(columns) ?? new Set();
    this.#misplaced.set(columns, known.add(sequence));
  }

  /** Whether the receipt of this id names a place that another one names too, or has. */
  has(columns: ProducerColumns, sequence: number): boolean {
    const { flags, partition, receiptTerm, receiptOffset } = columns;
    if ((flags[sequence]! & flag.receipt) === 0) return false;
    if (this.#conflicting[partition[sequence]!]?.[receiptTerm[sequence]!]?.has(receiptOffset[sequence]!)) return true;
    return this.#misplaced.get(columns)?.has(sequence) ?? false;
  }
}

const slotsOf = (slots: Bitset[][], partition: number, term: number): Bitset => ((slots[partition] ??= [])[term] ??= new Bitset());

/** A receipt for an id that is nowhere, naming a place where the audit found a record. */
interface Suspect {
  readonly columns: ProducerColumns;
  readonly sequence: number;
  readonly partition: number;
  readonly term: number;
}

export function conflictsOf(producers: readonly ProducerColumns[], store: StoreTally, terms: Terms, findings: Findings): Conflicts {
  const conflicts = new Conflicts();
  const suspects = new Map<number, Suspect[]>();
  for (const columns of producers) {
    const { flags, partition: partitions, receiptTerm, receiptOffset, length } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      const known = flags[sequence]!;
      if ((known & flag.receipt) === 0) continue;
      const partition = partitions[sequence]!;
      const [term, offset] = [receiptTerm[sequence]!, receiptOffset[sequence]!];
      // Receipts from around a change of leader are compared with none of their kind (see `Terms`).
      if (!isDoubtful(term) && conflicts.name(partition, term, offset)) findings.add('offsetConflicts', columns, sequence);
      else if ((known & flag.stored) === 0 && store.isOccupied(partition, offset)) {
        const place = placeOf(partition, offset);
        suspects.set(place, [...(suspects.get(place) ?? []), { columns, sequence, partition, term }]);
      }
    }
  }
  if (suspects.size > 0) convict(producers, suspects, terms, conflicts, findings);
  return conflicts;
}

/**
 * A new leader may write another record at an offset that it did not have: then the older receipt was true. It was false where no
 * other leader came after it, or where the record that is there had its own receipt for the place in an earlier term: it never left.
 */
function convict(producers: readonly ProducerColumns[], suspects: ReadonlyMap<number, readonly Suspect[]>, terms: Terms, conflicts: Conflicts, findings: Findings): void {
  const earlier = earliestReceipts(producers, suspects);
  for (const [place, list] of suspects) {
    for (const { columns, sequence, partition, term } of list) {
      if (conflicts.has(columns, sequence)) continue;
      if (!terms.isLast(partition, term) && (earlier.get(place) ?? nobody) >= term) continue;
      conflicts.misplace(columns, sequence);
      findings.add('offsetConflicts', columns, sequence);
    }
  }
}

/** By place: the term in which the record that lies there was acknowledged there. */
function earliestReceipts(producers: readonly ProducerColumns[], suspects: ReadonlyMap<number, unknown>): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { flags, partition, storedPartition, place: offsets, receiptTerm, receiptOffset, length } of producers) {
    for (let sequence = 0; sequence < length; sequence++) {
      if ((flags[sequence]! & (flag.stored | flag.receipt)) !== (flag.stored | flag.receipt)) continue;
      if (receiptOffset[sequence] !== offsets[sequence] || partition[sequence] !== storedPartition[sequence]) continue;
      const place = placeOf(storedPartition[sequence]!, offsets[sequence]!);
      if (suspects.has(place)) found.set(place, receiptTerm[sequence]!);
    }
  }
  return found;
}

const placeOf = (partition: number, offset: number): number => partition * 2 ** 32 + offset;
