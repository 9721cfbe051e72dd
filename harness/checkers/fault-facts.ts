// What each fault did: whom it exposed, when it showed, and how long until messages were taken again.
import type { Exposure, FaultFact, UnavailableWindow } from '../model/facts.ts';
import { shortestGapNs, type Availability } from './availability.ts';
import type { PublishTally } from './publish-tally.ts';
import { toMs, type FaultOutline, type TimelineFacts } from './timeline-facts.ts';

export function faultFacts(
  { struckNs, strikeNs: _, untilNs: __, ...outline }: FaultOutline, exposure: Exposure | null, publish: PublishTally, index: number,
  availability: Availability, timeline: TimelineFacts,
): FaultFact {
  const detectedNs = publish.detectedNs[index]!;
  return {
    ...outline,
    exposure,
    timeToDetectMs: struckNs === null || detectedNs === Infinity ? null : toMs(detectedNs - struckNs),
    timeToRecoverMs: struckNs === null ? null : timeToRecoverMs(struckNs, publish, availability, timeline),
  };
}

/**
 * Until the last partition that this fault took away was back for the first time; a fault that took none away is over with
 * the first success after it. A stretch belongs to a fault that was struck before its end, unless the next fault came before the
 * silence was long enough to count: then it is that one's. A later one on the same partition (such as while the node comes back) is a stretch of its own, listed and drawn, not this fault's recovery.
 */
function timeToRecoverMs(struckNs: number, publish: PublishTally, { windows }: Availability, { faults }: TimelineFacts): number | null {
  const struckMs = toMs(struckNs);
  const nextMs = Math.min(Infinity, ...faults.flatMap((fault) => (fault.struckMs !== null && fault.struckMs > struckMs ? fault.struckMs : [])));
  const caused = firstOfEachPartition(windows.filter(({ fromMs, toMs: endMs }) => (endMs === null || endMs > struckMs) && fromMs < nextMs - toMs(shortestGapNs)));
  if (caused.some(({ toMs: endMs }) => endMs === null)) return null;
  if (caused.length > 0) return Math.max(...caused.map(({ toMs: endMs }) => endMs! - struckMs));
  const firstOkNs = publish.grid.firstOkAfter(struckNs);
  return firstOkNs === null ? null : toMs(firstOkNs - struckNs);
}

/** Windows come in the order in which they began. */
const firstOfEachPartition = (windows: readonly UnavailableWindow[]): readonly UnavailableWindow[] =>
  windows.filter(({ partition }, index) => windows.findIndex((other) => other.partition === partition) === index);
