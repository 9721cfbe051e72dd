// The network namespace of a node in its present life: what link faults do in it, and whether it is still the one in which they did it.
// A restart gives a node a new namespace, so that what was set in the old one neither holds nor needs to be healed.
import type { Node } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { FaultContext, Proof } from '../fault.ts';

const commandTimeoutMs = 10_000;

/** Printed before anything else, so that every answer says in which namespace it was true. */
const sayNamespace = 'readlink /proc/self/ns/net';

/** Shell scripts that run as one. `remove` may be run twice, and fails while something is left. */
export interface NetworkChange {
  readonly apply: string;
  readonly remove: string;
}

export interface NodeNetwork {
  readonly node: Node;
  /** In which the change was made, as the kernel names it: `net:[4026532301]`. */
  readonly namespace: string;
  /** Runs a script in it; null when the node has another one by now. @throws LeaderfallError `E_CAPABILITY` when the script fails, `E_NODE_FAILED` when the node does not run. */
  look(script: string, signal: AbortSignal): Promise<string | null>;
}

/**
 * Makes the change in the node's present namespace. Healing takes it back, also where it was made although nobody said so, as when the
 * answer came too late; a node that died meanwhile took it with it. @throws LeaderfallError `E_CAPABILITY`.
 */
export async function changeNetwork(node: Node, { apply, remove }: NetworkChange, { healWith, signal }: Pick<FaultContext, 'healWith' | 'signal'>): Promise<NodeNetwork> {
  const { startedAt } = await node.state(signal);
  const isGone = async (stateSignal: AbortSignal): Promise<boolean> => {
    const now = await node.state(stateSignal);
    return now.status === 'exited' || now.status === 'absent' || now.startedAt !== startedAt;
  };
  healWith(async (healSignal) => {
    if (await isGone(healSignal)) return;
    try {
      await runIn(node, remove, healSignal);
    } catch (error) {
      if (!(await isGone(healSignal))) throw error;
    }
  });
  const { namespace } = await runIn(node, apply, signal);
  return {
    node, namespace,
    async look(script, lookSignal) {
      const seen = await runIn(node, script, lookSignal);
      return seen.namespace === namespace ? seen.output : null;
    },
  };
}

export const restartedSince = ({ node, namespace }: NodeNetwork): Proof => ({ ok: false, detail: `${node.id} has another network namespace than ${namespace}: what was set there went with it` });

/** Sends datagrams that nobody waits for from one node's namespace to another's: for links on which nothing flows by itself. What cannot be sent is what the fault is for. */
export async function sendDatagrams(from: Node, to: Node, { count, bytes }: { readonly count: number; readonly bytes: number }, signal: AbortSignal): Promise<void> {
  const discardPort = 9;
  const script = `text=$(printf '%*s' ${bytes} ''); for ((sent = 0; sent < ${count}; sent++)); do printf '%s' "$text" > /dev/udp/${to.address}/${discardPort}; done 2>/dev/null`;
  await from.netExec(['bash', '-c', script], { timeoutMs: commandTimeoutMs, signal });
}

async function runIn(node: Node, script: string, signal: AbortSignal): Promise<{ readonly namespace: string; readonly output: string }> {
  const { exitCode, output } = await node.netExec(['bash', '-c', `set -e -o pipefail; ${sayNamespace}\n${script}`], { timeoutMs: commandTimeoutMs, signal });
  if (exitCode !== 0) throw new LeaderfallError('E_CAPABILITY', `A command failed in the network of ${node.id}: ${withoutNamespace(output).trim()}`, { hint: 'Run `leaderfall doctor`: the engine must allow NET_ADMIN.' });
  const end = output.indexOf('\n');
  return { namespace: output.slice(0, end), output: output.slice(end + 1) };
}

const withoutNamespace = (output: string): string => output.replace(/^net:\[\d+\]\n/, '');
