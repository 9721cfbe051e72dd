// The first screen: one sentence over everything, what is not as it should be, the matrix; then every scenario, worst first.
import type { RunRecord, SuiteRecord } from '../../../harness/model/run-record.ts';
import { formatCount } from '../../summary/format.ts';
import { matricesOf } from '../../summary/matrix.ts';
import { results, resultOf, resultWords } from '../../summary/result.ts';
import { leftOutWords, lostAsAgreed, suiteHeadline, summarise, type ScenarioSummary } from '../../summary/summarise.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, prose, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { clientTruth } from './client-truth.ts';
import { familySection } from './families.ts';
import { filterData } from './filter-data.ts';
import { headlines } from './headlines.ts';
import { leftOut } from './left-out.ts';
import { repetitionSection } from './repetitions.ts';
import { matrixSection, type LinkOf } from './matrix.ts';

export function overview(suite: SuiteRecord, linkOf: LinkOf): Markup {
  const rows = summarise(suite);
  // One scenario is no matrix.
  const matrices = rows.length + suite.notApplicable.length + suite.notRunnable.length > 1 ? matricesOf(suite) : [];
  return markup`<h1>${suiteHeadline(suite)}</h1>${leftOutWords(suite) === '' ? nothing : markup`<p class="muted lead">${leftOutWords(suite).trim()}</p>`}
${headlines(rows, linkOf)}${lostAsAgreed(rows) === '' ? nothing : markup`<p class="lead">${prose(lostAsAgreed(rows))}</p>`}${matrices.map((matrix) => matrixSection(matrix, linkOf))}${clientTruth(suite, linkOf)}${repetitionSection(suite)}
<div class="overview" id="summary">${rows.length === 0 ? markup`<p>Nothing ran, so there is nothing to count.</p>` : summaryTable(rows, linkOf)}</div>${familySection(suite)}${leftOut(suite)}
`;
}

/** Worst first, each with the sentence that says what was lost, why and by whom. */
const summaryTable = (rows: readonly ScenarioSummary[], linkOf: LinkOf): Markup => table<ScenarioSummary>({
  caption: summaryCaption(rows), captionHidden: false, rows, rowData: ({ worst, result }) => filterData(worst, result),
  columns: [
    { header: 'scenario', kind: 'name', cell: (row) => markup`<a href="#${linkOf(row.worst)}">${row.name}</a>${row.version === '' ? nothing : markup` <span class="version">${row.version}</span>`} <span class="says">${row.howOften === null ? nothing : markup`${prose(row.howOften)}. `}${prose(row.sentence)}</span>${repetitions(row, linkOf)}` },
    { header: 'verdict', cell: (row) => markup`${verdictMark(row.result, row.verdict)} <span class="note">${row.note ?? row.rule}</span>` },
    { header: 'base', kind: 'number', cell: (row) => markup`${row.base} <span class="note">${row.base === '—' ? '' : row.baseWord}</span>` },
    { header: 'lost', kind: 'number', cell: (row) => markup`<strong>${row.lost}</strong>${row.lostBy === '' ? nothing : markup` <span class="note">${row.lostBy}</span>`}` },
    { header: 'duplicated', kind: 'number', cell: ({ duplicated }) => duplicated },
    { header: 'time to recover', kind: 'number', cell: ({ recovery, beyond }) => markup`${recovery}${beyond ? markup` <span class="note">beyond replication</span>` : nothing}` },
  ],
});

function summaryCaption(rows: readonly ScenarioSummary[]): string {
  const counts = results.toReversed().map((result) => ({ words: result === 'required' ? 'upheld and showed what it must' : resultWords[result], count: rows.filter((row) => row.result === result).length }));
  return `Every scenario, worst first: ${counts.filter(({ count }) => count > 0).map(({ words, count }) => `${formatCount(count)} ${words}`).join(' · ')}`;
}

function repetitions(row: ScenarioSummary, linkOf: (run: RunRecord) => string): Markup {
  if (row.runs.length === 1) return nothing;
  return markup` <span class="repeats">${row.runs.map((run) => markup` <a href="#${linkOf(run)}">${verdictMark(resultOf(run), `${run.repetition}`)}<span class="hidden"> ${resultWords[resultOf(run)]}</span></a>`)}</span>`;
}
