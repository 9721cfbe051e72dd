// Times of messages in 32 bits: microseconds since the run began, coarser only in runs of more than 71 minutes.

export class RunClock {
  readonly tickNs: number;
  readonly ticksPerNs: number;

  /** @param endNs about when the run ended; what comes up to as long again after it still has a time of its own. */
  constructor(endNs: number) {
    this.tickNs = Math.max(1, Math.ceil((2 * endNs) / 2 ** 32 / 1_000)) * 1_000;
    this.ticksPerNs = 1 / this.tickNs;
  }
}
