// Latencies by when the message was sent, and by how that lies to the faults: a histogram for each stretch of time.
import type { Latency, LatencyOverTime } from '../model/facts.ts';
import { LatencyHistogram } from './latency.ts';
import type { Edges } from './moment.ts';
import { widthOf } from './series.ts';

/** A histogram takes 7 kB: the whole grid stays below 6 MB, whatever the number of messages. */
export const mostLatencyBins = 240;
const parts = 3;

export class LatencyGrid {
  readonly binMs: number;
  readonly #binNs: number;
  readonly #struckNs: number;
  readonly #healedNs: number;
  /** By bin, then before, during and after the faults. */
  readonly #histograms: (LatencyHistogram | undefined)[] = [];
  #first = 0;
  #fromNs = Infinity;
  #toNs = -Infinity;

  /** @param endNs about when the run ended: it chooses the width of bins, and what is sent later shares the last one. */
  constructor(endNs: number, { firstStruckNs, healedNs }: Edges) {
    this.binMs = widthOf(endNs / 1e6, mostLatencyBins);
    this.#binNs = this.binMs * 1e6;
    this.#struckNs = firstStruckNs;
    this.#healedNs = firstStruckNs === Infinity ? Infinity : healedNs;
  }

  add(endNs: number, latencyUs: number): void {
    const sentNs = endNs - latencyUs * 1_000;
    if (sentNs < this.#fromNs || sentNs >= this.#toNs) this.#enter(sentNs);
    const part = endNs < this.#struckNs ? 0 : sentNs >= this.#healedNs ? 2 : 1;
    (this.#histograms[this.#first + part] ??= new LatencyHistogram()).add(latencyUs);
  }

  whole(): Latency | null {
    return merged(this.#histograms).summary();
  }

  /** null when nothing was added. */
  overTime(): LatencyOverTime | null {
    const firstIndex = this.#histograms.findIndex((histogram) => histogram !== undefined);
    if (firstIndex === -1) return null;
    const firstBin = Math.floor(firstIndex / parts);
    const bins = Array.from({ length: Math.ceil(this.#histograms.length / parts) - firstBin }, (_, index) => {
      const from = (firstBin + index) * parts;
      return merged(this.#histograms.slice(from, from + parts)).summary();
    });
    const part = (wanted: number) => merged(this.#histograms.filter((_, index) => index % parts === wanted)).summary();
    return {
      binMs: this.binMs, fromMs: firstBin * this.binMs,
      count: bins.map((bin) => bin?.count ?? 0),
      p50Ms: bins.map((bin) => bin?.p50Ms ?? null), p95Ms: bins.map((bin) => bin?.p95Ms ?? null), p99Ms: bins.map((bin) => bin?.p99Ms ?? null), maxMs: bins.map((bin) => bin?.maxMs ?? null),
      before: part(0), during: part(1), after: part(2),
    };
  }

  /** Events of one worker come in the order of time, so the bin of the previous one is nearly always right. */
  #enter(sentNs: number): void {
    const bin = Math.min(mostLatencyBins - 1, Math.max(0, Math.floor(sentNs / this.#binNs)));
    this.#first = bin * parts;
    this.#fromNs = bin * this.#binNs;
    this.#toNs = this.#fromNs + this.#binNs;
  }
}

function merged(histograms: readonly (LatencyHistogram | undefined)[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const histogram of histograms) if (histogram !== undefined) all.addAll(histogram);
  return all;
}
