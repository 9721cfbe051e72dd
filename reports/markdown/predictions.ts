// What was predicted beside what was measured.
import type { RunRecord } from '../../harness/model/run-record.ts';
import { actualWords } from '../summary/quantity.ts';
import { escapeMarkdown } from './escape.ts';

export function predictionTable(run: RunRecord): string {
  const { predicted = {} } = run.scenario;
  const told = run.judgement.clauses.filter(({ measure }) => predicted[measure] !== undefined);
  if (told.length === 0) return '';
  const head = '| measure | expected | predicted | actual |\n|---|---|---|---|\n';
  return head + told.map((clause) => `| ${clause.measure} | ${escapeMarkdown(clause.expected)} | ${escapeMarkdown(predicted[clause.measure]!)} | ${escapeMarkdown(actualWords(run, clause))} |\n`).join('');
}
