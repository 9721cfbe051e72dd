// Reads the timeline once: faults, leaders, closed publishes, and how the phases, drain and audit ended.
import type { FaultFact, LeaderChange } from '../model/facts.ts';
import type { FaultName } from '../model/scenario.ts';
import type { TimelineEntry, TimelineType } from '../model/timeline.ts';

type Entry<Type extends TimelineType> = Extract<TimelineEntry, { type: Type }>;

export const toMs = (timeNs: number): number => timeNs / 1e6;

/** Faults that end or freeze a node; the others work on the links between nodes. */
export const strikesNode = (fault: string): boolean => fault !== ('replication-cut' satisfies FaultName);

/** A fault as the timeline tells it; what messages tell is added later. */
export type FaultOutline = Omit<FaultFact, 'exposure' | 'timeToDetectMs' | 'timeToRecoverMs'> & {
  readonly struckNs: number | null;
  /** When the injection of a fault that struck began: what was sent after it met a node that was dying or dead. */
  readonly strikeNs: number | null;
};

export interface ClosedRange {
  readonly producer: number;
  readonly from: number;
  readonly to: number;
  readonly complete: boolean;
  readonly timeNs: number;
}

/** How far a group had committed in a partition; `committed` 0 stands for "nothing". */
export interface Position {
  readonly committed: number;
  readonly start: number;
}

export interface TimelineFacts {
  readonly endNs: number;
  readonly faults: readonly FaultOutline[];
  /** When nodes were struck, ascending. */
  readonly strikesNs: readonly number[];
  readonly closed: readonly ClosedRange[];
  readonly leaders: readonly Entry<'leader'>[];
  readonly leaderChanges: readonly LeaderChange[];
  readonly positions: ReadonlyMap<number, Position>;
  readonly steadyOk: boolean;
  readonly steps: { readonly complete: boolean; readonly detail: string };
  readonly healComplete: boolean;
  /** When the last fault was over and the cluster said that it is whole; null: never. */
  readonly healedNs: number | null;
  readonly drain: { readonly complete: boolean; readonly detail: string };
  readonly audit: { readonly complete: boolean; readonly detail: string; readonly records: number };
  readonly deadWorkers: readonly string[];
}

export function readTimeline(entries: readonly TimelineEntry[]): TimelineFacts {
  const all = <Type extends TimelineType>(type: Type) => entries.filter((entry): entry is Entry<Type> => entry.type === type);
  const leaders = all('leader');
  const faults = outlineFaults(all('fault'), all('led'), leaders, all('in-sync'), all('redundant'));
  const ends = all('phase').filter(({ edge }) => edge === 'end');
  const healed = all('fault').filter(({ edge }) => edge === 'healed');
  const heal = ends.findLast(({ phase }) => phase === 'heal');
  const chaos = ends.findLast(({ phase }) => phase === 'chaos');
  const audit = all('audit').at(-1);
  const drain = all('drain').at(-1);
  return {
    endNs: entries.reduce((latest, { timeNs }) => Math.max(latest, timeNs), 0),
    faults,
    strikesNs: faults.filter(({ fault }) => strikesNode(fault)).flatMap(({ strikeNs }) => strikeNs ?? []).sort((a, b) => a - b),
    closed: all('closed'),
    leaders,
    leaderChanges: leaderChanges(leaders),
    positions: new Map(audit?.positions.partitions.map(({ partition, committed, start }) => [partition, { committed: committed ?? 0, start }])),
    steadyOk: ends.some(({ phase, ok }) => phase === 'steady' && ok !== false),
    steps: { complete: chaos !== undefined && chaos.ok !== false, detail: chaos?.detail ?? 'the steps were never played' },
    healComplete: heal !== undefined && heal.ok !== false && healed.every(({ ok }) => ok !== false),
    healedNs: latest(healed.at(-1)?.timeNs, heal?.timeNs),
    drain: { complete: drain?.conclusive ?? false, detail: drain?.detail ?? 'the run ended before the drain' },
    audit: { complete: audit?.conclusive ?? false, detail: audit?.detail ?? 'the run ended before the audit', records: audit?.records ?? 0 },
    deadWorkers: all('worker').filter(({ edge }) => edge === 'died').map(({ worker }) => worker),
  };
}

/** The first word about a partition is no change, and neither is a new epoch of the same leader. */
function leaderChanges(leaders: readonly Entry<'leader'>[]): readonly LeaderChange[] {
  const known = new Set<number>();
  return leaders.filter(({ partition, from, to }) => {
    const first = !known.has(partition) && from === null;
    known.add(partition);
    return !first && from !== to;
  }).map(({ timeNs, partition, from, to }) => ({ timeMs: toMs(timeNs), partition, from, to }));
}

function outlineFaults(
  edges: readonly Entry<'fault'>[], leds: readonly Entry<'led'>[], leaders: readonly Entry<'leader'>[],
  inSync: readonly Entry<'in-sync'>[], redundants: readonly Entry<'redundant'>[],
): readonly FaultOutline[] {
  return [...new Set(edges.map(({ id }) => id))].map((id) => {
    const of = (edge: Entry<'fault'>['edge']) => edges.find((entry) => entry.id === id && entry.edge === edge);
    const at = (edge: Entry<'fault'>['edge']) => of(edge)?.timeNs ?? null;
    const first = edges.find((entry) => entry.id === id)!;
    const proof = of('proved');
    const led = leds.findLast((entry) => entry.id === id);
    const redundantNs = redundants.find((entry) => entry.id === id)?.timeNs ?? null;
    const struckNs = at('struck');
    return {
      id,
      fault: first.fault,
      nodes: (of('struck') ?? of('begin') ?? first).nodes,
      triggerMs: nullable(at('trigger'), toMs),
      beginMs: toMs(at('begin') ?? first.timeNs),
      struckNs,
      strikeNs: struckNs === null ? null : (at('begin') ?? struckNs),
      struckMs: nullable(struckNs, toMs),
      healMs: nullable(at('heal'), toMs),
      healedMs: nullable(at('healed'), toMs),
      delayMs: between(at('trigger'), struckNs),
      proved: proof !== undefined && proof.ok !== false,
      proof: proof?.detail ?? 'nothing was proved',
      led: led?.led ?? null,
      ledDetail: led?.detail ?? '',
      leadershipMoved: struckNs === null || led === undefined ? null : leadershipMoved(led, struckNs, at('begin') ?? struckNs, leaders, inSync),
      timeToRedundancyMs: between(struckNs, redundantNs),
    };
  });
}

/**
 * Whether another node led the partition after the strike. Null where nobody else could: no other replica was in sync
 * when the victim was struck (a classic queue lives on one node, and so does a topic of one replica).
 */
function leadershipMoved(
  { node, partition }: Entry<'led'>, struckNs: number, beginNs: number,
  leaders: readonly Entry<'leader'>[], inSync: readonly Entry<'in-sync'>[],
): boolean | null {
  const moved = leaders.some((entry) => entry.partition === partition && entry.timeNs >= beginNs && entry.to !== null && entry.to !== node);
  const before = inSync.findLast((entry) => entry.partition === partition && entry.timeNs <= struckNs);
  const eligible = before?.nodes.some((replica) => replica !== node) ?? false;
  return moved || eligible ? moved : null;
}

const latest = (...times: readonly (number | undefined)[]): number | null => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.max(...known);
};
const nullable = <T, U>(value: T | null, map: (value: T) => U): U | null => (value === null ? null : map(value));
const between = (from: number | null, to: number | null): number | null => (from === null || to === null ? null : toMs(to - from));
