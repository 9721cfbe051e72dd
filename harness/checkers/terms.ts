// Which leader gave a receipt. A change of leader was *observed* at some time and happened before: receipts from the
// doubtful stretch in between are compared with none of it, so that a reused offset is never mistaken for a lie of the client.
// Terms are numbered in the order of time: even ones have one leader, odd ones are the doubtful stretches between them.
import type { FaultOutline, TimelineFacts } from './timeline-facts.ts';

/** Whatever comes after that many is doubtful. */
const lastTerm = 255;
/** Receipts of one such term may come from two leaders. */
export const isDoubtful = (term: number): boolean => term % 2 === 1;
/** A change is believed to be observed within this time, and not before the fault that caused it. */
const observedWithinNs = 5e9;

class PartitionTerms {
  /** A term ends at `doubtFrom[index]`; the next begins at `doubtTo[index]`. */
  readonly #doubtFrom: readonly number[];
  readonly #doubtTo: readonly number[];
  #term = 0;
  fromNs = -Infinity;
  toNs: number;

  constructor(doubts: readonly (readonly [from: number, to: number])[]) {
    this.#doubtFrom = doubts.map(([from]) => from);
    this.#doubtTo = doubts.map(([, to]) => to);
    this.toNs = this.#doubtFrom[0] ?? Infinity;
  }

  at(timeNs: number): number {
    if (timeNs < this.fromNs || timeNs >= this.toNs) this.#move(timeNs);
    return this.#term;
  }

  /** The one that lasts to the end of the run: what was written in it nobody replaced. */
  get last(): number {
    return Math.min(2 * this.#doubtFrom.length, lastTerm);
  }

  #move(timeNs: number): void {
    const passed = this.#doubtFrom.filter((from) => from <= timeNs).length;
    const doubtful = passed > 0 && timeNs < this.#doubtTo[passed - 1]!;
    this.#term = Math.min(2 * passed - Number(doubtful), lastTerm);
    this.fromNs = doubtful ? this.#doubtFrom[passed - 1]! : (this.#doubtTo[passed - 1] ?? -Infinity);
    this.toNs = doubtful ? this.#doubtTo[passed - 1]! : (this.#doubtFrom[passed] ?? Infinity);
  }
}

export class Terms {
  /** Bounds of the term, or of the doubtful stretch, that was asked for last. */
  fromNs = -Infinity;
  toNs = Infinity;
  readonly #partitions: (PartitionTerms | undefined)[] = [];
  readonly #leaders: TimelineFacts['leaders'];
  readonly #faults: readonly FaultOutline[];

  constructor({ leaders, faults }: Pick<TimelineFacts, 'leaders' | 'faults'>) {
    this.#leaders = leaders;
    this.#faults = faults;
  }

  at(partition: number, timeNs: number): number {
    const terms = this.#of(partition);
    const term = terms.at(timeNs);
    this.fromNs = terms.fromNs;
    this.toNs = terms.toNs;
    return term;
  }

  /** Whether no other leader came after this term. */
  isLast(partition: number, term: number): boolean {
    return !isDoubtful(term) && this.#of(partition).last === term;
  }

  #of(partition: number): PartitionTerms {
    return (this.#partitions[partition] ??= new PartitionTerms(this.#doubts(partition)));
  }

  /** The first entry says who led at the beginning; every later one ends a term. Doubts that touch are one. */
  #doubts(partition: number): readonly (readonly [number, number])[] {
    const [, ...changes] = this.#leaders.filter((entry) => entry.partition === partition);
    const doubts: [number, number][] = [];
    for (const { timeNs } of changes) {
      const cause = this.#faults.findLast(({ beginMs }) => beginMs * 1e6 <= timeNs);
      const from = Math.min(timeNs - observedWithinNs, (cause?.beginMs ?? Infinity) * 1e6);
      const last = doubts.at(-1);
      if (last !== undefined && from <= last[1]) last[1] = timeNs;
      else doubts.push([from, timeNs]);
    }
    return doubts;
  }
}
