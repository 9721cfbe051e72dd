// A growable set of small whole numbers, one bit each: offsets of a partition.
import { grown } from './grown.ts';

export class Bitset {
  #words = new Uint32Array(64);

  /** Adds it and returns whether it was there before. */
  add(value: number): boolean {
    const word = value >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    const bit = 1 << (value & 31);
    const before = this.#words[word]!;
    this.#words[word] = before | bit;
    return (before & bit) !== 0;
  }

  has(value: number): boolean {
    const word = value >>> 5;
    return word < this.#words.length && (this.#words[word]! & (1 << (value & 31))) !== 0;
  }

  /** How many of `from` … `to − 1` are in the set. */
  count(from: number, to: number): number {
    let found = 0;
    const end = Math.min(to, this.#words.length * 32);
    for (let value = from; value < end; value++) {
      if ((value & 31) === 0 && this.#words[value >>> 5] === 0) value += 31;
      else if (this.has(value)) found++;
    }
    return found;
  }

  #grow(word: number): void {
    this.#words = grown(this.#words, Math.max(word + 1, this.#words.length * 2));
  }
}
