// Per fault: how long until it was felt, until publishing worked again, until the cluster was whole; and how fast acknowledgements were.
import type { ErrorCount, Facts, FaultFact, Latency } from '../../../harness/model/facts.ts';
import { formatCount, formatDuration, formatInstant } from '../../summary/format.ts';
import { figures } from '../block.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, type Content, type Markup } from '../markup.ts';
import { table } from '../table.ts';

export function availabilityTable({ faults, unavailable }: Facts): Markup {
  if (faults.length === 0) return markup`<p>No fault was injected.</p>`;
  return markup`${table<FaultFact>({
    caption: 'Times are counted from the strike', captionHidden: false, rows: faults,
    columns: [
      { header: 'fault', cell: (fault) => markup`${fault.fault} ${fault.nodes.join(', ')}<span class="note">${fault.id}</span>` },
      { header: 'to detect', kind: 'number', cell: ({ timeToDetectMs }) => duration(timeToDetectMs, 'not felt') },
      { header: 'to recover', kind: 'number', cell: ({ timeToRecoverMs }) => duration(timeToRecoverMs, 'never') },
      { header: 'to full redundancy', kind: 'number', cell: ({ timeToRedundancyMs }) => duration(timeToRedundancyMs, 'not seen') },
      { header: 'trigger to strike', kind: 'number', cell: ({ delayMs }) => duration(delayMs, '—') },
      { header: 'led when struck', cell: ({ led, ledDetail }) => known(led, ledDetail) },
      { header: 'leadership moved', cell: ({ leadershipMoved }) => known(leadershipMoved, '') },
      { header: 'proof', cell: ({ proved, proof }) => markup`${proved ? 'proved' : verdictMark('inconclusive', 'not proved')}<span class="note">${proof}</span>` },
    ],
  })}${windows(unavailable)}`;
}

const duration = (durationMs: number | null, missing: string): string => (durationMs === null ? missing : formatDuration(durationMs));

const known = (value: boolean | null, detail: string): Content =>
  markup`${value === null ? 'does not apply' : value ? 'yes' : 'no'}${detail === '' ? '' : markup`<span class="note">${detail}</span>`}`;

const windowLimit = 12;

function windows(all: Facts['unavailable']): Markup {
  if (all.length === 0) return markup`<p class="muted">No window without sustained success.</p>`;
  const items = all.slice(0, windowLimit).map(({ partition, fromMs, toMs }) => `partition ${partition} from ${formatInstant(fromMs)} ${toMs === null ? 'to the end' : `to ${formatInstant(toMs)} (${formatDuration(toMs - fromMs)})`}`);
  const more = all.length > windowLimit ? `; and ${formatCount(all.length - windowLimit)} more` : '';
  return markup`<p>Unavailable: ${items.join('; ')}${more}.</p>`;
}

export function latencyFigures(latency: Latency | null): Markup {
  if (latency === null) return markup`<p>No acknowledgement was measured.</p>`;
  const all = [['p50', latency.p50Ms], ['p95', latency.p95Ms], ['p99', latency.p99Ms], ['max', latency.maxMs]] as const;
  return markup`${figures(all.map(([label, value]) => ({ label, value: formatDuration(value) })))}
<p class="muted">From the attempt to its acknowledgement, over ${formatCount(latency.count)} acknowledged attempts.</p>`;
}

const errorLimit = 40;

export function clientErrors(errors: readonly ErrorCount[]): Markup {
  if (errors.length === 0) return markup`<p>The clients reported no error.</p>`;
  const rows = errors.toSorted((a, b) => b.count - a.count);
  return table<ErrorCount>({
    caption: `What the clients reported, most frequent first${rows.length > errorLimit ? `; ${errorLimit} of ${rows.length}` : ''}`, rows: rows.slice(0, errorLimit),
    columns: [
      { header: 'error', kind: 'code', cell: ({ name }) => name },
      { header: 'count', kind: 'number', cell: ({ count }) => formatCount(count) },
      { header: 'worker', kind: 'code', cell: ({ worker }) => worker },
      { header: 'message', cell: ({ message }) => message },
    ],
  });
}
