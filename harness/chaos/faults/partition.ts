// Some nodes on one side and the rest on the other: nothing passes between them, in either direction, on any port. Clients reach both.
import { nodesOf, type Fault } from '../fault.ts';
import { dropPackets } from './firewall.ts';
import { othersThan } from './node-links.ts';

export const partition: Fault = {
  name: 'partition',
  strikes: 'link',
  async inject(context) {
    const nodes = nodesOf(context);
    const others = othersThan(nodes, context.cluster.nodes);
    const rules = nodes.flatMap((node) => others.flatMap((peer) => (['from', 'to'] as const).map((direction) => ({ node, peer, direction }))));
    return await dropPackets('partition', { rules, counted: 'rule', probes: 1 }, context);
  },
};
