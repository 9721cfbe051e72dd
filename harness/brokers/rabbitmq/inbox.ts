// What arrived and was not taken yet; a failure reaches whoever waits.

export class Inbox<T> {
  #items: T[] = [];
  #failure: unknown;
  #wake: () => void = () => {};
  #open = true;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  fail(error: unknown): void {
    if (this.#open) this.#failure ??= error;
    this.#wake();
  }

  close(): void {
    this.#open = false;
  }

  /** What is there; where nothing is, whatever comes within the given time. @throws the failure; the signal's reason. */
  async take(withinMs: number): Promise<readonly T[]> {
    this.#signal.throwIfAborted();
    if (this.#items.length === 0 && this.#failure === undefined) await this.#something(withinMs);
    if (this.#failure !== undefined) throw this.#failure;
    const items = this.#items;
    this.#items = [];
    return items;
  }

  #something(withinMs: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
