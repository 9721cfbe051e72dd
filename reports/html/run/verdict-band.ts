// The answer first: verdict, one sentence, and the numbers that it rests on.
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { clientOf } from '../../summary/client.ts';
import { formatCount, formatDuration } from '../../summary/format.ts';
import { formatQuantity, quantityOf } from '../../summary/quantity.ts';
import { asRequired, lossRule, resultOf, resultWords, type Result } from '../../summary/result.ts';
import { attributionWords, measureFact, recoveryOf, sentenceOf } from '../../summary/summarise.ts';
import { count, figures, type Figure } from '../block.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, prose, type Markup } from '../markup.ts';

export function verdictBand(run: RunRecord): Markup {
  const result = resultOf(run);
  const note = asRequired(run);
  const words = resultWords[result] + (note === null ? '' : ` · ${note}`);
  return markup`<div class="band ${result}"><p>${verdictMark(result, words)}</p><p class="sentence">${prose(sentenceOf(run))}</p>${keyFigures(run, result)}</div>
`;
}

function keyFigures(run: RunRecord, result: Result): Markup {
  const { facts } = run;
  if (facts === null) return nothing;
  const { accounting } = facts;
  const duplicated = measureFact(facts, 'duplicated');
  return figures([
    { label: accounting.base, value: count(accounting.baseCount, formatCount(accounting.baseCount)), note: clientOf(run) },
    { label: 'lost', value: count(accounting.lost, formatQuantity(quantityOf(run, 'lost'), formatCount)), note: lostNote(run), className: lostClass(accounting.lost, result) },
    ...(accounting.deadLettered === 0 ? [] : [{ label: 'dead-lettered', value: count(accounting.deadLettered, formatCount(accounting.deadLettered)), note: 'put aside, not lost' }]),
    ...(duplicated === undefined ? [] : [{ label: 'duplicated', value: count(duplicated.count, formatQuantity(quantityOf(run, 'duplicated'), formatCount)), note: duplicateSplit(run) }]),
    recoveryFigure(run),
  ]);
}

const lostClass = (lost: number, result: Result): string => (lost === 0 ? 'figure' : result === 'required' ? 'asked' : result === 'violated' ? 'bad' : 'figure');

function lostNote(run: RunRecord): string {
  const by = run.facts === null ? '' : attributionWords([run.facts]);
  return [by, lossRule(run.scenario.contract)].filter((words) => words !== '').join(' · ');
}

/** Duplicates are always shown with what they are made of. */
function duplicateSplit(run: RunRecord): string {
  const facts = run.facts!;
  const parts = facts.storeKind === 'log' ? (['copies', 'republished'] as const) : (['processedTwice'] as const);
  const words = parts.map((part) => `${part === 'processedTwice' ? 'processed twice' : part} ${formatQuantity(quantityOf(run, part), formatCount)}`);
  return words.join(', ');
}

function recoveryFigure(run: RunRecord): Figure {
  const recovery = recoveryOf(run);
  if (recovery === null) return { label: 'time to recover', value: '—', note: 'no fault struck' };
  if (recovery === 'never') return { label: 'time to recover', value: 'not recovered' };
  return { label: 'time to recover', value: count(recovery, formatDuration(recovery)), note: victims(run) };
}

function victims(run: RunRecord): string {
  const struck = (run.facts?.faults ?? []).filter(({ struckMs }) => struckMs !== null);
  return struck.map(({ fault, nodes }) => `${fault} ${nodes.join(', ')}`).slice(0, 2).join('; ') + (struck.length > 2 ? ' …' : '');
}
