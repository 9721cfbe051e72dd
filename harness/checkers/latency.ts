// A histogram of acknowledgement latencies without an entry for each message: buckets 1.6 % wide, the maximum exact.
import type { Latency } from '../model/facts.ts';

/** Buckets per power of two. */
const fineness = 64;
const finenessBits = 6;

export class LatencyHistogram {
  readonly #buckets = new Uint32Array((32 - finenessBits + 1) * fineness);
  #count = 0;
  #maxUs = 0;

  add(microseconds: number): void {
    this.#count++;
    if (microseconds > this.#maxUs) this.#maxUs = microseconds;
    this.#buckets[bucketOf(microseconds)]!++;
  }

  addAll(other: LatencyHistogram): void {
    this.#count += other.#count;
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) this.#buckets[bucket]! += other.#buckets[bucket]!;
  }

  /** null when nothing was added. Quantiles are the middle of their bucket, never above the maximum. */
  summary(): Latency | null {
    if (this.#count === 0) return null;
    return { count: this.#count, p50Ms: this.#quantile(0.5), p95Ms: this.#quantile(0.95), p99Ms: this.#quantile(0.99), maxMs: this.#maxUs / 1_000 };
  }

  #quantile(share: number): number {
    let left = Math.ceil(share * this.#count);
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      left -= this.#buckets[bucket]!;
      if (left <= 0) return Math.min(middleOf(bucket), this.#maxUs) / 1_000;
    }
    return this.#maxUs / 1_000;
  }
}

/** Values below `fineness` have a bucket each; above, the highest bits after the leading one choose it. */
function bucketOf(value: number): number {
  if (value < fineness) return value;
  const shift = 31 - Math.clz32(value) - finenessBits;
  return (shift + 1) * fineness + ((value >>> shift) & (fineness - 1));
}

function middleOf(bucket: number): number {
  if (bucket < fineness) return bucket;
  const shift = Math.floor(bucket / fineness) - 1;
  return (fineness + (bucket % fineness)) * 2 ** shift + (2 ** shift - 1) / 2;
}
