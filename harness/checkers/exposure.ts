// Which messages' fate a fault could change, and whether those are the ones that were lost.
import type { ExposedSet, Exposure } from '../model/facts.ts';
import { baseFlags, flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { strikesNode, type ClosedRange, type FaultOutline, type TimelineFacts } from './timeline-facts.ts';

type Producers = readonly ProducerColumns[];

/**
 * Marks the exposed messages. A closed publish before the strike is the set; where it took nothing (everything was
 * refused or is still under way), and where there is none, the set is what was in flight at the strike.
 * @returns exposures by fault id; faults that strike no node have none.
 */
export function findExposures(producers: Producers, { faults, strikesNs, closed }: TimelineFacts): ReadonlyMap<string, Exposure> {
  const exposures = new Map<string, Exposure>();
  const strikes = faults.filter((fault): fault is FaultOutline & { strikeNs: number } => fault.strikeNs !== null && strikesNode(fault.fault))
    .sort((a, b) => a.strikeNs - b.strikeNs);
  for (const [index, { id, strikeNs }] of strikes.entries()) {
    const since = strikes[index - 1]?.strikeNs ?? -Infinity;
    const ranges = closed.filter(({ timeNs }) => timeNs > since && timeNs <= strikeNs);
    const strike = strikesNs.indexOf(strikeNs);
    const inRanges = exposeClosed(producers, ranges, strike);
    const counts = inRanges.count > 0 ? inRanges : exposeInFlight(producers, strike);
    exposures.set(id, { fault: id, kind: inRanges.count > 0 ? 'closed' : 'in-flight', ...counts });
  }
  return exposures;
}

interface Counts {
  count: number;
  lost: number;
}

/** Accepted before the strike: one that was still under way and accepted by the next leader was never at risk. */
function exposeClosed(producers: Producers, ranges: readonly ClosedRange[], strike: number): Counts {
  const counts = { count: 0, lost: 0 };
  for (const { producer, from, to } of ranges) {
    const columns = producers.find((candidate) => candidate.producer === producer);
    for (let sequence = from; sequence < Math.min(to, columns?.length ?? 0); sequence++) {
      if ((columns!.flags[sequence]! & baseFlags) !== 0 && columns!.outcomeEra[sequence]! <= strike + 1) expose(columns!, sequence, counts);
    }
  }
  return counts;
}

/**
 * Under way at the strike (begun before, and the last end came after it or never), or accepted before and not yet
 * processed by then. An id is not attempted again once it is accepted, so its last end is its acceptance.
 * @param strike index among the strikes: what came before it belongs to eras up to that number.
 */
function exposeInFlight(producers: Producers, strike: number): Counts {
  const counts = { count: 0, lost: 0 };
  const latest = strike + 1;
  for (const columns of producers) {
    const { flags, sentEra, outcomeEra, processedEra, attempts, outcomes, length } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      const sent = sentEra[sequence]!;
      if (sent === 0 || sent > latest) continue;
      const underWay = attempts[sequence]! > outcomes[sequence]! || outcomeEra[sequence]! > latest;
      const processed = processedEra[sequence]!;
      const unconsumed = (flags[sequence]! & baseFlags) !== 0 && (processed === 0 || processed > latest);
      if (underWay || unconsumed) expose(columns, sequence, counts);
    }
  }
  return counts;
}

function expose(columns: ProducerColumns, sequence: number, counts: Counts): void {
  counts.count++;
  if ((columns.flags[sequence]! & flag.lost) !== 0) counts.lost++;
  // Only what was accepted can be lost: the set that losses are compared with holds nothing else.
  if ((columns.flags[sequence]! & baseFlags) !== 0) columns.flags[sequence]! |= flag.exposed;
}

/** After `findExposures`. */
export function compareExposed(producers: Producers): ExposedSet {
  const set = { exposed: 0, lostAndExposed: 0, lostNotExposed: 0, exposedNotLost: 0 };
  for (const { flags, length } of producers) {
    for (let sequence = 0; sequence < length; sequence++) {
      const both = flags[sequence]! & (flag.lost | flag.exposed);
      if (both === 0) continue;
      if ((both & flag.exposed) !== 0) set.exposed++;
      if (both === (flag.lost | flag.exposed)) set.lostAndExposed++;
      else if (both === flag.lost) set.lostNotExposed++;
      else set.exposedNotLost++;
    }
  }
  return set;
}
