// At most so many of a long row, evenly from its beginning to its end, chosen while the row passes by.

export class Spread<Item> {
  readonly #limit: number;
  #kept: Item[] = [];
  #stride = 1;
  #seen = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param make is called only for those that are kept for now. */
  add(make: () => Item): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.#kept.length === 2 * this.#limit) this.#thin();
    // What is kept are the multiples of the stride, which may just have doubled.
    if ((this.#seen - 1) % this.#stride === 0) this.#kept.push(make());
  }

  /** In the order in which they came; all of them where they are not more than the limit. */
  chosen(): readonly Item[] {
    const last = this.#kept.length - 1;
    if (last < this.#limit) return this.#kept;
    return Array.from({ length: this.#limit }, (_, index) => this.#kept[Math.round((index * last) / (this.#limit - 1))]!);
  }

  #thin(): void {
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}
