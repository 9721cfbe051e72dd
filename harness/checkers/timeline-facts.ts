// Reads the timeline once: faults, leaders, closed publishes, and how the phases, drain and audit ended.
import type { FaultFact, LeaderChange } from '../model/facts.ts';
import type { FaultName, Step } from '../model/scenario.ts';
import type { TimelineEntry, TimelineType } from '../model/timeline.ts';

type Entry<Type extends TimelineType> = Extract<TimelineEntry, { type: Type }>;

export const toMs = (timeNs: number): number => timeNs / 1e6;

/** A fault as the timeline tells it; what messages tell is added later. */
export type FaultOutline = Omit<FaultFact, 'exposure' | 'attemptsMet' | 'timeToDetectMs' | 'timeToRecoverMs' | 'timeToRedundancyMs' | 'partitions'> & {
  readonly struckNs: number | null;
  /** The moment that divides what a fault could change from what it could not; null where it has none. See `stretchOf`. */
  readonly strikeNs: number | null;
  /** Until when what began could still meet the fault; `strikeNs` where it was over at once. */
  readonly untilNs: number | null;
};

/** Faults under which a consumer takes messages and handles none, for as long as they last. */
export const holdsDeliveries = (fault: string): boolean => (['stall', 'crash-loop'] satisfies FaultName[] as string[]).includes(fault);

export interface ClosedRange {
  readonly producer: number;
  readonly from: number;
  readonly to: number;
  readonly complete: boolean;
  readonly timeNs: number;
}

/** How far a group had committed in a partition; `committed` null: nothing. */
export interface Position {
  readonly committed: number | null;
  readonly start: number;
  /** First offset that nobody has. */
  readonly end: number;
}

/** A client process that was ended or frozen, on purpose or not: as its own edge in the timeline tells, or a fault that struck it. */
export interface ClientEnd {
  readonly worker: string;
  readonly timeNs: number;
  readonly by: 'edge' | 'fault';
}

export interface TimelineFacts {
  readonly endNs: number;
  readonly faults: readonly FaultOutline[];
  /** Moments that divide what faults could change from what they could not, ascending. */
  readonly strikesNs: readonly number[];
  /** When a node was struck. */
  readonly nodeStrikesNs: readonly number[];
  readonly closed: readonly ClosedRange[];
  /** When the steps began that published closed sets, ascending. */
  readonly publishesNs: readonly number[];
  readonly leaders: readonly Entry<'leader'>[];
  readonly leaderChanges: readonly LeaderChange[];
  readonly inSync: readonly Entry<'in-sync'>[];
  /** When the broker itself said that every node was back and every replica in sync, ascending. */
  readonly wholeNs: readonly number[];
  readonly positions: ReadonlyMap<number, Position>;
  readonly steadyOk: boolean;
  readonly steps: { readonly complete: boolean; readonly detail: string };
  readonly healComplete: boolean;
  /** When the last fault was over and the cluster said that it is whole; null: never. */
  readonly healedNs: number | null;
  /** The run came as far as its drain. */
  readonly ended: boolean;
  readonly drain: { readonly complete: boolean; readonly detail: string };
  readonly audit: { readonly complete: boolean; readonly detail: string; readonly records: number };
  /** Those that ended by themselves. */
  readonly deadWorkers: readonly string[];
  readonly clientEnds: readonly ClientEnd[];
  /** When connections were in trouble, by worker's name. */
  readonly notes: readonly { readonly worker: string; readonly timeNs: number }[];
}

export function readTimeline(entries: readonly TimelineEntry[]): TimelineFacts {
  const all = <Type extends TimelineType>(type: Type) => entries.filter((entry): entry is Entry<Type> => entry.type === type);
  const leaders = all('leader');
  const inSync = all('in-sync');
  const faults = outlineFaults(all('fault'), all('led'), leaders, inSync);
  const ends = all('phase').filter(({ edge }) => edge === 'end');
  // A heal that failed is tried again at the end: the last one tells.
  const healed = [...new Map(all('fault').filter(({ edge }) => edge === 'healed').map((entry) => [entry.id, entry])).values()];
  const heal = ends.findLast(({ phase }) => phase === 'heal');
  const chaos = ends.findLast(({ phase }) => phase === 'chaos');
  const audit = all('audit').at(-1);
  const drain = all('drain').at(-1);
  return {
    endNs: entries.reduce((latest, { timeNs }) => Math.max(latest, timeNs), 0),
    faults,
    strikesNs: ascending(faults.flatMap(({ strikeNs, untilNs }) => (strikeNs === null || untilNs === null ? [] : [...new Set([strikeNs, untilNs])]))),
    nodeStrikesNs: ascending(faults.flatMap(({ strikes, strikeNs }) => (strikes === 'node' ? (strikeNs ?? []) : []))),
    closed: all('closed'),
    publishesNs: all('step').filter(({ kind, edge }) => kind === 'publish' && edge === 'begin').map(({ timeNs }) => timeNs),
    leaders,
    leaderChanges: leaderChanges(leaders),
    inSync,
    wholeNs: wholeTimes(all('redundant'), all('step'), ends),
    positions: new Map(audit?.positions.partitions.map(({ partition, committed, start, end }) => [partition, { committed, start, end }])),
    steadyOk: ends.some(({ phase, ok }) => phase === 'steady' && ok !== false),
    steps: stepsPlayed(chaos, all('step')),
    healComplete: heal !== undefined && heal.ok !== false && healed.every(({ ok }) => ok !== false),
    healedNs: latest(...healed.map(({ timeNs }) => timeNs), heal?.timeNs),
    ended: drain !== undefined,
    drain: { complete: drain?.conclusive ?? false, detail: drain?.detail ?? 'the run ended before the drain' },
    audit: { complete: audit?.conclusive ?? false, detail: audit?.detail ?? 'the run ended before the audit', records: audit?.records ?? 0 },
    deadWorkers: all('worker').filter(({ edge }) => edge === 'died').map(({ worker }) => worker),
    clientEnds: clientEnds(all('worker'), faults),
    notes: all('note').map(({ source, timeNs }) => ({ worker: source, timeNs })),
  };
}

/** What comes after a wait that was given up was not done at the moment that the scenario means. */
function stepsPlayed(chaos: Entry<'phase'> | undefined, steps: readonly Entry<'step'>[]): TimelineFacts['steps'] {
  if (chaos === undefined) return { complete: false, detail: 'the steps were never played' };
  const missed = steps.filter(({ ok }) => ok === false);
  if (chaos.ok === false || missed.length === 0) return { complete: chaos.ok !== false, detail: chaos.detail ?? '' };
  return { complete: false, detail: missed.map(({ index, detail = '' }) => `step ${index + 1}: ${detail}`).join('; ') };
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

/** A step that waits for redundancy, and the phase of recovery, end only once they saw it. */
function wholeTimes(redundants: readonly Entry<'redundant'>[], steps: readonly Entry<'step'>[], ends: readonly Entry<'phase'>[]): readonly number[] {
  const waited = steps.filter(({ kind, edge }) => kind === ('redundant' satisfies Step['kind']) && edge === 'end');
  const recovered = ends.filter(({ phase, ok }) => phase === 'recover' && ok !== false);
  return ascending([...redundants, ...waited, ...recovered].map(({ timeNs }) => timeNs));
}

function outlineFaults(
  edges: readonly Entry<'fault'>[], leds: readonly Entry<'led'>[], leaders: readonly Entry<'leader'>[], inSync: readonly Entry<'in-sync'>[],
): readonly FaultOutline[] {
  return [...new Set(edges.map(({ id }) => id))].map((id) => {
    const own = edges.filter((entry) => entry.id === id);
    const of = (edge: Entry<'fault'>['edge']) => own.find((entry) => entry.edge === edge);
    const at = (edge: Entry<'fault'>['edge']) => of(edge)?.timeNs ?? null;
    // Of several heals all but the last failed, and it was on until then.
    const lastAt = (edge: 'heal' | 'healed') => own.findLast((entry) => entry.edge === edge)?.timeNs ?? null;
    const first = own[0]!;
    const proof = of('proved');
    const led = leds.findLast((entry) => entry.id === id);
    const struckNs = at('struck');
    return {
      id,
      fault: first.fault,
      strikes: first.strikes,
      nodes: (of('struck') ?? of('begin') ?? first).nodes,
      triggerMs: nullable(at('trigger'), toMs),
      beginMs: toMs(at('begin') ?? first.timeNs),
      struckNs,
      ...(struckNs === null ? { strikeNs: null, untilNs: null } : stretchOf(first, struckNs, at('begin'), lastAt('heal'))),
      struckMs: nullable(struckNs, toMs),
      healMs: nullable(lastAt('heal'), toMs),
      healedMs: nullable(lastAt('healed'), toMs),
      delayMs: between(at('trigger'), struckNs),
      proved: proof !== undefined && proof.ok !== false,
      proof: proof?.detail ?? 'nothing was proved',
      led: led?.led ?? null,
      ledDetail: led?.detail ?? '',
      leadershipMoved: struckNs === null || led === undefined ? null : leadershipMoved(led, { struckNs, beginNs: at('begin') ?? struckNs, untilNs: nextAtLeader(led, edges, leds) }, leaders, inSync),
    };
  });
}

/**
 * A node: when the injection began, for what was sent after it met a node that was dying or dead; one that was still alive may take
 * messages with it until the injection returned. A client: when it was gone, for what
 * it recorded until then it did; where it goes on taking messages and handles none, when it was allowed to handle them again.
 * A link: null, for cutting it takes nothing away by itself. What is sent to a node while it is frozen meets the fault too.
 */
function stretchOf({ fault, strikes }: Entry<'fault'>, struckNs: number, beginNs: number | null, healNs: number | null): Pick<FaultOutline, 'strikeNs' | 'untilNs'> {
  if (strikes === 'link') return { strikeNs: null, untilNs: null };
  if (strikes === 'client') {
    const strikeNs = holdsDeliveries(fault) ? (healNs ?? struckNs) : struckNs;
    return { strikeNs, untilNs: strikeNs };
  }
  const strikeNs = beginNs ?? struckNs;
  return { strikeNs, untilNs: fault === ('pause' satisfies FaultName) ? (healNs ?? Infinity) : struckNs };
}

/** A frozen client may lose its connection like one that ended; one whose handlers stall keeps it. */
function clientEnds(workers: readonly Entry<'worker'>[], faults: readonly FaultOutline[]): readonly ClientEnd[] {
  const ended = workers.filter(({ edge }) => edge === 'died' || edge === 'killed');
  const struck = faults.filter(({ strikes, fault }) => strikes === 'client' && fault !== ('stall' satisfies FaultName));
  return [
    ...ended.map(({ worker, timeNs }) => ({ worker, timeNs, by: 'edge' as const })),
    ...struck.flatMap(({ nodes, struckNs }) => (struckNs === null ? [] : nodes.map((worker) => ({ worker, timeNs: struckNs, by: 'fault' as const })))),
  ];
}

/** When the next fault began that was aimed at the partition's leader: who leads after that is that one's doing. */
function nextAtLeader({ id, partition }: Entry<'led'>, edges: readonly Entry<'fault'>[], leds: readonly Entry<'led'>[]): number {
  const begins = edges.filter(({ edge }) => edge === 'begin');
  const own = begins.find((entry) => entry.id === id)?.timeNs ?? -Infinity;
  const others = new Set(leds.filter((entry) => entry.partition === partition && entry.id !== id).map((entry) => entry.id));
  return Math.min(Infinity, ...begins.filter((entry) => others.has(entry.id) && entry.timeNs > own).map(({ timeNs }) => timeNs));
}

/**
 * Whether another node led the partition after the strike, and before the next fault at its leader. Null where nobody else could: no other replica was in sync
 * when the victim was struck (a classic queue lives on one node, and so does a topic of one replica).
 */
function leadershipMoved(
  { node, partition }: Entry<'led'>, { struckNs, beginNs, untilNs }: { readonly struckNs: number; readonly beginNs: number; readonly untilNs: number },
  leaders: readonly Entry<'leader'>[], inSync: readonly Entry<'in-sync'>[],
): boolean | null {
  const moved = leaders.some((entry) => entry.partition === partition && entry.timeNs >= beginNs && entry.timeNs < untilNs && entry.to !== null && entry.to !== node);
  const before = inSync.findLast((entry) => entry.partition === partition && entry.timeNs <= struckNs);
  const eligible = before?.nodes.some((replica) => replica !== node) ?? false;
  return moved || eligible ? moved : null;
}

const ascending = (times: readonly number[]): readonly number[] => times.toSorted((a, b) => a - b);
const latest = (...times: readonly (number | undefined)[]): number | null => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.max(...known);
};
const nullable = <T, U>(value: T | null, map: (value: T) => U): U | null => (value === null ? null : map(value));
const between = (from: number | null, to: number | null): number | null => (from === null || to === null ? null : toMs(to - from));
