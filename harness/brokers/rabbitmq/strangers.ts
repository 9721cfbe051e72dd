// A node that came back with an empty disk has a member's name and knows of no cluster. 3.10 and 4.3 take it in again by themselves. On
// Mnesia of 4.0 the others go on counting the name as theirs, and the node asks them in vain for as long as it boots (4.0.5:
// inconsistent_cluster, "thinks it's clustered with node …, but … disagrees"), until an operator has them forget it.
import type { Node } from '../../model/cluster.ts';
import { erlangName } from './home-node.ts';

/** By the node's own log: the others hold it for a member, and it does not. */
const isRefused = (node: Node, log: string): boolean => log.includes(`but '${erlangName(node.id)}' disagrees`);
/** One node forgets for all of them, also where it then fails to take a queue's copy from the stranger (system_not_started) and calls that its own failure. */
const isForgotten = /not_a_cluster_node|not in the cluster/;
/** A refused node asks again every two to four seconds. */
const lookEveryMs = 3_000;
const commandTimeoutMs = 30_000;

export class Strangers {
  readonly #nodes: readonly Node[];
  readonly #forgotten = new Set<Node>();
  #nextLookMs = 0;

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  /** Has the others forget each node that they refuse: https://www.rabbitmq.com/docs/clustering#removing-nodes. To be called while the cluster is not whole. */
  async forget(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#nextLookMs) return;
    this.#nextLookMs = performance.now() + lookEveryMs;
    for (const node of this.#nodes) {
      if (this.#forgotten.has(node) || !isRefused(node, await node.lastLogLines(60))) continue;
      await this.#anywhereBut(node, ['rabbitmqctl', '-q', 'forget_cluster_node', erlangName(node.id)], signal);
      this.#forgotten.add(node);
    }
  }

  /** Gives each forgotten node a copy of every quorum queue again, once it is back: https://www.rabbitmq.com/docs/quorum-queues#replica-management. @returns what was done by hand, in words; null: nothing. */
  async giveCopies(signal: AbortSignal): Promise<string | null> {
    if (this.#forgotten.size === 0) return null;
    for (const node of this.#forgotten) await this.#anywhereBut(node, ['rabbitmq-queues', '-q', 'grow', erlangName(node.id), 'all'], signal);
    const names = [...this.#forgotten].map(({ id }) => id).join(', ');
    return `the cluster refused ${names}, whose disk was empty: the name was forgotten (forget_cluster_node) and given copies of the quorum queues again (rabbitmq-queues grow) by hand`;
  }

  /** @throws with the word of each other node when none of them takes the command. */
  async #anywhereBut(stranger: Node, command: readonly string[], signal: AbortSignal): Promise<void> {
    const refusals: string[] = [];
    for (const node of this.#nodes) {
      if (node === stranger) continue;
      const { exitCode, output } = await node.exec(command, { timeoutMs: commandTimeoutMs, signal });
      if (exitCode === 0 || isForgotten.test(output)) return;
      refusals.push(`${node.id}: ${output.trim().slice(0, 300)}`);
    }
    throw new Error(`${command.join(' ')} failed on every other node: ${refusals.join('; ')}`);
  }
}
