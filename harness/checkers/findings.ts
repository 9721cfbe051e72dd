// Collects what the checkers find: complete counts, and ids of each measure as examples, spread over all that were found.
import { measures, type Measure } from '../model/contract.ts';
import { exampleLimit, type Cause } from '../model/facts.ts';
import type { MessageId } from '../model/message.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { Spread } from './spread.ts';

/** A message as an example: where its columns are, and its id. */
export interface Finding {
  readonly columns: ProducerColumns;
  readonly index: number;
  readonly id: MessageId;
  /** Where the checker that found it knows. */
  readonly cause?: Cause;
}

interface Found {
  count: number;
  readonly examples: Spread<Finding>;
}

export class Findings {
  readonly #found = Object.fromEntries(measures.map((measure) => [measure, { count: 0, examples: new Spread(exampleLimit) }])) as unknown as Readonly<Record<Measure, Found>>;

  /** @param count how many anomalies this one id stands for. */
  add(measure: Measure, columns: ProducerColumns, index: number, count = 1, cause?: Cause): void {
    const found = this.#found[measure];
    found.count += count;
    found.examples.add(() => ({ columns, index, id: columns.idOf(index), ...(cause === undefined ? {} : { cause }) }));
  }

  /** For anomalies that no single message stands for, or whose examples are found elsewhere. */
  addCount(measure: Measure, count: number): void {
    this.#found[measure].count += count;
  }

  count(measure: Measure): number {
    return this.#found[measure].count;
  }

  /** Producer by producer in the order of sequence, as the checkers find them. */
  examples(measure: Measure): readonly Finding[] {
    return this.#found[measure].examples.chosen();
  }
}
