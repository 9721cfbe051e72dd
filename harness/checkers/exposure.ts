// Which messages' fate a fault could change, and whether those are the ones that were lost.
import type { ExposedSet, Exposure } from '../model/facts.ts';
import { effectOf } from '../model/fault-parameters.ts';
import type { WorkerInfo } from '../model/history.ts';
import { baseFlags, flag } from './message-flags.ts';
import { PassedOver } from './passed-over.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';
import { holdsDeliveries, type ClosedRange, type FaultOutline, type TimelineFacts } from './timeline-facts.ts';

type Producers = readonly ProducerColumns[];
type Strike = FaultOutline & { readonly strikeNs: number; readonly untilNs: number };

/** Eras: what came before the strike belongs to those up to `latest`; what began while the fault lasted, to those up to `until`. */
interface Stretch {
  readonly latest: number;
  readonly until: number;
}

export interface ExposureInput {
  readonly tally: Tally;
  readonly timeline: TimelineFacts;
  readonly workers: readonly WorkerInfo[];
  /** The partition of messages without a receipt is on record. */
  readonly placed: boolean;
  readonly anyLost: boolean;
}

/**
 * Marks the exposed messages. To a fault on a node: a closed publish before the strike is the set, credited to the fault that ended the node where an earlier one only
 * halted it (which nodes held copies is not on record, so that of two that end different nodes the first has it); where it took nothing (everything
 * was refused or is still under way), and where there is none, what was in flight at the strike, or while it was frozen. To a fault on a client: what was in
 * flight when it was gone, of a producer its own; while a consumer takes messages and handles none, those that it took.
 * @returns exposures by fault id; faults on links have none.
 */
export function findExposures({ tally, timeline, workers, placed, anyLost }: ExposureInput): ReadonlyMap<string, Exposure> {
  const exposures = new Map<string, Exposure>();
  const strikes = timeline.faults.filter((fault): fault is Strike => fault.strikeNs !== null).sort((a, b) => a.strikeNs - b.strikeNs);
  const credited = creditClosed(tally.producers, timeline, strikes);
  for (const strike of strikes) {
    const latest = latestOf(strike, timeline);
    const until = timeline.strikesNs.indexOf(strike.untilNs) + 1;
    const closed = credited.get(strike.id);
    const counts = closed ?? exposeOthers(strike, tally, workers, { latest, until }, anyLost ? new PassedOver(tally, latest, placed) : null);
    exposures.set(strike.id, { fault: strike.id, kind: closed === undefined ? 'in-flight' : 'closed', ...counts });
  }
  return exposures;
}

const latestOf = ({ strikeNs }: Strike, { strikesNs }: TimelineFacts): number => strikesNs.indexOf(strikeNs) + 1;

/** What each closed publish exposed, by the fault that it is credited to. */
function creditClosed(producers: Producers, timeline: TimelineFacts, strikes: readonly Strike[]): ReadonlyMap<string, Counts> {
  const credited = new Map<string, Counts>();
  let sinceNs = -Infinity;
  for (const strike of strikes.filter(({ strikes: what }) => what === 'node')) {
    const ranges = timeline.closed.filter(({ timeNs }) => timeNs > sinceNs && timeNs <= strike.strikeNs);
    sinceNs = strike.strikeNs;
    // Which of them are at risk the first strike after it decides: later ones may be accepted by the next leader.
    const counts = exposeClosed(producers, ranges, latestOf(strike, timeline));
    if (counts.count > 0) credited.set(endOf(strike, strikes, timeline).id, counts);
  }
  return credited;
}

/** The fault that takes the set away: where a node was only halted, the one that ended it before anything else was published as a closed set. */
function endOf(first: Strike, strikes: readonly Strike[], { closed }: TimelineFacts): Strike {
  if (effectOf(first.fault) === 'ends') return first;
  const nextNs = closed.find(({ timeNs }) => timeNs > first.strikeNs)?.timeNs ?? Infinity;
  const ends = strikes.find(({ fault, nodes, strikeNs }) => strikeNs > first.strikeNs && strikeNs < nextNs && effectOf(fault) === 'ends' && nodes.some((node) => first.nodes.includes(node)));
  return ends ?? first;
}

interface Counts {
  count: number;
  lost: number;
}

/**
 * Accepted before the strike: one that was still under way and accepted by the next leader was never at risk.
 * @param latest what came before the strike belongs to eras up to this number.
 */
function exposeClosed(producers: Producers, ranges: readonly ClosedRange[], latest: number): Counts {
  const counts = { count: 0, lost: 0 };
  for (const { producer, from, to } of ranges) {
    const columns = producers.find((candidate) => candidate.producer === producer);
    for (let sequence = from; sequence < Math.min(to, columns?.length ?? 0); sequence++) {
      if ((columns!.flags[sequence]! & baseFlags) === 0 || columns!.outcomeEra[sequence]! > latest) continue;
      columns!.flags[sequence]! |= flag.inClosed;
      expose(columns!, sequence, counts);
    }
  }
  return counts;
}

function exposeOthers({ strikes, fault, nodes }: Strike, { producers }: Tally, workers: readonly WorkerInfo[], stretch: Stretch, passed: PassedOver | null): Counts {
  if (strikes === 'client' && holdsDeliveries(fault)) return exposeHeld(producers, stretch.latest);
  const own = strikes === 'client' ? producersOf(nodes, workers) : null;
  return exposeInFlight(own === null ? producers : producers.filter(({ producer }) => own.has(producer)), stretch, passed);
}

/** Indices of the producers among the clients that were struck; null: none was. */
function producersOf(names: readonly string[], workers: readonly WorkerInfo[]): ReadonlySet<number> | null {
  const struck = workers.filter(({ role, name }) => role === 'producer' && names.includes(name));
  return struck.length === 0 ? null : new Set(struck.map(({ index }) => index));
}

/**
 * Under way at the strike or while the fault lasted (begun before, and the last end came after the strike or never), or accepted before and neither processed by then
 * nor known to be gone. An id is not attempted again once it is accepted, so its last end is its acceptance.
 */
function exposeInFlight(producers: Producers, { latest, until }: Stretch, passed: PassedOver | null): Counts {
  const counts = { count: 0, lost: 0 };
  for (const columns of producers) {
    const { flags, sentEra, outcomeEra, attempts, outcomes, length } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      const sent = sentEra[sequence]!;
      if (sent === 0 || sent > until) continue;
      const underWay = attempts[sequence]! > outcomes[sequence]! || outcomeEra[sequence]! > latest;
      const waiting = (flags[sequence]! & baseFlags) !== 0 && !processedBy(columns, sequence, latest) && passed?.has(columns, sequence) !== true;
      if (underWay || waiting) expose(columns, sequence, counts);
    }
  }
  return counts;
}

/** Given to a consumer by then, and not processed by anybody. */
function exposeHeld(producers: Producers, latest: number): Counts {
  const counts = { count: 0, lost: 0 };
  for (const columns of producers) {
    const { deliveredEra, length } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      const delivered = deliveredEra[sequence]!;
      if (delivered !== 0 && delivered <= latest && !processedBy(columns, sequence, latest)) expose(columns, sequence, counts);
    }
  }
  return counts;
}

function processedBy({ processedEra }: ProducerColumns, sequence: number, latest: number): boolean {
  const processed = processedEra[sequence]!;
  return processed !== 0 && processed <= latest;
}

function expose(columns: ProducerColumns, sequence: number, counts: Counts): void {
  counts.count++;
  if ((columns.flags[sequence]! & flag.lost) !== 0) counts.lost++;
  // Only what was accepted can be lost: the set that losses are compared with holds nothing else.
  if ((columns.flags[sequence]! & baseFlags) !== 0) columns.flags[sequence]! |= flag.exposed;
}

/**
 * After `findExposures`. Where a fault met a closed publish the set is exact, and what else was under way at some strike stays out of it:
 * a leader that was frozen first could not change the fate of what it went on to give to its consumers.
 */
export function compareExposed(producers: Producers, exposures: ReadonlyMap<string, Exposure>): ExposedSet {
  const set = { exposed: 0, lostAndExposed: 0, lostNotExposed: 0, exposedNotLost: 0 };
  const exposed = [...exposures.values()].some(({ kind }) => kind === 'closed') ? flag.inClosed : flag.exposed;
  for (const { flags, length } of producers) {
    for (let sequence = 0; sequence < length; sequence++) {
      const both = flags[sequence]! & (flag.lost | exposed);
      if (both === 0) continue;
      if ((both & exposed) !== 0) set.exposed++;
      if (both === (flag.lost | exposed)) set.lostAndExposed++;
      else if (both === flag.lost) set.lostNotExposed++;
      else set.exposedNotLost++;
    }
  }
  return set;
}
