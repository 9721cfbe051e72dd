// With what it ran: effective settings with their sources, and the environment.
import type { Configured } from '../../../harness/model/configuration.ts';
import type { ImageRecord } from '../../../harness/model/cluster.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount, plural } from '../../summary/format.ts';
import { folded, pairs } from '../block.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';

const isOverridden = ({ overridden }: Configured): boolean => overridden !== undefined;

export function configuration(all: readonly Configured[]): Markup {
  if (all.length === 0) return markup`<p>No setting was recorded: the run ended before.</p>`;
  const overridden = all.filter(isOverridden);
  const chosen = all.filter((setting) => !isOverridden(setting) && setting.source !== 'default' && setting.source !== 'harness');
  const rest = all.filter((setting) => !isOverridden(setting) && (setting.source === 'default' || setting.source === 'harness'));
  return markup`${overridden.length === 0 ? nothing : markup`<p>${verdictMark('inconclusive', `${plural(overridden.length, 'setting')} of yours overridden`)}, because the harness owns it.</p>${settings(overridden, 'Settings that the harness overrode')}`}
${chosen.length === 0 ? nothing : settings(chosen, 'What the scenario, a file or a flag set')}
${rest.length === 0 ? nothing : folded(`${plural(rest.length, 'more setting')}, from defaults and the harness`, settings(rest, 'Defaults, and what the harness set'))}
`;
}

const settings = (rows: readonly Configured[], caption: string): Markup => table<Configured>({
  caption, rows: rows.toSorted((a, b) => a.scope.localeCompare(b.scope, 'en')), rowClass: (setting) => (isOverridden(setting) ? 'overridden' : ''),
  columns: [
    { header: 'setting', kind: 'code', cell: ({ key }) => key },
    { header: 'of', cell: ({ scope }) => scope },
    { header: 'value', kind: 'code', cell: ({ value, overridden }) => markup`${value}${overridden === undefined ? nothing : markup` <span class="was">overridden, you asked for “${overridden}”</span>`}` },
    { header: 'source', cell: ({ source }) => source },
  ],
});

export function environment(run: RunRecord): Markup {
  const { node, os, cpus, memoryGiB, engine, brokerVersion, images, drivers } = run.environment;
  const driverWords = Object.entries(drivers).map(([name, version]) => `${name} ${version}`).join(', ');
  return markup`${pairs([
    ['broker', markup`${run.scenario.cluster.broker} ${brokerVersion}, ${plural(run.scenario.cluster.nodes, 'node')}`], ['client libraries', driverWords === '' ? 'none of its own: the embedded broker’s clients' : driverWords],
    ['machine', `${os}, ${plural(cpus, 'processor')}, ${formatCount(memoryGiB)} GiB`], ['Node.js', node], ['nodes run in', engine === 'docker' ? 'containers of Docker' : engine],
  ])}${images.length === 0 ? nothing : folded(`Images of ${plural(images.length, 'node')}`, imageTable(images))}`;
}

const imageTable = (images: readonly ImageRecord[]): Markup => table<ImageRecord>({
  caption: 'Image of each node', rows: images,
  columns: [
    { header: 'node', kind: 'code', cell: ({ node }) => node },
    { header: 'image', kind: 'code', cell: ({ reference }) => reference },
    { header: 'id', kind: 'code', cell: ({ id }) => id },
    { header: 'source', cell: ({ source }) => source },
  ],
});
