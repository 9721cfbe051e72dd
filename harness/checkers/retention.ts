// Whether a record that is not in the log can have been removed by the topic's own policy: retention takes everything
// before the first readable offset, compaction leaves holes below the end.
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';

/** What the plan says about it. */
export interface KeepingPolicy {
  /** A compacted topic forgets all but the latest record of a key. */
  readonly compacts: boolean;
  /** Messages without a receipt went to the partition that is on record: the client did not choose. */
  readonly placed: boolean;
}

export type Removed = 'yes' | 'no' | 'unknown';

const nowhere = 0xffff_ffff;

export class Retention {
  readonly #tally: Tally;
  readonly #policy: KeepingPolicy;
  /** By producer: per partition the lowest sequence of one attempt that is stored. */
  readonly #firstStored = new Map<number, readonly number[]>();

  constructor(tally: Tally, policy: KeepingPolicy) {
    this.#tally = tally;
    this.#policy = policy;
  }

  /** Of an id that was accepted and is not stored. */
  removed(columns: ProducerColumns, sequence: number): Removed {
    const { store } = this.#tally;
    if (!store.retentionRemoved && !this.#policy.compacts) return 'no';
    const known = columns.flags[sequence]!;
    if ((known & flag.receipt) !== 0) return this.#at(columns.partition[sequence]!, columns.receiptOffset[sequence]!);
    if ((known & flag.delivered) !== 0) return this.#at(columns.deliveredPartition[sequence]!, columns.deliveredOffset[sequence]!);
    return this.#cannotBeBefore(columns, sequence) ? 'no' : 'unknown';
  }

  /** A hole below the end of a compacted topic is compaction's; a place that another record took, or that lies beyond the end, is not. */
  #at(partition: number, offset: number): Removed {
    const { store } = this.#tally;
    if (offset < store.startOf(partition)) return 'yes';
    return this.#policy.compacts && offset < store.endOf(partition) && !store.isOccupied(partition, offset) ? 'yes' : 'no';
  }

  /** One that was sent before it is still there, so retention has not come as far; compaction does not go in order. */
  #cannotBeBefore(columns: ProducerColumns, sequence: number): boolean {
    if (this.#policy.compacts || !this.#policy.placed || columns.attempts[sequence] !== 1) return false;
    const first = this.#firstStored.get(columns.producer) ?? firstStoredOf(columns);
    this.#firstStored.set(columns.producer, first);
    return sequence > (first[columns.partition[sequence]!] ?? nowhere);
  }
}

function firstStoredOf({ flags, attempts, storedPartition, outOfSequence, length }: ProducerColumns): readonly number[] {
  const first: number[] = [];
  if (outOfSequence) return first;
  for (let sequence = 0; sequence < length; sequence++) {
    if ((flags[sequence]! & (flag.stored | flag.storedAgain)) === flag.stored && attempts[sequence] === 1) first[storedPartition[sequence]!] ??= sequence;
  }
  return first;
}
