// Per fault: how long until it was felt, until publishing worked again, until the cluster was whole; and what the clients reported.
import type { ErrorCount, Facts, FaultFact, PartitionAvailability, Survival } from '../../../harness/model/facts.ts';
import { figuresOf, survivalOf, survivalWords, windowGroups, type WindowGroup } from '../../summary/availability.ts';
import { formatCount, formatDuration, plural } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, slug, type Content, type Markup } from '../markup.ts';
import { table } from '../table.ts';

/** `id`: of the run's section. `alone`: the document has no other run, so that its faults can be called by their names alone. */
export function availabilityTable({ faults, unavailable, totals }: Facts, id: string, alone: boolean): Markup {
  if (faults.length === 0 && totals.attempted === 0) return markup`<p>No fault was injected, and no publish was attempted: nothing is known of availability.</p>`;
  if (faults.length === 0) return markup`<p>No fault was injected.</p>${windows(unavailable)}`;
  return markup`${timesTable(faults, id, alone)}${perPartition(faults)}${windows(unavailable)}${strikesTable(faults)}`;
}

/** Over all partitions. */
const timesTable = (faults: readonly FaultFact[], id: string, alone: boolean): Markup => table<FaultFact>({
  caption: `Times are counted from the strike${faults.some(({ partitions }) => partitions.length > 1) ? '; of several partitions the worst' : ''}`, captionHidden: false, rows: faults,
  columns: [
    { header: 'fault', cell: (fault) => markup`${fault.fault} ${fault.nodes.join(', ')}${faultAnchor(fault, faults, id, alone)}` },
    { header: 'to detect', kind: 'number', cell: (fault) => figuresOf(fault, fault.strikes).detect },
    { header: 'to recover', kind: 'number', cell: (fault) => figuresOf(fault, fault.strikes).recover },
    { header: 'to full redundancy', kind: 'number', cell: (fault) => figuresOf(fault, fault.strikes).redundancy },
    { header: 'survivable?', cell: (fault) => survival(survivalOf(fault)) },
  ],
});

/** The first of those that share a name has its address. */
function faultAnchor(fault: FaultFact, faults: readonly FaultFact[], id: string, alone: boolean): Markup {
  const name = `fault-${slug(fault.id)}`;
  if (faults.find((other) => slug(other.id) === slug(fault.id)) !== fault) return markup` <span class="note">${fault.id}</span>`;
  const address = alone ? name : `${id}--${name}`;
  return markup` <span class="note" id="${address}" data-fault="${name}"><a href="#${address}">${fault.id}</a></span>`;
}

function survival(found: Survival): Markup {
  const words = survivalWords(found);
  return markup`${found.survivable === false ? markup`<strong>${words}</strong>` : words} <span class="note">${found.because}</span>`;
}

interface PartitionRow {
  readonly fault: FaultFact;
  readonly own: PartitionAvailability;
}

const partitionRowLimit = 60;

function perPartition(faults: readonly FaultFact[]): Markup {
  const rows = faults.flatMap((fault): readonly PartitionRow[] => (fault.partitions.length > 1 ? fault.partitions.map((own) => ({ fault, own })) : []));
  if (rows.length === 0) return nothing;
  return folded(`Partition by partition: ${plural(rows.length, 'row')}${rows.length > partitionRowLimit ? `, the first ${partitionRowLimit}` : ''}`, table<PartitionRow>({
    caption: 'Each fault on each partition', rows: rows.slice(0, partitionRowLimit),
    columns: [
      { header: 'fault, partition', cell: ({ fault, own }) => `${fault.id}, partition ${own.partition}` },
      { header: 'to detect', kind: 'number', cell: ({ fault, own }) => figuresOf(own, fault.strikes).detect },
      { header: 'to recover', kind: 'number', cell: ({ fault, own }) => figuresOf(own, fault.strikes).recover },
      { header: 'to full redundancy', kind: 'number', cell: ({ fault, own }) => figuresOf(own, fault.strikes).redundancy },
      { header: 'survivable?', cell: ({ own }) => survival(own) },
    ],
  }));
}

/** What each fault did, and how sure that is. */
const strikesTable = (faults: readonly FaultFact[]): Markup => table<FaultFact>({
  caption: 'How the faults struck', captionHidden: false, rows: faults,
  columns: [
    { header: 'fault', cell: (fault) => markup`${fault.fault} ${fault.nodes.join(', ')} <span class="note">${fault.id}</span>` },
    { header: 'trigger to strike', kind: 'number', cell: ({ delayMs }) => (delayMs === null ? '—' : formatDuration(delayMs)) },
    { header: 'led when struck', cell: ({ led, ledDetail }) => known(led, ledDetail) },
    { header: 'leadership moved', cell: ({ leadershipMoved }) => known(leadershipMoved, '') },
    { header: 'proof', cell: ({ proved, proof }) => markup`${proved ? 'proved' : verdictMark('inconclusive', 'not proved')} <span class="note">${proof}</span>` },
  ],
});

const known = (value: boolean | null, detail: string): Content =>
  markup`${value === null ? 'does not apply' : value ? 'yes' : 'no'}${detail === '' ? '' : markup` <span class="note">${detail}</span>`}`;

const windowLimit = 12;

function windows(all: Facts['unavailable']): Markup {
  if (all.length === 0) return markup`<p class="muted">No window without sustained success.</p>`;
  const groups = windowGroups(all);
  const more = groups.length > windowLimit ? `; ${windowLimit} of ${formatCount(groups.length)}` : '';
  return table<WindowGroup>({
    caption: `When there was no sustained success${more}`, captionHidden: false, rows: groups.slice(0, windowLimit), stack: true,
    columns: [
      { header: 'unavailable', cell: ({ where }) => where },
      { header: 'from', kind: 'number', cell: ({ from }) => from },
      { header: 'to', kind: 'number', cell: ({ to }) => to },
      { header: 'for', kind: 'number', cell: ({ lasted }) => lasted },
      { header: 'survivable?', cell: (group) => survival(group) },
    ],
  });
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
