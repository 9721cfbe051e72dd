// From when to when faults kept nodes from being replicas of a partition: what redundancy and survival are told from.
import type { NodeId } from '../model/cluster.ts';
import { effectOf, replicaReachOf, type ReplicaReach } from '../model/fault-parameters.ts';
import type { FaultOutline, TimelineFacts } from './timeline-facts.ts';

export interface Absence {
  readonly node: NodeId;
  readonly fault: string;
  readonly reach: Exclude<ReplicaReach, 'kept'>;
  readonly fromNs: number;
  /** Infinity: nobody saw it back. */
  readonly toNs: number;
}

/** What a partition's replicas are told by. */
export type ReplicaTimeline = Pick<TimelineFacts, 'faults' | 'inSync' | 'wholeNs'>;

/**
 * In the order of the faults.
 * @param clusterNodes how many nodes there are.
 */
export function absencesOf(partition: number, timeline: ReplicaTimeline, clusterNodes: number): readonly Absence[] {
  return timeline.faults.flatMap((fault) => {
    const reach = reachOf(fault, clusterNodes);
    if (reach === 'kept') return [];
    return fault.nodes.map((node) => ({ node, fault: fault.id, reach, fromNs: fault.beginMs * 1e6, toNs: backNs(node, partition, fault, timeline) }));
  });
}

/** A fault whose client is its victim, or that never struck, leaves the nodes alone. A minority that is separated is away: the others go on without it. */
function reachOf({ fault, strikes, struckNs, nodes }: FaultOutline, clusterNodes: number): ReplicaReach {
  if (strikes === 'client' || struckNs === null) return 'kept';
  return fault === 'partition' && nodes.length * 2 < clusterNodes ? 'away' : replicaReachOf(fault);
}

/**
 * A node that was only held is back when it is let go. One that was started again is back once it is in sync again; where it was never seen
 * to be out of sync, for a dead node stays in the last known set for a while, once the broker said that all is whole. Where that did not come before it was
 * struck again, it was not back; where a broker tells of no replicas at all, it is back when it was started.
 */
function backNs(node: NodeId, partition: number, fault: FaultOutline, { faults, inSync, wholeNs }: ReplicaTimeline): number {
  const healedNs = fault.healedMs === null ? Infinity : fault.healedMs * 1e6;
  if (effectOf(fault.fault) !== 'ends') return healedNs;
  const nextNs = Math.min(Infinity, ...faults.flatMap(({ beginMs, nodes }) => (nodes.includes(node) && beginMs * 1e6 > healedNs ? beginMs * 1e6 : [])));
  const looks = inSync.filter((entry) => entry.partition === partition && entry.timeNs >= fault.beginMs * 1e6 && entry.timeNs < nextNs);
  const whole = wholeNs.find((timeNs) => timeNs >= healedNs && timeNs < nextNs);
  const out = looks.find(({ nodes }) => !nodes.includes(node));
  if (out === undefined) return whole ?? (inSync.some((entry) => entry.partition === partition) ? nextNs : healedNs);
  const returned = looks.find(({ timeNs, nodes }) => timeNs >= Math.max(healedNs, out.timeNs) && nodes.includes(node));
  return returned?.timeNs ?? whole ?? nextNs;
}
