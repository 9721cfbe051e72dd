// The first screen: one sentence over everything, and for every scenario what was lost, why and by whom, worst first.
import type { SuiteRecord } from '../../../harness/model/run-record.ts';
import { formatCount, tie } from '../../summary/format.ts';
import { results, resultOf, resultWords } from '../../summary/result.ts';
import { suiteSentence, summarise, type ScenarioSummary } from '../../summary/summarise.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';

export type LinkOf = (run: SuiteRecord['runs'][number]) => string;

export function overview(suite: SuiteRecord, linkOf: LinkOf): Markup {
  const rows = summarise(suite);
  return markup`<h1>${suiteSentence(suite)}</h1>
<div class="overview" id="summary">${rows.length === 0 ? markup`<p>Nothing ran, so there is nothing to count.</p>` : summaryTable(rows, linkOf)}</div>${notRunnable(suite)}
`;
}

/** Worst first, each with the sentence that says what was lost, why and by whom. */
const summaryTable = (rows: readonly ScenarioSummary[], linkOf: LinkOf): Markup => table<ScenarioSummary>({
  caption: summaryCaption(rows), captionHidden: false, rows,
  columns: [
    { header: 'scenario', kind: 'name', cell: (row) => markup`<a href="#${linkOf(worstRun(row))}">${row.name}</a><span class="says">${tie(row.sentence)}</span>${repetitions(row, linkOf)}` },
    { header: 'verdict', cell: (row) => markup`${verdictMark(row.result, row.verdict)}<span class="note">${row.note ?? row.rule}</span>` },
    { header: 'base', kind: 'number', cell: (row) => markup`${row.base}<span class="note">${row.base === '—' ? '' : row.baseWord}</span>` },
    { header: 'lost', kind: 'number', cell: (row) => markup`<strong>${row.lost}</strong>${row.lostBy === '' ? nothing : markup`<span class="note">${row.lostBy}</span>`}` },
    { header: 'duplicated', kind: 'number', cell: ({ duplicated }) => duplicated },
    { header: 'time to recover', kind: 'number', cell: ({ recovery }) => recovery },
  ],
});

const worstRun = (row: ScenarioSummary) => row.runs.find((run) => resultOf(run) === row.result) ?? row.runs[0]!;

function summaryCaption(rows: readonly ScenarioSummary[]): string {
  const counts = results.toReversed().map((result) => ({ words: result === 'required' ? 'upheld with a required loss' : resultWords[result], count: rows.filter((row) => row.result === result).length }));
  return counts.filter(({ count }) => count > 0).map(({ words, count }) => `${formatCount(count)} ${words}`).join(' · ');
}

function repetitions(row: ScenarioSummary, linkOf: LinkOf): Markup {
  if (row.runs.length === 1) return nothing;
  return markup`<span class="repeats">${row.runs.map((run) => markup`<a href="#${linkOf(run)}">${verdictMark(resultOf(run), `${run.repetition}`)}<span class="hidden"> ${resultWords[resultOf(run)]}</span></a>`)}</span>`;
}

function notRunnable({ notRunnable: all }: SuiteRecord): Markup {
  if (all.length === 0) return nothing;
  return markup`<div class="overview" id="not-runnable">${table<(typeof all)[number]>({
    caption: 'Not run here, and why', captionHidden: false, rows: all, stack: false,
    columns: [{ header: 'scenario', cell: ({ name }) => name }, { header: 'reason', cell: ({ reason }) => reason }],
  })}</div>`;
}
