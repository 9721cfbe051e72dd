// Cuts replication out of one node and nothing else: clients and the controller's heartbeats still pass.
// Both directions of the replication port are dropped, for a follower's fetch that already waits at the leader
// (KIP-227 long poll) would otherwise still be answered with the first records.
import { LeaderfallError } from '../../model/errors.ts';
import { nodesOf, type Fault, type FaultContext } from '../fault.ts';
import { dropPackets, type Rule } from './firewall.ts';

export const replicationCut: Fault = {
  name: 'replication-cut',
  strikes: 'link',
  // Followers fetch all the time, so rules that work have dropped something within a moment, from or to every other node: often only
  // answers, for a follower whose answer was dropped waits for it and asks nothing more.
  inject: async (context) => await dropPackets('replication-cut', { rules: rulesFor(context), counted: 'peer', probes: 0 }, context),
};

function rulesFor(context: FaultContext): readonly Rule[] {
  const { cluster } = context;
  const port = cluster.replicationPort;
  if (port === null) throw new LeaderfallError('E_CAPABILITY', `${cluster.broker} has no replication port that can be cut alone`, { hint: 'Use another fault for this broker.' });
  return nodesOf(context).flatMap((node) => cluster.nodes.filter(({ id }) => id !== node.id).flatMap((peer): readonly Rule[] => [
    { node, peer, direction: 'from', match: ['-p', 'tcp', '--dport', String(port)] },
    { node, peer, direction: 'to', match: ['-p', 'tcp', '--sport', String(port)] },
  ]));
}
