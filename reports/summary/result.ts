// How a run came out, as one closed set of words: the judgement's verdict, or why there is none.
import { demands } from '../../harness/model/clause.ts';
import type { Contract, Measure } from '../../harness/model/contract.ts';
import { measures } from '../../harness/model/contract.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatCount, formatDuration, listWords } from './format.ts';
import { isDuration, measureWords } from './measure-words.ts';

/** Worst first. `required`: upheld, and the contract demanded that something be lost or repeated. */
export const results = ['violated', 'failed', 'interrupted', 'inconclusive', 'required', 'upheld'] as const;
export type Result = (typeof results)[number];

export function resultOf(run: RunRecord): Result {
  if (run.status !== 'completed') return run.status;
  if (run.judgement.verdict !== 'upheld') return run.judgement.verdict;
  return demanded(run.scenario.contract).length > 0 ? 'required' : 'upheld';
}

export const worstOf = (all: readonly Result[]): Result => results.find((result) => all.includes(result)) ?? 'inconclusive';

/** One character for text formats, always beside the word. */
export const resultGlyphs: Readonly<Record<Result, string>> = {
  violated: '✗', failed: '!', interrupted: '■', inconclusive: '?', required: '◆', upheld: '✓',
};

export const resultWords: Readonly<Record<Result, string>> = {
  violated: 'violated', failed: 'failed to run', interrupted: 'interrupted', inconclusive: 'inconclusive', required: 'upheld', upheld: 'upheld',
};

/** "lost as required", where the contract demanded it and it happened; null otherwise. */
export function asRequired(run: RunRecord): string | null {
  if (resultOf(run) !== 'required') return null;
  return `${listWords(demanded(run.scenario.contract).map((measure) => measureWords[measure].label))} as required`;
}

/** Measures that must not be zero: a scenario that has any is one that must show what its safe twin must not. */
export function demanded(contract: Contract): readonly Measure[] {
  return measures.filter((measure) => contract[measure] !== undefined && demands(contract[measure]));
}

/** What the contract says of loss, short enough for a table: "must not lose". */
export function lossRule(contract: Contract): string {
  const clause = contract.lost;
  if (clause === undefined) return 'loss not judged';
  if (clause === 'forbidden') return 'must not lose';
  if (clause === 'allowed') return 'may lose';
  if (clause === 'required') return 'must lose';
  if ('max' in clause) return clause.max === 0 ? 'must not lose' : `may lose up to ${formatCount(clause.max)}`;
  if ('min' in clause) return `must lose at least ${formatCount(clause.min)}`;
  if (clause.equals === 0) return 'must not lose';
  return clause.equals === 'exposed' ? 'must lose exactly the exposed' : `must lose exactly ${formatCount(clause.equals)}`;
}

export const formatMeasure = (measure: Measure, count: number): string => (isDuration(measure) ? formatDuration(count) : formatCount(count));
