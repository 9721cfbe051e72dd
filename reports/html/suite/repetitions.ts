// Scenarios that ran several times: how often each clause held, with its interval, and between which numbers the counts lay.
import type { Measure } from '../../../harness/model/contract.ts';
import type { ClauseRepetitions, RepetitionSummary } from '../../../harness/model/repetitions.ts';
import type { SuiteRecord } from '../../../harness/model/run-record.ts';
import { plural } from '../../summary/format.ts';
import { isDuration, measureWords } from '../../summary/measure-words.ts';
import { shareWords } from '../../summary/repetitions.ts';
import { formatMeasure } from '../../summary/result.ts';
import { folded } from '../block.ts';
import { markup, nothing, prose, type Markup } from '../markup.ts';
import { table } from '../table.ts';

export function repetitionSection({ repetitions = [] }: SuiteRecord): Markup {
  if (repetitions.length === 0) return nothing;
  return markup`<section class="overview" id="repetitions"><h2>How often</h2><p class="note">Each interval says how often the outcome comes in the long run, if the machine and the load stay what they were.</p>
<ul class="headlines">${repetitions.map(repetitionItem)}</ul></section>
`;
}

function repetitionItem(summary: RepetitionSummary): Markup {
  const { scenario, broker, version, sentence, clauses } = summary;
  return markup`<li><strong>${scenario}</strong> <span class="version">${broker} ${version}</span> <span class="says">${prose(sentence)}.</span>${clauses.length === 0 ? nothing : folded(`${plural(clauses.length, 'clause')} over ${plural(summary.judged, 'run')}`, clauseTable(summary))}</li>`;
}

const clauseTable = ({ scenario, clauses, measures }: RepetitionSummary): Markup => table<ClauseRepetitions>({
  caption: `Clauses of ${scenario} over its runs`, rows: clauses, stack: true,
  columns: [
    { header: 'clause', cell: ({ measure, expected }) => `${measureWords[measure].label}: ${expected}` },
    { header: 'violated', cell: ({ verdicts }) => prose(shareWords(verdicts.violated)) },
    { header: 'fewest, median, most', cell: ({ measure }) => spread(measure, measures) },
  ],
});

function spread(measure: Measure, all: RepetitionSummary['measures']): string {
  const found = all.find((each) => each.measure === measure);
  if (found === undefined) return '—';
  const { shown, fewest, median, most } = found;
  const numbers = [fewest, median, most].map((value) => formatMeasure(measure, value)).join(', ');
  if (!isDuration(measure) || shown.count === shown.of) return numbers;
  const none = `no outage seen in ${shown.of - shown.count} of ${plural(shown.of, 'run')}`;
  return shown.count === 0 ? none : `${numbers}; ${none}`;
}
