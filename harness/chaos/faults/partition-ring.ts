// Every node hears a majority of the nodes, and no two the same one: each view is whole enough to go on, and no two agree.
import { nodesOf, type Fault } from '../fault.ts';
import { dropPackets } from './firewall.ts';
import { ringWays, unheard } from './node-links.ts';

export const partitionRing: Fault = {
  name: 'partition-ring',
  strikes: 'link',
  inject: async (context) => await dropPackets('partition-ring', { rules: ringWays(nodesOf(context)).map(unheard), counted: 'rule', probes: 1 }, context),
};
