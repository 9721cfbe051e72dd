// Cuts replication out of one node and nothing else: clients and the controller's heartbeats still pass.
// Both directions of the replication port are dropped, for a follower's fetch that already waits at the leader
// (KIP-227 long poll) would otherwise still be answered with the first records.
import type { Cluster, Node } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { nodesOf, onEach, type ActiveFault, type Fault, type Proof } from '../fault.ts';

const commandTimeoutMs = 5_000;
const proofTimeoutMs = 5_000;

export const replicationCut: Fault = {
  name: 'replication-cut',
  strikes: 'link',
  inject: (context) => onEach(nodesOf(context), (node) => cut(context.cluster, node, context.signal)),
};

async function cut(cluster: Cluster, node: Node, signal: AbortSignal): Promise<ActiveFault> {
  const rules = rulesFor(cluster, node);
  const { startedAt } = await node.state(signal);
  try {
    for (const rule of rules) await iptables(node, ['-A', ...rule], signal);
  } catch (error) {
    // Half a cut is no fault that anybody would heal: what is in place goes before the error does.
    for (const rule of rules) await iptables(node, ['-D', ...rule], AbortSignal.timeout(commandTimeoutMs)).catch(() => {});
    throw error;
  }
  return {
    prove: (proofSignal) => packetsDropped(node, peersOf(cluster, node), proofSignal),
    async heal(healSignal) {
      const now = await node.state(healSignal);
      // A node that died took its network namespace, and the rules in it, with it.
      if (now.status === 'exited' || now.startedAt !== startedAt) return;
      for (const rule of rules) await iptables(node, ['-D', ...rule], healSignal);
    },
  };
}

const peersOf = (cluster: Cluster, node: Node): readonly string[] => cluster.nodes.filter(({ id }) => id !== node.id).map(({ address }) => address);

function rulesFor(cluster: Cluster, node: Node): readonly (readonly string[])[] {
  const port = cluster.replicationPort;
  if (port === null) throw new LeaderfallError('E_CAPABILITY', `${cluster.broker} has no replication port that can be cut alone`, { hint: 'Use another fault for this broker.' });
  return peersOf(cluster, node).flatMap((address) => [
    ['INPUT', '-p', 'tcp', '-s', address, '--dport', String(port), '-j', 'DROP'],
    ['OUTPUT', '-p', 'tcp', '-d', address, '--sport', String(port), '-j', 'DROP'],
  ]);
}

/**
 * Followers fetch all the time, so rules that work have dropped something within a moment, from or to every other node:
 * often only answers, for a follower whose answer was dropped waits for it and asks nothing more.
 */
async function packetsDropped(node: Node, peers: readonly string[], signal: AbortSignal): Promise<Proof> {
  try {
    return await waitUntil(async () => {
      const dropped = droppedByPeer(await iptables(node, ['-L', '-v', '-x', '-n'], signal), peers);
      const seen = `packets dropped between ${node.id} and its peers: ${dropped.join(', ')}`;
      return dropped.every((count) => count > 0) ? { done: true, value: { ok: true, detail: seen } } : { done: false, seen };
    }, { describe: 'replication packets to be dropped for every other node', timeoutMs: proofTimeoutMs, intervalMs: 50, signal });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Sums the first column of `iptables -L -v -x -n` over the DROP rules that name a peer, in both directions. */
export function droppedByPeer(listing: string, peers: readonly string[]): readonly number[] {
  const rules = listing.split('\n').map((line) => line.trim().split(/\s+/)).filter((columns) => columns.includes('DROP'));
  return peers.map((peer) => rules.filter((columns) => columns.includes(peer)).reduce((sum, [packets]) => sum + Number(packets), 0));
}

async function iptables(node: Node, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { exitCode, output } = await node.netExec(['iptables', '-w', ...args], { timeoutMs: commandTimeoutMs, signal });
  if (exitCode !== 0) throw new LeaderfallError('E_CAPABILITY', `iptables failed in the network of ${node.id}: ${output.trim()}`, { hint: 'Run `leaderfall doctor`: the engine must allow NET_ADMIN.' });
  return output;
}
