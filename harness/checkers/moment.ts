// What is the same for all acceptances of one partition within some milliseconds: the bin of the grid, the era, the term.
// A history has few such moments and many acceptances, so that times are compared once and everything else is counted.
import type { Eras } from './eras.ts';
import type { OutcomeGrid } from './outcome-grid.ts';
import type { Terms } from './terms.ts';

/** Times that divide a run for the counts that gates ask about. */
export interface Edges {
  /** Strike of the first fault; Infinity without one. */
  readonly firstStruckNs: number;
  /** End of the last fault; −Infinity without one. */
  readonly healedNs: number;
}

export interface Surroundings {
  readonly grid: OutcomeGrid;
  readonly eras: Eras;
  readonly terms: Terms;
  readonly edges: Edges;
}

export class Moment {
  readonly partition: number;
  /** It holds from `fromNs` until just before `toNs`. */
  fromNs = Infinity;
  toNs = -Infinity;
  /** Number of the era, plus one. */
  era = 0;
  term = 0;
  oks = 0;
  /** Times grow within one worker's events. */
  lastOkNs = 0;
  acceptedBeforeFault = 0;
  acceptedAfterHeal = 0;
  readonly #around: Surroundings;
  #firstOkNs = 0;

  constructor(partition: number, around: Surroundings) {
    this.partition = partition;
    this.#around = around;
  }

  /** Ends the moment and begins the one that holds at this time. */
  enter(timeNs: number): void {
    this.leave();
    const { grid: { binNs }, eras, terms, edges } = this.#around;
    this.era = eras.at(timeNs) + 1;
    this.term = terms.at(this.partition, timeNs);
    this.fromNs = Math.floor(timeNs / binNs) * binNs;
    this.toNs = this.fromNs + binNs;
    this.#narrow(timeNs, eras.fromNs, eras.toNs);
    this.#narrow(timeNs, terms.fromNs, terms.toNs);
    this.#narrow(timeNs, edges.firstStruckNs, edges.firstStruckNs);
    this.#narrow(timeNs, edges.healedNs, edges.healedNs);
    this.#firstOkNs = timeNs;
  }

  /** Hands what was counted to the grid. */
  leave(): void {
    this.fromNs = Infinity;
    this.toNs = -Infinity;
    if (this.oks === 0) return;
    const { grid, edges: { firstStruckNs, healedNs } } = this.#around;
    grid.oksBetween(this.partition, this.#firstOkNs, this.lastOkNs, this.oks);
    if (this.lastOkNs < firstStruckNs) this.acceptedBeforeFault += this.oks;
    if (this.lastOkNs >= healedNs) this.acceptedAfterHeal += this.oks;
    this.oks = 0;
  }

  #narrow(timeNs: number, fromNs: number, toNs: number): void {
    if (fromNs <= timeNs && fromNs > this.fromNs) this.fromNs = fromNs;
    if (toNs > timeNs && toNs < this.toNs) this.toNs = toNs;
  }
}
