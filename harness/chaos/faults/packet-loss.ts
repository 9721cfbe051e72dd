// A share of the packets on every way from or to the nodes is lost, each by chance for itself.
import { nodesOf, type Fault } from '../fault.ts';
import { dropPackets } from './firewall.ts';
import { unheard, waysAround } from './node-links.ts';

/** So many datagrams that one is lost with a probability above 99 % whatever the share. */
const probesFor = (percent: number): number => Math.ceil(500 / percent);

export const packetLoss: Fault = {
  name: 'packet-loss',
  strikes: 'link',
  async inject(context) {
    const percent = context.parameter('percent');
    const match = ['-m', 'statistic', '--mode', 'random', '--probability', String(percent / 100)];
    const rules = waysAround(nodesOf(context), context.cluster.nodes).map((way) => ({ ...unheard(way), match }));
    return await dropPackets('packet-loss', { rules, counted: 'rule', probes: probesFor(percent) }, context);
  },
};
