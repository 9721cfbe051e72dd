// The ends of attempts per partition on a fine grid of time: enough for availability, whatever the number of messages.
// Bins are 10 ms wide, wider only in runs of many hours; the times at their edges are exact.

import { Bins } from './series.ts';
import { grown } from './grown.ts';

/** Each divides the bins of the series. */
const widthsMs = [10, 20, 50, 100] as const;
/** 10 ms bins for 17 minutes; longer runs get wider ones. */
const mostBins = 100_000;

export class PartitionOutcomes {
  used = 0;
  oks = new Uint32Array(64);
  bads = new Uint32Array(64);
  firstOkNs = new Float64Array(64);
  lastOkNs = new Float64Array(64);
  lastBadNs = new Float64Array(64);
  /** When the oldest attempt was sent that ended in this bin in vain or slowly; Infinity: none did. */
  waitingFromNs = new Float64Array(64).fill(Infinity);

  /** Oks of one stretch within the bin. */
  okays(bin: number, firstNs: number, lastNs: number, oks: number): void {
    if (bin >= this.used) this.#reach(bin);
    if (this.oks[bin] === 0 || firstNs < this.firstOkNs[bin]!) this.firstOkNs[bin] = firstNs;
    if (lastNs > this.lastOkNs[bin]!) this.lastOkNs[bin] = lastNs;
    this.oks[bin]! += oks;
  }

  bad(bin: number, timeNs: number): void {
    if (bin >= this.used) this.#reach(bin);
    this.bads[bin]!++;
    if (timeNs > this.lastBadNs[bin]!) this.lastBadNs[bin] = timeNs;
  }

  waited(bin: number, sentNs: number): void {
    if (bin >= this.used) this.#reach(bin);
    if (sentNs < this.waitingFromNs[bin]!) this.waitingFromNs[bin] = sentNs;
  }

  #reach(bin: number): void {
    this.used = bin + 1;
    if (bin < this.oks.length) return;
    const capacity = Math.max(bin + 1, this.oks.length * 2);
    this.oks = grown(this.oks, capacity);
    this.bads = grown(this.bads, capacity);
    this.firstOkNs = grown(this.firstOkNs, capacity);
    this.lastOkNs = grown(this.lastOkNs, capacity);
    this.lastBadNs = grown(this.lastBadNs, capacity);
    const before = this.waitingFromNs.length;
    this.waitingFromNs = grown(this.waitingFromNs, capacity).fill(Infinity, before);
  }
}

export class OutcomeGrid {
  readonly binNs: number;
  readonly #partitions: (PartitionOutcomes | undefined)[] = [];

  /** @param endNs about when the run ended; it only chooses the width of bins. */
  constructor(endNs: number) {
    this.binNs = (widthsMs.find((width) => (width * 1e6) * mostBins >= endNs) ?? widthsMs.at(-1)!) * 1e6;
  }

  /** Oks in a row, all in one bin. */
  oksBetween(partition: number, firstNs: number, lastNs: number, oks: number): void {
    this.#of(partition).okays(this.#binOf(firstNs), firstNs, lastNs, oks);
  }

  /** An attempt that ended in vain. */
  bad(partition: number, timeNs: number, sentNs: number): void {
    this.#of(partition).bad(this.#binOf(timeNs), timeNs);
    this.waited(partition, timeNs, sentNs);
  }

  /** Somebody waited from `sentNs` to `timeNs`. Only waits that are long enough for a gap need to be told. */
  waited(partition: number, timeNs: number, sentNs: number): void {
    this.#of(partition).waited(this.#binOf(timeNs), sentNs);
  }

  /** Oks of all partitions in bins of this grid. */
  oks(): Bins {
    const bins = new Bins(this.binNs / 1e6);
    for (const { outcomes } of this.partitions()) bins.addAll(outcomes.oks, outcomes.used);
    return bins;
  }

  /** Whether there was an ok at that time or later, on one partition, or on any where none is named. */
  anyOkSince(timeNs: number, only?: number): boolean {
    for (const { partition, outcomes } of this.partitions()) {
      if (only !== undefined && partition !== only) continue;
      for (let bin = Math.max(0, Math.floor(timeNs / this.binNs)); bin < outcomes.used; bin++) {
        if (outcomes.oks[bin]! > 0 && outcomes.lastOkNs[bin]! >= timeNs) return true;
      }
    }
    return false;
  }

  /** Attempts that ended from one time to another; and stretches of the grid after it in which one ended that had begun before. */
  metBetween(fromNs: number, toNs: number): number {
    let met = 0;
    for (const { outcomes } of this.partitions()) {
      const last = Math.min(outcomes.used - 1, Math.floor(toNs / this.binNs));
      for (let bin = Math.max(0, Math.floor(fromNs / this.binNs)); bin <= last; bin++) met += outcomes.oks[bin]! + outcomes.bads[bin]!;
      for (let bin = last + 1; bin < outcomes.used; bin++) if (outcomes.waitingFromNs[bin]! <= toNs) met++;
    }
    return met;
  }

  *partitions(): Generator<{ readonly partition: number; readonly outcomes: PartitionOutcomes }> {
    for (const [partition, outcomes] of this.#partitions.entries()) if (outcomes !== undefined) yield { partition, outcomes };
  }

  #binOf(timeNs: number): number {
    return Math.max(0, Math.floor(timeNs / this.binNs));
  }

  #of(partition: number): PartitionOutcomes {
    return (this.#partitions[partition] ??= new PartitionOutcomes());
  }
}
