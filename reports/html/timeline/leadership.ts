// Who led each partition when: a strip for each, on the timeline's axis. A change is what a client has to notice.
import type { Facts, LeaderChange } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatInstant, plural } from '../../summary/format.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { percent, timeDomain, type Domain } from './domain.ts';

/** More strips than this hide the change that they should show. */
const stripLimit = 12;
const stripHeight = 38;

export interface Reign {
  readonly leader: string | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The stretches of one partition's leaders; before its first change the one that it changed from led. */
export function reignsOf(changes: readonly LeaderChange[], { fromMs, toMs }: Pick<Domain, 'fromMs' | 'toMs'>): readonly Reign[] {
  const ordered = changes.toSorted((a, b) => a.timeMs - b.timeMs);
  const begins = [{ leader: ordered[0]?.from ?? null, timeMs: fromMs }, ...ordered.map(({ to, timeMs }) => ({ leader: to, timeMs }))];
  const reigns = begins.map(({ leader, timeMs }, index) => ({ leader, fromMs: Math.max(fromMs, timeMs), toMs: Math.min(toMs, begins[index + 1]?.timeMs ?? toMs) }));
  return reigns.filter((reign) => reign.toMs > reign.fromMs);
}

export function leadership(run: RunRecord, facts: Facts, id: string): Markup {
  const partitions = [...Map.groupBy(facts.leaderChanges, ({ partition }) => partition)].toSorted(([a], [b]) => a - b);
  if (partitions.length === 0) return markup`<p>No change of leader was seen.</p>`;
  const domain = timeDomain(run, facts);
  const strips = partitions.slice(0, stripLimit).map(([partition, changes]) => ({ partition, reigns: reignsOf(changes, domain) }));
  const nodes = [...new Set(strips.flatMap(({ reigns }) => reigns.flatMap(({ leader }) => leader ?? [])))].toSorted();
  const finding = strips.map(({ partition, reigns }) => `Partition ${partition}: ${reigns.map(({ leader, fromMs }, index) => (index === 0 ? (leader ?? 'nobody') : `${leader ?? 'nobody'} from ${formatInstant(fromMs)}`)).join(', ')}.`).join(' ');
  const rest = partitions.length - strips.length;
  return markup`<figure><svg class="chart" role="img" aria-labelledby="${id}--title ${id}--desc" width="100%" height="${strips.length * stripHeight}" font-family="system-ui, sans-serif" font-size="12">
<title id="${id}--title">Leaders of ${run.scenario.name}</title><desc id="${id}--desc">${finding}</desc>
${strips.map(({ partition, reigns }, index) => markup`${reigns.map((reign) => drawReign(reign, index * stripHeight + 16, nodes, domain))}<text class="name" x="0" y="${index * stripHeight + 11}">partition ${partition}</text>`)}</svg>
<figcaption>${finding}${rest > 0 ? ` Not drawn: ${plural(rest, 'more partition')}; the timeline’s table has every change.` : nothing}</figcaption></figure>
`;
}

function drawReign({ leader, fromMs, toMs }: Reign, top: number, nodes: readonly string[], { place }: Domain): Markup {
  const from = place(fromMs);
  const width = Math.max(0.003, place(toMs) - from);
  const words = leader ?? 'nobody';
  const fill = leader === null ? markup` class="away-edge" fill="url(#pattern-away)"` : markup` class="reign-${nodes.indexOf(leader) % 2 === 0 ? 'even' : 'odd'}" fill="#ebe8e0"`;
  return markup`<svg x="${percent(from)}" y="${top}" width="${percent(width)}" height="18"><title>${words}, ${formatInstant(fromMs)} to ${formatInstant(toMs)}</title><rect${fill} width="100%" height="100%" stroke="#777"/>${label(words, width)}</svg>`;
}

/** Where there is room; everything is in the caption. */
function label(words: string, width: number): Markup {
  const needed = words.length * 6.8 + 10;
  return markup`<text class="${width * 310 < needed ? 'name roomy' : 'name'}" x="6" y="13">${width * 850 < needed ? '' : words}</text>`;
}
