// Where every acknowledged message is: a bar and a table whose rows must add up to the base, and say whether they do.
import type { Accounting, Facts, MeasureFact } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { measureWords } from '../../summary/measure-words.ts';
import { formatQuantity, quantityOf } from '../../summary/quantity.ts';
import { formatMeasure, resultOf } from '../../summary/result.ts';
import { count, folded, pairs } from '../block.ts';
import { swatch, tick } from '../glyphs.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { percent } from '../timeline/domain.ts';

interface State {
  readonly name: 'processed' | 'deadLettered' | 'stuck' | 'lost' | 'unseen';
  readonly label: string;
  readonly className: string;
  readonly fill: string;
  readonly edge: string;
  readonly meaning: string;
}

const states: readonly State[] = [
  { name: 'processed', label: 'processed', className: 'processed', fill: '#7fa6c9', edge: 'edge-processed', meaning: 'its handler finished at least once' },
  { name: 'deadLettered', label: measureWords.deadLettered.label, className: '', fill: 'url(#pattern-aside)', edge: 'edge-aside', meaning: measureWords.deadLettered.meaning },
  { name: 'stuck', label: 'stuck', className: '', fill: 'url(#pattern-stuck)', edge: 'edge-stuck', meaning: measureWords.stuck.meaning },
  { name: 'lost', label: 'lost', className: '', fill: 'url(#pattern-lost)', edge: 'edge-lost', meaning: measureWords.lost.meaning },
  { name: 'unseen', label: 'unseen', className: '', fill: 'url(#pattern-unseen)', edge: 'edge-unseen', meaning: measureWords.unseen.meaning },
];

/** A loss that the contract demands is not drawn as a failure. */
const statesOf = (lossIsAsked: boolean): readonly State[] =>
  states.map((state) => (state.name === 'lost' && lossIsAsked ? { ...state, fill: 'url(#pattern-asked)', edge: 'edge-asked' } : state));

/** Thinner parts are widened to this share, so that one lost message in a million can be seen. */
const leastShare = 0.008;

export function accountingFigure(run: RunRecord, { accounting }: Facts, id: string): Markup {
  const drawn = statesOf(resultOf(run) === 'required');
  const sum = states.reduce((total, { name }) => total + accounting[name], 0);
  const words = `${states.map(({ name, label }) => `${label} ${stateWords(run, accounting, name)}`).join(' + ')} = ${formatCount(sum)} of ${formatCount(accounting.baseCount)} ${accounting.base}`;
  const addsUp = accounting.addsUp && sum === accounting.baseCount;
  if (addsUp && sum === 0) return markup`<p>Nothing was ${accounting.base}, so there is nothing to account for.</p>`;
  return markup`<figure>${bar(accounting, drawn, id, words)}<figcaption class="hidden">${words}</figcaption></figure>
${stateTable(run, accounting, drawn)}
<p>${addsUp ? tick(true, 'adds up') : tick(false, 'does not add up: the counts cannot be believed')} <span class="muted">${words}</span></p>
`;
}

/** As far as it is known: in a run that did not end, what was not found yet is no zero. */
function stateWords(run: RunRecord, accounting: Accounting, name: State['name']): string {
  const quantity = name === 'processed' ? null : quantityOf(run, name);
  return quantity === null || quantity.certainty === 'exact' ? formatCount(accounting[name]) : formatQuantity({ ...quantity, count: accounting[name] }, formatCount);
}

function bar(accounting: Accounting, drawn: readonly State[], id: string, words: string): Markup {
  if (accounting.baseCount === 0) return nothing;
  let from = 0;
  const parts = shares(accounting, drawn).map(({ share, className, fill, edge }) => {
    const part = markup`<rect class="${className} ${edge}" x="${percent(from)}" y="1" width="${percent(share)}" height="24" fill="${fill}" stroke="#777"/>`;
    from += share;
    return part;
  });
  return markup`<svg class="chart" role="img" aria-labelledby="${id}--bar-title" width="100%" height="26"><title id="${id}--bar-title">${words}</title>${parts}</svg>`;
}

function shares(accounting: Accounting, drawn: readonly State[]): readonly (State & { readonly share: number })[] {
  const present = drawn.filter(({ name }) => accounting[name] > 0);
  const widened = present.map((state) => ({ ...state, share: Math.max(leastShare, accounting[state.name] / accounting.baseCount) }));
  const total = widened.reduce((sum, { share }) => sum + share, 0);
  return widened.map((state) => ({ ...state, share: state.share / total }));
}

const stateTable = (run: RunRecord, accounting: Accounting, drawn: readonly State[]): Markup => table<State>({
  caption: `Every message that was ${accounting.base} is in exactly one row`, captionHidden: false, rows: drawn, rowClass: ({ name }) => (name !== 'processed' && name !== 'deadLettered' && accounting[name] > 0 ? 'bad' : ''),
  columns: [
    { header: 'state', cell: ({ label, className, edge, fill }) => markup`<span class="sample">${swatch(`${className} ${edge}`, fill)}${label}</span>` },
    { header: 'messages', kind: 'number', cell: ({ name }) => count(accounting[name], stateWords(run, accounting, name)) },
    { header: 'share', kind: 'number', cell: ({ name }) => (/^[—≥]/.test(stateWords(run, accounting, name)) ? '—' : formatShare(accounting[name], accounting.baseCount)) },
    { header: 'meaning', cell: ({ meaning }) => markup`<span class="muted">${meaning}</span>` },
  ],
});

/** Everything that was counted, also what no clause speaks of. */
export function measureTable(run: RunRecord, facts: Facts, id: string): Markup {
  const rows = facts.measures;
  const nonZero = rows.filter(({ count: found }) => found > 0).length;
  const bounds = rows.some((row) => doubt(row) !== null && !appliesNot(row)) ? '; some are bounds, not the truth' : '';
  const body = table({
    caption: 'Every measure', rows, rowId: ({ measure }) => `${id}--counts-${measure}`, stack: false,
    columns: [
      { header: 'measure', cell: ({ measure }) => measureWords[measure].label },
      { header: 'count', kind: 'number', cell: ({ measure, count: found }) => count(found, formatQuantity(quantityOf(run, measure), (value) => formatMeasure(measure, value))) },
      { header: 'what it counts', cell: (fact) => markup`<span class="muted">${measureWords[fact.measure].meaning}</span>${doubt(fact)}` },
    ],
  });
  return folded(`${rows.length} measures, ${nonZero} of them not zero${bounds}`, body);
}

/** A count that does not apply to this kind of store is no doubt about the run. */
const appliesNot = ({ reasons }: MeasureFact): boolean => reasons.some((reason) => reason.startsWith('does not apply'));

function doubt(fact: MeasureFact): Markup | null {
  if (fact.conclusive) return null;
  if (appliesNot(fact)) return markup` <span class="note">${fact.reasons.join('; ')}</span>`;
  const what = fact.atLeast === true ? 'a lower bound' : `not known, ${formatCount(fact.count)} seen`;
  return markup` <span class="note flag">${what}: ${fact.reasons.join('; ')}</span>`;
}

export function totalsList({ totals }: Facts): Markup {
  const words = {
    reserved: 'ids reserved', attempted: 'messages attempted', attempts: 'attempts', acknowledged: 'acknowledged', handedOver: 'handed over', failed: 'failed for certain',
    indeterminate: 'indeterminate', deliveries: 'deliveries', deliveredIds: 'messages delivered', processedIds: 'messages processed', settledIds: 'messages settled',
    storedRecords: 'records found by the audit', storedIds: 'messages found by the audit', deadLetteredIds: 'messages dead-lettered',
  } as const;
  const names = Object.keys(words) as (keyof typeof words)[];
  return folded('Totals that the accounting stands on', pairs(names.map((name) => [words[name], count(totals[name], formatCount(totals[name]))] as const)));
}

