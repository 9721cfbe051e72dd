// Where a client library told its user something false: a section of its own, in which the client is named before anything else.
import type { RunRecord, SuiteRecord } from '../../../harness/model/run-record.ts';
import { clientOf } from '../../summary/client.ts';
import { isClientTruth } from '../../summary/matrix.ts';
import { summarise, type ScenarioSummary } from '../../summary/summarise.ts';
import { worstNumber } from '../../summary/worst-number.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, prose, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { filterData } from './filter-data.ts';
import type { LinkOf } from './matrix.ts';

export function clientTruth(suite: SuiteRecord, linkOf: LinkOf): Markup {
  const rows = summarise(suite).filter(({ name }) => isClientTruth(name));
  if (rows.length === 0) return nothing;
  const inOrder = rows.toSorted((a, b) => clientOf(a.worst).localeCompare(clientOf(b.worst), 'en') || a.name.localeCompare(b.name, 'en'));
  return markup`<section class="overview" id="client-truth"><h2>What client libraries tell their users</h2>${table<ScenarioSummary>({
    caption: 'Each client under the same steps: what it reported, against what the broker holds', captionHidden: false, rows: inOrder, rowData: ({ worst, result }) => filterData(worst, result),
    stack: true,
    columns: [
      { header: 'client, and what it was put through', kind: 'name', cell: (row) => markup`<strong>${clientOf(row.worst)}</strong> <span class="muted">on ${brokerWords(row.worst)}</span><br/><a href="#${linkOf(row.worst)}">${row.title}</a> <span class="says">${prose(row.sentence)}</span>` },
      { header: 'verdict', cell: ({ result, verdict }) => verdictMark(result, verdict) },
      { header: 'what it came to', cell: (row) => markup`${worstNumber(row.worst)}${row.lostBy === '' ? nothing : markup` <span class="note">${row.lostBy}</span>`}` },
    ],
  })}</section>
`;
}

const brokerWords = ({ scenario, environment }: RunRecord): string => `${scenario.cluster.broker} ${environment.brokerVersion}`;
