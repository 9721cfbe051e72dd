// A door that many wait at: open lets all pass, closed holds them.
export class Gate {
  #waiting: (() => void)[] = [];
  #open = false;

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const pass of waiting) pass();
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  close(): void {
    this.#open = false;
  }

  passed(): Promise<void> {
    if (this.#open) return Promise.resolve();
    return new Promise((resolve) => { this.#waiting.push(resolve); });
  }
}
