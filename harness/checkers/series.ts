// Rates over time: events counted in bins that widen until a chart can show them all.
import type { Series } from '../model/facts.ts';
import { grown } from './grown.ts';

export const narrowestBinMs = 100;
export const mostBins = 240;
const lines = ['acknowledged', 'delivered', 'failed', 'indeterminate'] as const;
export type Line = (typeof lines)[number];

/** Counts in narrow bins; a run of a day takes 14 MB. */
export class Bins {
  readonly binMs: number;
  readonly #binsPerNs: number;
  #counts = new Uint32Array(1 << 10);
  #used = 0;

  constructor(binMs = narrowestBinMs) {
    this.binMs = binMs;
    this.#binsPerNs = 1 / (binMs * 1e6);
  }

  get lastMs(): number {
    return this.#used * this.binMs;
  }

  add(timeNs: number): void {
    const bin = (timeNs * this.#binsPerNs) >>> 0;
    if (bin >= this.#used) this.#reach(bin);
    this.#counts[bin]!++;
  }

  addAll(counts: Uint32Array, used: number): void {
    if (used > this.#used) this.#reach(used - 1);
    for (let bin = 0; bin < used; bin++) this.#counts[bin]! += counts[bin]!;
  }

  /** Sums in `length` bins of `binMs`. */
  widened(binMs: number, length: number): number[] {
    const sums = new Array<number>(length).fill(0);
    for (let bin = 0; bin < this.#used; bin++) sums[Math.floor((bin * this.binMs) / binMs)]! += this.#counts[bin]!;
    return sums;
  }

  #reach(bin: number): void {
    this.#used = bin + 1;
    if (bin >= this.#counts.length) this.#counts = grown(this.#counts, Math.max(bin + 1, this.#counts.length * 2));
  }
}

const niceMs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000];

/** The narrowest width, in milliseconds, of which so many bins hold a run. */
export const widthOf = (lastMs: number, most: number): number =>
  niceMs.find((width) => Math.ceil(lastMs / width) <= most) ?? Math.ceil(lastMs / most / narrowestBinMs) * narrowestBinMs;

export function toSeries(bins: Readonly<Record<Line, Bins>>): Series {
  const lastMs = Math.max(...lines.map((line) => bins[line].lastMs));
  const binMs = widthOf(lastMs, mostBins);
  const length = Math.ceil(lastMs / binMs);
  return {
    binMs,
    acknowledged: bins.acknowledged.widened(binMs, length),
    delivered: bins.delivered.widened(binMs, length),
    failed: bins.failed.widened(binMs, length),
    indeterminate: bins.indeterminate.widened(binMs, length),
  };
}
