// In which order a client tries the nodes: near the queue's leader, away from it, or by turns. Pure.
import type { ClusterConnection, NodeId } from '../../../model/cluster.ts';

export type Endpoint = ClusterConnection['endpoints'][number];

/**
 * `home`: the leader first. `other`: the leader last. `any`: as they are. Within that, clients of different index begin with different
 * nodes, so that several spread out. Every node is in the order: a client goes on to the next when one is down.
 */
export function nodeOrder(endpoints: readonly Endpoint[], connectTo: 'home' | 'other' | 'any', leader: NodeId | null, index: number): readonly Endpoint[] {
  if (leader === null || connectTo === 'any') return rotated(endpoints, index);
  const home = endpoints.filter(({ node }) => node === leader);
  const others = rotated(endpoints.filter(({ node }) => node !== leader), index);
  return connectTo === 'home' ? [...home, ...others] : [...others, ...home];
}

function rotated(endpoints: readonly Endpoint[], by: number): readonly Endpoint[] {
  const start = endpoints.length === 0 ? 0 : by % endpoints.length;
  return [...endpoints.slice(start), ...endpoints.slice(0, start)];
}
