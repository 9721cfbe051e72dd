// Whether a mirrored classic queue (3.x) has the mirrors that its policy asks for. Pure.
import type { Health, PartitionTopology } from '../../model/cluster.ts';
import type { RabbitmqDestination } from './policy.ts';

/** Copies that it should have, the leader among them; 1 where it is not mirrored. */
export const copiesOf = ({ mirrors }: RabbitmqDestination, nodes: number): number => (mirrors === 'all' ? nodes : (mirrors ?? 1));

/**
 * @param whole every mirror must hold every message. With manual synchronisation a mirror that came later never does before the queue
 * was emptied once, so that full redundancy then means no more than that it exists.
 */
export function judgeMirrors({ leader, replicas, inSync }: PartitionTopology, copies: number, whole: boolean): Health {
  if (replicas.length < copies) return { healthy: false, detail: `${replicas.length} of ${copies} copies exist, on ${replicas.join(', ')}` };
  const behind = replicas.filter((node) => !inSync.includes(node));
  if (whole && behind.length > 0) return { healthy: false, detail: `${behind.join(', ')} not synchronised` };
  return { healthy: true, detail: copies === 1 ? `on ${leader}` : `${copies} copies, led by ${leader}${behind.length === 0 ? '' : `; ${behind.join(', ')} not synchronised, which is left to hand`}` };
}
