// Asks every node the same question at once, and does not wait for a frozen one when most have answered.
import type { NodeId } from '../../model/cluster.ts';
import { fromErlangName } from './home-node.ts';
import type { ManagementApi, QueueAnswer } from './management-api.ts';
import { type Answers, isAlive, type NodeAnswer } from './topology.ts';

/** A node that did not answer last time gets less time. */
const timeoutMs = { usual: 600, silent: 150 } as const;
/** How long the rest may take once most have answered. */
const graceMs = 100;

export class AskAll {
  readonly #apis: readonly ManagementApi[];
  readonly #silent = new Set<NodeId>();

  constructor(apis: readonly ManagementApi[]) {
    this.#apis = apis;
  }

  /** Never rejects, except with the signal's reason. Takes at most 600 ms more than a look at the running nodes. */
  async queue(name: string, signal: AbortSignal): Promise<Answers> {
    const enough = Promise.withResolvers<QueueAnswer>();
    let answered = 0;
    const nodes = await Promise.all(this.#apis.map(async (api): Promise<NodeAnswer> => {
      const asked = this.#ask(api, name, signal).then((answer) => {
        if (isAlive(answer) && ++answered * 2 > this.#apis.length) setTimeout(() => enough.resolve({ kind: 'silent' }), graceMs);
        return answer;
      });
      return { node: api.node, answer: await Promise.race([asked, enough.promise]) };
    }));
    return { nodes, running: await this.#running(nodes, signal) };
  }

  async #ask(api: ManagementApi, name: string, signal: AbortSignal): Promise<QueueAnswer> {
    const answer = await api.queue(name, { timeoutMs: this.#silent.has(api.node) ? timeoutMs.silent : timeoutMs.usual, signal });
    if (answer.kind === 'silent') this.#silent.add(api.node);
    else this.#silent.delete(api.node);
    return answer;
  }

  async #running(nodes: readonly NodeAnswer[], signal: AbortSignal): Promise<readonly NodeId[]> {
    const witness = nodes.find(({ answer }) => isAlive(answer));
    if (witness === undefined || nodes.every(({ answer }) => answer.kind !== 'silent')) return [];
    const api = this.#apis.find(({ node }) => node === witness.node)!;
    const names = await api.runningNodes({ timeoutMs: timeoutMs.usual, signal }).catch((): readonly string[] => []);
    signal.throwIfAborted();
    return names.map(fromErlangName);
  }
}
