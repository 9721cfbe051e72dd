// Who led each partition and which replicas were in sync: a row for each node, on the timeline's axis.
import type { Facts, LeaderChange, ReplicaState } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatInstant, listWords, plural } from '../../summary/format.ts';
import { legendOf, swatch } from '../glyphs.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { timeAxis, timeLayer } from './axis.ts';
import { percent, timeDomain, type Domain } from './domain.ts';
import { drawFaultLines, laneLimit } from './lanes.ts';

/** More rows than this hide the change that they should show. */
const rowLimit = 24;
const rowHeight = 22;
const headHeight = 22;

type Role = 'leads' | 'follows' | 'away' | 'unknown';

interface Stretch {
  readonly role: Role;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What one node was to a partition; neighbours that are the same are one stretch. */
export function stretchesOf(node: string, states: readonly ReplicaState[], { fromMs, toMs }: Pick<Domain, 'fromMs' | 'toMs'>): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, state] of states.entries()) {
    const from = Math.max(fromMs, state.timeMs);
    const to = Math.min(toMs, states[index + 1]?.timeMs ?? toMs);
    if (to <= from) continue;
    const role = roleOf(node, state);
    const last = stretches.at(-1);
    if (last?.role === role) stretches[stretches.length - 1] = { ...last, toMs: to };
    else stretches.push({ role, fromMs: from, toMs: to });
  }
  return stretches;
}

function roleOf(node: string, { leader, inSync }: ReplicaState): Role {
  if (leader === node) return 'leads';
  if (inSync === null) return 'unknown';
  return inSync.includes(node) ? 'follows' : 'away';
}

interface Strip {
  readonly partition: number;
  readonly states: readonly ReplicaState[];
  readonly nodes: readonly string[];
}

export function leadership(run: RunRecord, facts: Facts, id: string): Markup {
  const all = stripsOf(facts.replicas);
  if (all.length === 0) return markup`<p>Nobody saw who led or which replicas were in sync.</p>`;
  const drawn = fitting(all);
  const domain = timeDomain(run, facts);
  const words = facts.storeKind === 'queue' ? 'a member and online' : 'in sync';
  const finding = findingOf(facts, drawn);
  const rest = all.length - drawn.length;
  return markup`<figure>${legend(words)}${chart(run, facts, drawn, domain, id, finding)}
<figcaption>${finding}${rest > 0 ? ` Not drawn: ${plural(rest, 'more partition')}; the timeline’s table has every change of leader.` : nothing}</figcaption></figure>
`;
}

/** Those in which something changed first. */
function stripsOf(replicas: readonly ReplicaState[]): readonly Strip[] {
  const strips = [...Map.groupBy(replicas, ({ partition }) => partition)].map(([partition, states]): Strip =>
    ({ partition, states, nodes: [...new Set(states.flatMap(({ leader, inSync }) => [...(leader === null ? [] : [leader]), ...(inSync ?? [])]))].toSorted() }));
  return strips.filter(({ nodes }) => nodes.length > 0).toSorted((a, b) => Number(b.states.length > 1) - Number(a.states.length > 1) || a.partition - b.partition);
}

/** At least one, in the order of their numbers. */
function fitting(all: readonly Strip[]): readonly Strip[] {
  let rows = 0;
  const drawn = all.filter(({ nodes }, index) => {
    rows += nodes.length;
    return index === 0 || rows <= rowLimit;
  });
  return drawn.toSorted((a, b) => a.partition - b.partition);
}

/** Partitions of which the same is to be said share a sentence. */
function findingOf({ leaderChanges, storeKind }: Facts, drawn: readonly Strip[]): string {
  const said = drawn.map(({ partition, states }) => ({ partition, words: `${ledWords(states, leaderChanges.filter((change) => change.partition === partition))}${fewest(states, storeKind)}` }));
  const groups = [...Map.groupBy(said, ({ words }) => words)];
  const name = (partitions: readonly number[]): string => (storeKind === 'queue' ? 'The queue' : `${partitions.length === 1 ? 'Partition' : 'Partitions'} ${listWords(partitions.map(String))}`);
  const sentences = groups.slice(0, sentenceLimit).map(([words, group]) => `${name(group.map(({ partition }) => partition))}: ${words}.`);
  return sentences.join(' ') + (groups.length > sentenceLimit ? ' The others fared differently.' : '');
}

/** More sentences than this are no caption. */
const sentenceLimit = 6;
const moveLimit = 6;

function ledWords(states: readonly ReplicaState[], changes: readonly LeaderChange[]): string {
  const first = states.find(({ leader }) => leader !== null)?.leader ?? 'nobody';
  const moves = changes.map(({ to, timeMs }) => `${to ?? 'nobody'} from ${formatInstant(timeMs)}`);
  if (moves.length === 0) return `${first} led throughout`;
  return moves.length > moveLimit ? plural(moves.length, 'change of leader', 'changes of leader') : `led by ${[changes[0]!.from ?? 'nobody', ...moves].join(', ')}`;
}

function fewest(states: readonly ReplicaState[], storeKind: Facts['storeKind']): string {
  const known = states.flatMap(({ inSync, timeMs }) => (inSync === null ? [] : [{ count: inSync.length, timeMs, inSync }]));
  if (known.length === 0) return '';
  const least = known.reduce((worst, state) => (state.count < worst.count ? state : worst));
  const most = Math.max(...known.map(({ count }) => count));
  const words = storeKind === 'queue' ? 'online' : 'in sync';
  return least.count === most ? `; ${most === 1 ? 'its only replica' : `all ${most} replicas`} ${words}` : `; at worst ${least.count} of ${most} ${words}${least.count === 0 ? '' : ` (${listWords(least.inSync)})`}, from ${formatInstant(least.timeMs)}`;
}

function legend(words: string): Markup {
  return legendOf([
    { series: 'leads', sample: swatch('leads', '#1c2024'), words: 'leads' }, { series: 'follows', sample: swatch('follows', '#d8e4ef'), words },
    { series: 'away', sample: swatch('away-edge', 'url(#pattern-away)'), words: 'not' },
  ]);
}

function chart(run: RunRecord, facts: Facts, strips: readonly Strip[], domain: Domain, id: string, finding: string): Markup {
  const tops = strips.map((_, index) => strips.slice(0, index).reduce((sum, { nodes }) => sum + headHeight + nodes.length * rowHeight, 0));
  const bottom = tops.at(-1)! + headHeight + strips.at(-1)!.nodes.length * rowHeight;
  const place = (partition: number): string => (facts.storeKind === 'queue' ? 'queue' : `partition ${partition}`);
  const rows = strips.map(({ partition, states, nodes }, index) => nodes.map((node, row) => drawNode(node, place(partition), states, tops[index]! + headHeight + row * rowHeight, domain)));
  const names = strips.map(({ partition, nodes }, index) => markup`<text class="name" x="0" y="${tops[index]! + 14}">${place(partition)}</text>${nodes.map((node, row) => markup`<text class="name over" x="4" y="${tops[index]! + headHeight + row * rowHeight + 13}">${node}</text>`)}`);
  return markup`<svg class="chart" role="img" aria-labelledby="${id}--title ${id}--desc" width="100%" height="${bottom + 22}" font-family="system-ui, sans-serif" font-size="12">
<title id="${id}--title">Leaders and replicas of ${run.scenario.name}</title><desc id="${id}--desc">${finding}</desc>
${timeLayer([rows, facts.faults.slice(0, laneLimit).map((fault) => drawFaultLines(fault, 0, bottom, domain))])}${names}<line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}" stroke="#777"/>${timeAxis(domain, bottom)}</svg>`;
}

const roleWords: Readonly<Record<Role, string>> = { leads: 'leads', follows: 'in sync', away: 'not in sync', unknown: 'not known' };

function drawNode(node: string, where: string, states: readonly ReplicaState[], top: number, domain: Domain): Markup {
  return markup`${stretchesOf(node, states, domain).filter(({ role }) => role !== 'unknown').map(({ role, fromMs, toMs }) => {
    const from = domain.place(fromMs);
    const [x, width] = [percent(from), percent(Math.max(0.002, domain.place(toMs) - from))];
    const title = markup`<title>${node} ${roleWords[role]}, ${formatInstant(fromMs)} to ${formatInstant(toMs)}</title>`;
    if (role === 'away') return markup`<rect class="away-edge" data-series="away" x="${x}" y="${top + 1}" width="${width}" height="17" fill="url(#pattern-away)" stroke="#a39b8c" stroke-width=".75">${title}</rect>`;
    const ground = markup`<rect class="follows" data-series="follows" x="${x}" y="${top + 1}" width="${width}" height="17" fill="#d8e4ef" stroke="#2f6fb0" stroke-width=".75">${title}</rect>`;
    return role === 'follows' ? ground : markup`${ground}<rect class="leads" data-series="leads" data-say="${where} led by ${node}" x="${x}" y="${top + 14}" width="${width}" height="4" fill="#1c2024"/>`;
  })}`;
}
