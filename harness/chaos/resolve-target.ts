// Which nodes a target means, given what the cluster looks like: pure, so that the same seed and the same cluster give the same nodes.
import type { NodeId, Topology } from '../model/cluster.ts';
import type { NodeTarget } from '../model/scenario.ts';

export interface Surroundings {
  readonly topology: Topology;
  /** Every node, in the cluster's order. */
  readonly all: readonly NodeId[];
  readonly coordinator: NodeId | null;
  /** In [0, 1): what a target that leaves a choice chooses by. */
  readonly choice: number;
}

/** null: a node that the target names is not known now, as while a leader is being elected. None is named twice. */
export function nodeIdsOf(target: NodeTarget, around: Surroundings): readonly NodeId[] | null {
  const { topology, all, coordinator, choice } = around;
  switch (target.role) {
    case 'node': return [target.node];
    case 'controller': return one(topology.controller);
    case 'coordinator': return one(coordinator);
    case 'leader': return one(leaderOf(topology, target.partition));
    case 'follower': return one(followerOf(topology, target.partition));
    case 'replicas': return partitionOf(topology, target.partition)?.replicas ?? null;
    case 'random': return one(all[Math.floor(choice * all.length)] ?? null);
    case 'all': return all;
    case 'minority': return leaderFirst(around, Math.ceil(all.length / 2) - 1);
    case 'majority': return leaderFirst(around, Math.floor(all.length / 2) + 1);
    case 'together': return together(target.targets, around);
  }
}

/** Whether it takes the broker's word to know which nodes a target means. */
export function asksBroker(target: NodeTarget): boolean {
  if (target.role === 'together') return target.targets.some(asksBroker);
  return target.role !== 'node' && target.role !== 'all' && target.role !== 'random';
}

const one = (id: NodeId | null): readonly NodeId[] | null => (id === null ? null : [id]);
const partitionOf = (topology: Topology, index: number) => topology.partitions.find(({ partition }) => partition === index);
const leaderOf = (topology: Topology, index: number): NodeId | null => partitionOf(topology, index)?.leader ?? null;

/** In sync, and known only while a leader is: without one, the last in sync may be the leader that died. */
function followerOf(topology: Topology, index: number): NodeId | null {
  const leader = leaderOf(topology, index);
  return leader === null ? null : (partitionOf(topology, index)?.inSync.find((id) => id !== leader) ?? null);
}

/** The leader of partition 0, then the others in the cluster's order: striking it is the harder case. */
function leaderFirst({ topology, all }: Surroundings, count: number): readonly NodeId[] | null {
  const leader = leaderOf(topology, 0);
  return leader === null ? null : [leader, ...all.filter((id) => id !== leader)].slice(0, count);
}

function together(targets: readonly NodeTarget[], around: Surroundings): readonly NodeId[] | null {
  const each = targets.map((target) => nodeIdsOf(target, around));
  return each.some((ids) => ids === null) ? null : [...new Set(each.flatMap((ids) => ids ?? []))];
}
