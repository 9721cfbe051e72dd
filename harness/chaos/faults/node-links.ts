// Which ways between nodes a link fault takes: pure, for clusters of any size.
import type { Node } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { Rule } from './firewall.ts';

/** From one node to another. */
export interface Way {
  readonly from: Node;
  readonly to: Node;
}

/** All that are not among them. @throws LeaderfallError `E_SCENARIO_INVALID` where there is none: nothing would be separated. */
export function othersThan(nodes: readonly Node[], all: readonly Node[]): readonly Node[] {
  const others = all.filter(({ id }) => nodes.every((node) => node.id !== id));
  if (others.length === 0) throw new LeaderfallError('E_SCENARIO_INVALID', 'Every node is struck, so that none is left to be separated from', { hint: 'Aim at fewer nodes, or use partition-ring.' });
  return others;
}

/** Every way from or to one of them, each once. */
export function waysAround(nodes: readonly Node[], all: readonly Node[]): readonly Way[] {
  const struck = ({ id }: Node): boolean => nodes.some((node) => node.id === id);
  return all.flatMap((from) => all.flatMap((to) => (from.id !== to.id && (struck(from) || struck(to)) ? [{ from, to }] : [])));
}

/**
 * Each node goes on hearing a majority, itself among them: its neighbours on both sides in the ring, one more before it than after it
 * where the number is odd. The ways that it no longer hears; of three nodes each loses the one after it, of five the two opposite.
 */
export function ringWays(nodes: readonly Node[]): readonly Way[] {
  const heard = Math.floor(nodes.length / 2);
  const after = Math.floor(heard / 2);
  return nodes.flatMap((to, index) => nodes.flatMap((from, other) => {
    const ahead = (other - index + nodes.length) % nodes.length;
    return ahead > after && ahead < nodes.length - (heard - after) ? [{ from, to }] : [];
  }));
}

/** Dropped where it arrives: to the sender's kernel it is gone on the way. */
export const unheard = ({ from, to }: Way): Rule => ({ node: to, peer: from, direction: 'from' });
