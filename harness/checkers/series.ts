// Rates over time: events counted in bins that widen until a chart can show them all.
import type { Series } from '../model/facts.ts';

export const narrowestBinMs = 100;
export const mostBins = 240;
const lines = ['acknowledged', 'delivered', 'failed', 'indeterminate'] as const;
export type Line = (typeof lines)[number];

/** Counts in bins of `narrowestBinMs`; a run of a day takes 14 MB. */
export class Bins {
  counts = new Uint32Array(1 << 10);
  used = 0;

  add(timeNs: number): void {
    const bin = timeNs > 0 ? Math.floor(timeNs / (narrowestBinMs * 1e6)) : 0;
    if (bin >= this.used) this.#reach(bin);
    this.counts[bin]!++;
  }

  /** Sums of `factor` neighbouring bins. */
  widened(factor: number, length: number): number[] {
    const sums = new Array<number>(length).fill(0);
    for (let bin = 0; bin < this.used; bin++) sums[Math.floor(bin / factor)]! += this.counts[bin]!;
    return sums;
  }

  #reach(bin: number): void {
    this.used = bin + 1;
    if (bin >= this.counts.length) this.counts = new Uint32Array(this.counts.buffer.transfer(Math.max(bin + 1, this.counts.length * 2) * 4));
  }
}

const niceFactors = [1, 2, 5, 10, 20, 50, 100, 200, 300, 600, 1_200, 3_000, 6_000, 18_000, 36_000, 72_000, 144_000, 432_000, 864_000];

export function toSeries(bins: Readonly<Record<Line, Bins>>): Series {
  const used = Math.max(...lines.map((line) => bins[line].used));
  const factor = niceFactors.find((candidate) => Math.ceil(used / candidate) <= mostBins) ?? Math.ceil(used / mostBins);
  const length = Math.ceil(used / factor);
  return {
    binMs: factor * narrowestBinMs,
    acknowledged: bins.acknowledged.widened(factor, length),
    delivered: bins.delivered.widened(factor, length),
    failed: bins.failed.widened(factor, length),
    indeterminate: bins.indeterminate.widened(factor, length),
  };
}

export const emptyBins = (): Record<Line, Bins> => ({ acknowledged: new Bins(), delivered: new Bins(), failed: new Bins(), indeterminate: new Bins() });
