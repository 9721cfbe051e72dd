// Nodes that no longer hear the others, while what they send still arrives: a route that works in one direction only.
import { nodesOf, type Fault } from '../fault.ts';
import { dropPackets } from './firewall.ts';
import { othersThan, unheard } from './node-links.ts';

export const partitionOneWay: Fault = {
  name: 'partition-one-way',
  strikes: 'link',
  async inject(context) {
    const nodes = nodesOf(context);
    const others = othersThan(nodes, context.cluster.nodes);
    const rules = nodes.flatMap((to) => others.map((from) => unheard({ from, to })));
    return await dropPackets('partition-one-way', { rules, counted: 'rule', probes: 1 }, context);
  },
};
