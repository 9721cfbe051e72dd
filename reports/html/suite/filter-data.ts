// What the scenarios of a suite can be chosen by: their verdict and the families of their faults, in the words that a reader sees.
import { familiesOf } from '../../../harness/model/fault-parameters.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { familyWords, type Family } from '../../summary/families.ts';
import { resultWords, type Result } from '../../summary/result.ts';
import { markup, type Markup } from '../markup.ts';

/** What is required and came is upheld, and still another thing to look for. */
export const verdictWords = (result: Result): string => (result === 'required' ? 'upheld, shown as required' : resultWords[result]);

export function filterData(worst: RunRecord, result: Result): Markup {
  const families = familiesOf(worst.scenario);
  return attributesOf(verdictWords(result), families.length === 0 ? ['none'] : families);
}

export const attributesOf = (verdict: string, families: readonly Family[]): Markup =>
  markup` data-verdict="${verdict}" data-family="${families.map((family) => familyWords[family]).join('|')}"`;
