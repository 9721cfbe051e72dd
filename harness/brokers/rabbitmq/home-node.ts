// Node names: ours (`rabbitmq-1`), the broker's (`rabbit@rabbitmq-1`), and which one a destination's `home` means. Pure.
import type { NodeId } from '../../model/cluster.ts';

export const nodeId = (index: number): NodeId => `rabbitmq-${index + 1}`;

/** The host name is the node's id, so the broker's own names translate without a table. */
export const erlangName = (id: NodeId): string => `rabbit@${id}`;
export const fromErlangName = (name: string): NodeId => name.slice(name.indexOf('@') + 1);

/** Index of the node that `home` names, from 0; may lie beyond the cluster, which is a contradiction. */
export function homeIndex(home: string, nodes: number): number {
  if (home === 'first') return 0;
  if (home === 'last') return nodes - 1;
  return Number(home.slice(home.lastIndexOf('-') + 1)) - 1;
}
