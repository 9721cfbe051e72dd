// The timeline as tables: every event and every step, for those who cannot see the chart or want its numbers.
import type { Facts } from '../../../harness/model/facts.ts';
import { formatCount, formatInstant } from '../../summary/format.ts';
import { markup, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { joinBins, type Bin, type SeriesName } from './bins.ts';
import type { Domain } from './domain.ts';

/** Coarser than the chart: a table is read row by row. */
const rowLimit = 80;
const eventLimit = 100;

export function timelineTables(facts: Facts, domain: Domain): Markup {
  const { stepMs, bins } = joinBins(facts.series, domain.fromMs, domain.toMs, rowLimit);
  return markup`${eventTable(facts)}${table<Bin>({
    caption: `Messages counted in steps of ${formatCount(stepMs)} ms; a dash where nothing was recorded`,
    captionHidden: false, stack: false, rows: bins,
    columns: [
      { header: 'from', cell: ({ fromMs }) => formatInstant(fromMs), kind: 'number' },
      countColumn('acknowledged', 'acknow\u00adledged'), countColumn('delivered', 'delivered'), countColumn('failed', 'failed'), countColumn('indeterminate', 'indeter\u00adminate'),
    ],
  })}`;
}

const countColumn = (name: SeriesName, header: string) =>
  ({ header, kind: 'number', cell: ({ counts }: Bin) => (counts[name] === null ? '–' : formatCount(counts[name])) }) as const;

interface Event {
  readonly timeMs: number;
  readonly words: string;
}

function eventTable(facts: Facts): Markup {
  const events = timelineEvents(facts);
  const cut = events.length > eventLimit ? `; the first ${eventLimit} of ${formatCount(events.length)}` : '';
  return table<Event>({
    caption: `Events, in seconds since the run began${cut}`, captionHidden: false, rows: events.slice(0, eventLimit),
    columns: [{ header: 'at', kind: 'number', cell: ({ timeMs }) => formatInstant(timeMs) }, { header: 'event', cell: ({ words }) => words }],
  });
}

function timelineEvents(facts: Facts): readonly Event[] {
  const faults = facts.faults.flatMap((fault) => {
    const name = `${fault.fault} ${fault.nodes.join(', ')} (${fault.id})`;
    return ([['trigger reached', fault.triggerMs], ['injection begins', fault.beginMs], ['struck', fault.struckMs], ['healing begins', fault.healMs], ['healed', fault.healedMs]] as const)
      .flatMap(([edge, timeMs]) => (timeMs === null ? [] : [{ timeMs, words: `${name}: ${edge}` }]));
  });
  const leaders = facts.leaderChanges.map(({ timeMs, partition, from, to }) => ({ timeMs, words: `leader of partition ${partition}: ${from ?? 'nobody'} → ${to ?? 'nobody'}` }));
  const windows = facts.unavailable.map(({ partition, fromMs, toMs }) => ({ timeMs: fromMs, words: `partition ${partition} unavailable until ${toMs === null ? 'the end' : formatInstant(toMs)}` }));
  return [...faults, ...leaders, ...windows].toSorted((a, b) => a.timeMs - b.timeMs);
}
