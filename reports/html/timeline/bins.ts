// The run's counts per bin, joined into as few steps as a chart can show. Bins without data stay gaps, never zeros.
import { max } from 'd3-array';
import type { Series } from '../../../harness/model/facts.ts';

export const seriesNames = ['acknowledged', 'delivered', 'failed', 'indeterminate'] as const;
export type SeriesName = (typeof seriesNames)[number];

export interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
  /** Counts; null where nothing was recorded for this stretch. */
  readonly counts: Readonly<Record<SeriesName, number | null>>;
}

export interface Binned {
  readonly stepMs: number;
  readonly bins: readonly Bin[];
}

/** Steps that a person counts in; bins are joined up to the first that fits. */
const roundSteps = [100, 200, 250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

/** The bins between two times, joined so that at most `limit` remain. Sums, so nothing is smoothed away. */
export function joinBins(series: Series, fromMs: number, toMs: number, limit: number): Binned {
  const { binMs } = series;
  const first = Math.max(0, Math.floor(fromMs / binMs));
  const last = Math.max(first, Math.ceil(toMs / binMs));
  const size = joinSize(binMs, last - first, limit);
  const bins: Bin[] = [];
  for (let start = Math.floor(first / size) * size; start < last; start += size) {
    bins.push({ fromMs: start * binMs, toMs: (start + size) * binMs, counts: sums(series, start, size) });
  }
  return { stepMs: size * binMs, bins };
}

function joinSize(binMs: number, count: number, limit: number): number {
  const needed = Math.max(1, Math.ceil(count / limit));
  const round = roundSteps.find((step) => step % binMs === 0 && step / binMs >= needed);
  return round === undefined ? needed : round / binMs;
}

function sums(series: Series, start: number, size: number): Bin['counts'] {
  const sum = (name: SeriesName): number | null => {
    const counts = series[name].slice(start, start + size).filter((count) => Number.isFinite(count));
    return counts.length === 0 ? null : counts.reduce((total, count) => total + count, 0);
  };
  return { acknowledged: sum('acknowledged'), delivered: sum('delivered'), failed: sum('failed'), indeterminate: sum('indeterminate') };
}

/** Per second. */
export const rate = (bin: Bin, name: SeriesName): number | null => {
  const count = bin.counts[name];
  return count === null ? null : (count * 1000) / (bin.toMs - bin.fromMs);
};

export const highestRate = (bins: readonly Bin[], names: readonly SeriesName[]): number =>
  max(bins.flatMap((bin) => names.map((name) => rate(bin, name) ?? 0))) ?? 0;
