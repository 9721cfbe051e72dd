// Collects what the checkers find: complete counts, and the first ids of each measure as examples.
import { measures, type Measure } from '../model/contract.ts';
import { exampleLimit } from '../model/facts.ts';
import type { MessageId } from '../model/message.ts';

interface Found {
  count: number;
  readonly examples: MessageId[];
}

export class Findings {
  readonly #found = Object.fromEntries(measures.map((measure) => [measure, { count: 0, examples: [] }])) as unknown as Readonly<Record<Measure, Found>>;

  /** @param count how many anomalies this one id stands for. */
  add(measure: Measure, producer: number, sequence: number, count = 1): void {
    const found = this.#found[measure];
    found.count += count;
    if (found.examples.length < exampleLimit) found.examples.push({ producer, sequence });
  }

  /** For anomalies that no single message stands for, or whose examples are found elsewhere. */
  addCount(measure: Measure, count: number): void {
    this.#found[measure].count += count;
  }

  count(measure: Measure): number {
    return this.#found[measure].count;
  }

  examples(measure: Measure): readonly MessageId[] {
    return this.#found[measure].examples;
  }
}
