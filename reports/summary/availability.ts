// Availability in words: the same for a page, a terminal and Markdown.
import type { FaultFact, Survival, UnavailableWindow } from '../../harness/model/facts.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatDuration, formatInstant } from './format.ts';

/** Worst of what a fault meant to its partitions, with the reason of the first that is so. */
export function survivalOf({ partitions }: FaultFact): Survival {
  const worst = partitions.find(({ survivable }) => survivable === false) ?? partitions.find(({ survivable }) => survivable === null) ?? partitions[0];
  return worst ?? { survivable: null, because: 'no partition was seen' };
}

/** What a window or a fault is marked with. */
export function survivalWords({ survivable }: Pick<Survival, 'survivable'>): string {
  if (survivable === null) return 'not known';
  return survivable ? 'survivable' : 'beyond replication';
}

/** Whether any stretch was more than the replication can survive: then a long recovery says nothing against it. */
export const wentBeyond = ({ facts }: RunRecord): boolean =>
  facts !== null && [...facts.unavailable, ...facts.faults.map(survivalOf)].some(({ survivable }) => survivable === false);

export const beyondMeaning = 'beyond replication: fewer replicas were left than the policy needs, so that it could not have gone on';

export interface FaultFigures {
  readonly detect: string;
  readonly recover: string;
  readonly redundancy: string;
}

type Times = Pick<FaultFact, 'timeToDetectMs' | 'timeToRecoverMs' | 'timeToRedundancyMs'>;

/** @param strikes a client that was struck is no replica. */
export function figuresOf({ timeToDetectMs, timeToRecoverMs, timeToRedundancyMs }: Times, strikes: FaultFact['strikes']): FaultFigures {
  const redundancy = timeToRedundancyMs === null ? 'not seen' : timeToRedundancyMs === 0 ? 'kept' : formatDuration(timeToRedundancyMs);
  return {
    detect: timeToDetectMs === null ? 'not felt' : formatDuration(timeToDetectMs),
    recover: timeToRecoverMs === null ? 'never' : timeToRecoverMs === 0 ? 'no outage' : formatDuration(timeToRecoverMs),
    redundancy: strikes === 'client' ? 'does not apply' : redundancy,
  };
}

export interface WindowGroup extends Survival {
  /** "partition 0", "partitions 0, 1, 2". */
  readonly where: string;
  readonly from: string;
  readonly to: string;
  readonly lasted: string;
}

/** Windows that several partitions had at the same time and for the same reason are one. */
export function windowGroups(windows: readonly UnavailableWindow[]): readonly WindowGroup[] {
  const spelt = windows.map(({ partition, fromMs, toMs, survivable, because }) => ({
    partition, survivable, because, from: formatInstant(fromMs), to: toMs === null ? 'the end' : formatInstant(toMs), lasted: toMs === null ? 'until the end' : formatDuration(toMs - fromMs),
  }));
  const groups = Map.groupBy(spelt, ({ from, to, survivable, because }) => JSON.stringify([from, to, survivable, because]));
  return [...groups.values()].map((all) => {
    const { from, to, lasted, survivable, because } = all[0]!;
    return { from, to, lasted, survivable, because, where: partitionWords(all.map(({ partition }) => partition)) };
  });
}

const partitionWords = (partitions: readonly number[]): string => `${partitions.length === 1 ? 'partition' : 'partitions'} ${partitions.join(', ')}`;

/** "kill of kafka-2: felt after 49 ms, recovered after 3.5 s, redundant after 7.8 s; survivable (2 of 3 replicas left …)". */
export function faultLine(fault: FaultFact): string {
  const { detect, recover, redundancy } = figuresOf(fault, fault.strikes);
  const after = (words: string, verb: string, none: string): string => (/^\d/.test(words) ? `${verb} after ${words}` : none);
  const parts = [
    after(detect, 'felt', 'not felt'), after(recover, 'recovered', recover === 'no outage' ? 'no outage' : 'never recovered'),
    fault.strikes === 'client' ? '' : after(redundancy, 'redundant', redundancy === 'kept' ? 'redundancy kept' : 'redundancy not seen'),
  ].filter((part) => part !== '');
  const survival = survivalOf(fault);
  const mark = fault.strikes === 'client' ? '' : `; ${survivalWords(survival)}: ${survival.because}`;
  return `${fault.fault} of ${fault.nodes.join(', ')}: ${parts.join(', ')}${mark}`;
}
