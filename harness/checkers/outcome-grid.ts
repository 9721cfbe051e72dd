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
  /** When the oldest attempt that ended in this bin was sent. */
  waitingFromNs = new Float64Array(64);

  ok(bin: number, timeNs: number, latencyUs: number): void {
    if (bin >= this.used) this.#reach(bin);
    const sentNs = timeNs - latencyUs * 1_000;
    if (this.oks[bin]! + this.bads[bin]! === 0 || sentNs < this.waitingFromNs[bin]!) this.waitingFromNs[bin] = sentNs;
    if (this.oks[bin]!++ === 0 || timeNs < this.firstOkNs[bin]!) this.firstOkNs[bin] = timeNs;
    if (timeNs > this.lastOkNs[bin]!) this.lastOkNs[bin] = timeNs;
  }

  bad(bin: number, timeNs: number, latencyUs: number): void {
    if (bin >= this.used) this.#reach(bin);
    const sentNs = timeNs - latencyUs * 1_000;
    if (this.oks[bin]! + this.bads[bin]! === 0 || sentNs < this.waitingFromNs[bin]!) this.waitingFromNs[bin] = sentNs;
    this.bads[bin]!++;
    if (timeNs > this.lastBadNs[bin]!) this.lastBadNs[bin] = timeNs;
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
    this.waitingFromNs = grown(this.waitingFromNs, capacity);
  }
}

export class OutcomeGrid {
  readonly binNs: number;
  readonly #binsPerNs: number;
  readonly #partitions: (PartitionOutcomes | undefined)[] = [];

  /** @param endNs about when the run ended; it only chooses the width of bins. */
  constructor(endNs: number) {
    this.binNs = (widthsMs.find((width) => (width * 1e6) * mostBins >= endNs) ?? widthsMs.at(-1)!) * 1e6;
    this.#binsPerNs = 1 / this.binNs;
  }

  /** @param latencyUs since the attempt began. */
  ok(partition: number, timeNs: number, latencyUs: number): void {
    this.#of(partition).ok((timeNs * this.#binsPerNs) >>> 0, timeNs, latencyUs);
  }

  bad(partition: number, timeNs: number, latencyUs: number): void {
    this.#of(partition).bad((timeNs * this.#binsPerNs) >>> 0, timeNs, latencyUs);
  }

  /** Oks of all partitions in bins of this grid. */
  oks(): Bins {
    const bins = new Bins(this.binNs / 1e6);
    for (const { outcomes } of this.partitions()) bins.addAll(outcomes.oks, outcomes.used);
    return bins;
  }

  /** On any partition; null: none. An ok that shares a bin with the time counts with the last ok of that bin. */
  firstOkAfter(timeNs: number): number | null {
    let first = Infinity;
    for (const { outcomes } of this.partitions()) {
      for (let bin = Math.max(0, Math.floor(timeNs / this.binNs)); bin < outcomes.used; bin++) {
        if (outcomes.oks[bin] === 0 || outcomes.lastOkNs[bin]! < timeNs) continue;
        first = Math.min(first, outcomes.firstOkNs[bin]! >= timeNs ? outcomes.firstOkNs[bin]! : outcomes.lastOkNs[bin]!);
        break;
      }
    }
    return first === Infinity ? null : first;
  }

  *partitions(): Generator<{ readonly partition: number; readonly outcomes: PartitionOutcomes }> {
    for (const [partition, outcomes] of this.#partitions.entries()) if (outcomes !== undefined) yield { partition, outcomes };
  }

  #of(partition: number): PartitionOutcomes {
    return (this.#partitions[partition] ??= new PartitionOutcomes());
  }
}
