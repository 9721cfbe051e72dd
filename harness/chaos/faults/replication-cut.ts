// Cuts replication out of one node and nothing else: clients and the controller's heartbeats still pass.
// Both directions of the replication port are dropped, for a follower's fetch that already waits at the leader
// (KIP-227 long poll) would otherwise still be answered with the first records.
import type { Cluster, Node } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import type { Fault, Proof } from '../fault.ts';

const commandTimeoutMs = 5_000;
const proofTimeoutMs = 5_000;

export const replicationCut: Fault = {
  name: 'replication-cut',
  summary: 'drops packets between the replication port of one node and all other nodes; healing removes the rules',
  needs: 'replication-cut',
  strikesNode: false,
  async inject({ cluster, node, signal }) {
    const rules = rulesFor(cluster, node);
    const { startedAt } = await node.state(signal);
    for (const rule of rules) await iptables(node, ['-A', ...rule], signal);
    return {
      prove: (proofSignal) => packetsDropped(node, rules, proofSignal),
      async heal(healSignal) {
        const now = await node.state(healSignal);
        // A node that died took its network namespace, and the rules in it, with it.
        if (now.status === 'exited' || now.startedAt !== startedAt) return;
        for (const rule of rules) await iptables(node, ['-D', ...rule], healSignal);
      },
    };
  },
};

function rulesFor(cluster: Cluster, node: Node): readonly (readonly string[])[] {
  const port = cluster.replicationPort;
  if (port === null) throw new LeaderfallError('E_CAPABILITY', `${cluster.broker} has no replication port that can be cut alone`, { hint: 'Use another fault for this broker.' });
  return cluster.nodes.filter(({ id }) => id !== node.id).flatMap(({ address }) => [
    ['INPUT', '-p', 'tcp', '-s', address, '--dport', String(port), '-j', 'DROP'],
    ['OUTPUT', '-p', 'tcp', '-d', address, '--sport', String(port), '-j', 'DROP'],
  ]);
}

/** Followers fetch all the time, so a rule that works has dropped something within a moment: from every follower. */
async function packetsDropped(node: Node, rules: readonly (readonly string[])[], signal: AbortSignal): Promise<Proof> {
  const followers = rules.filter(([chain]) => chain === 'INPUT').length;
  try {
    return await waitUntil(async () => {
      const listing = await iptables(node, ['-L', 'INPUT', '-v', '-x', '-n'], signal);
      const counts = listing.split('\n').filter((line) => line.includes('DROP')).map((line) => Number(line.trim().split(/\s+/)[0]));
      const seen = `packets dropped into ${node.id}: ${counts.join(', ')}`;
      const done = counts.length === followers && counts.every((count) => count > 0);
      return done ? { done: true, value: { ok: true, detail: seen } } : { done: false, seen };
    }, { describe: 'replication packets to be dropped from every follower', timeoutMs: proofTimeoutMs, intervalMs: 50, signal });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function iptables(node: Node, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { exitCode, output } = await node.netExec(['iptables', '-w', ...args], { timeoutMs: commandTimeoutMs, signal });
  if (exitCode !== 0) throw new LeaderfallError('E_CAPABILITY', `iptables failed in the network of ${node.id}: ${output.trim()}`, { hint: 'Run `leaderfall doctor`: the engine must allow NET_ADMIN.' });
  return output;
}
