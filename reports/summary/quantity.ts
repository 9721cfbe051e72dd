// A count as far as it may be believed: exact, a lower bound, or not known. What is not known is never written as zero.
import type { JudgedClause, Measure, Verdict } from '../../harness/model/contract.ts';
import type { MeasureFact } from '../../harness/model/facts.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatCount, formatRange, rangeOf } from './format.ts';

export interface Quantity {
  readonly count: number;
  readonly certainty: 'exact' | 'at-least' | 'unknown';
}

/** null: the run ended before anything could be counted, or the measure is not among its facts. */
export function quantityOf(run: RunRecord, measure: Measure): Quantity | null {
  const fact = run.facts?.measures.find((each) => each.measure === measure);
  return fact === undefined ? null : { count: fact.count, certainty: certaintyOf(run, fact) };
}

/** What an unfinished run counted can only have grown. */
function certaintyOf({ status }: RunRecord, { conclusive, atLeast }: MeasureFact): Quantity['certainty'] {
  if (conclusive) return status === 'completed' ? 'exact' : 'at-least';
  return atLeast === true ? 'at-least' : 'unknown';
}

/** `12`, `≥ 0`, `—`. */
export function formatQuantity(quantity: Quantity | null, format: (count: number) => string): string {
  if (quantity === null || quantity.certainty === 'unknown') return '—';
  return `${quantity.certainty === 'at-least' ? '≥ ' : ''}${format(quantity.count)}`;
}

/** What a clause found, in the judgement's words, unless those are a bare count that is not the whole truth. */
export function actualWords(run: RunRecord, { measure, actual }: JudgedClause): string {
  const quantity = quantityOf(run, measure);
  const bare = quantity !== null && actual.replaceAll(/[\s,]/g, '') === String(quantity.count);
  return bare && quantity.certainty !== 'exact' ? formatQuantity(quantity, formatCount) : actual;
}

/** A run that did not end has upheld nothing yet. */
export const clauseVerdict = ({ status }: RunRecord, { verdict }: JudgedClause): Verdict =>
  (status !== 'completed' && verdict === 'upheld' ? 'inconclusive' : verdict);

/** One quantity, or `8–12` over several runs; those that are not exact are told apart. */
export function formatQuantities(all: readonly Quantity[], format: (count: number) => string): string {
  if (all.length <= 1) return formatQuantity(all[0] ?? null, format);
  const exact = rangeOf(all.filter(({ certainty }) => certainty === 'exact').map(({ count }) => count));
  const open = all.filter(({ certainty }) => certainty !== 'exact');
  if (exact !== null) return formatRange(exact, format) + (open.length === 0 ? '' : `, ${open.length} unknown`);
  const unknown = open.some(({ certainty }) => certainty === 'unknown');
  return unknown ? '—' : `≥ ${format(Math.min(...open.map(({ count }) => count)))}`;
}
