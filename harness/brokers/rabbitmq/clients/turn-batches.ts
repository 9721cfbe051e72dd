// Collects what arrives within one turn of the event loop and hands it on as one batch, one batch at a time and in order.

export class TurnBatches<T> {
  readonly #handle: (batch: readonly T[]) => Promise<void>;
  #waiting: T[] = [];
  #working: Promise<void> | null = null;

  /** @param handle a rejection is a programmer's error: it is thrown, and ends the process. */
  constructor(handle: (batch: readonly T[]) => Promise<void>) {
    this.#handle = handle;
  }

  put(item: T): void {
    this.#waiting.push(item);
    // Outside of any promise, so that it ends the process: a consumer that limps on would falsify the counts.
    this.#working ??= this.#work().catch((error: unknown) => { setImmediate(() => { throw error; }); });
  }

  /** Items that were put and not handed on yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves once everything put so far, and whatever comes meanwhile, was handled. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async #work(): Promise<void> {
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#handle(batch);
    }
    this.#working = null;
  }
}
