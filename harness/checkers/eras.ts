// Divides the run's time at the strikes: era n lies after n of them.

/** More strikes than this share the last era; their exposure is then counted for the last of them only. */
export const lastEra = 250;

/** Events of one worker come in the order of time, so the era of the previous event is nearly always right. */
export class Eras {
  readonly #strikesNs: Float64Array;
  #era = 0;
  /** Bounds of the era that was asked for last. */
  fromNs = -Infinity;
  toNs: number;

  constructor(strikesNs: readonly number[]) {
    this.#strikesNs = Float64Array.from(strikesNs.slice(0, lastEra));
    this.toNs = this.#strikesNs[0] ?? Infinity;
  }

  /** How many strikes came at or before this time. */
  at(timeNs: number): number {
    if (timeNs < this.fromNs || timeNs >= this.toNs) this.#move(timeNs);
    return this.#era;
  }

  #move(timeNs: number): void {
    const later = this.#strikesNs.findIndex((strikeNs) => strikeNs > timeNs);
    this.#era = later === -1 ? this.#strikesNs.length : later;
    this.fromNs = this.#strikesNs[this.#era - 1] ?? -Infinity;
    this.toNs = this.#strikesNs[this.#era] ?? Infinity;
  }
}
