// One look at a queue from all nodes. The management API of every node is asked at once; while a node is frozen the others' APIs wait
// for it (they ask each other which nodes run), and then one node's own view is taken instead.
import type { Node, NodeId } from '../../model/cluster.ts';
import { fromErlangName } from './home-node.ts';
import { localView } from './local-view.ts';
import type { ManagementApi, QueueAnswer } from './management-api.ts';
import { type Answers, isAlive, type NodeAnswer } from './topology.ts';

const timeoutMs = 600;
/** How long the rest may take once most have answered. */
const graceMs = 100;

export class AskAll {
  readonly #nodes: readonly Node[];
  readonly #apis: readonly ManagementApi[];
  /** The APIs did not answer last time: they are tried again in the background. */
  #hanging = false;
  #retrying = false;
  /** The node whose own view was had last. */
  #witness: NodeId | null = null;

  constructor(nodes: readonly Node[], apis: readonly ManagementApi[]) {
    this.#nodes = nodes;
    this.#apis = apis;
  }

  /** Never rejects, except with the signal's reason. */
  async queue(name: string, signal: AbortSignal): Promise<Answers> {
    if (!this.#hanging) {
      const answers = await this.#askApis(name, signal);
      if (mostAnswer(answers)) return answers;
      this.#hanging = true;
    }
    if (!this.#retrying) void this.#retry(name, signal);
    return this.#askOne(name, signal);
  }

  async #retry(name: string, signal: AbortSignal): Promise<void> {
    this.#retrying = true;
    this.#hanging = await this.#askApis(name, signal).then((answers) => !mostAnswer(answers), () => true);
    this.#retrying = false;
  }

  async #askApis(name: string, signal: AbortSignal): Promise<Answers> {
    const enough = Promise.withResolvers<QueueAnswer>();
    let answered = 0;
    const nodes = await Promise.all(this.#apis.map(async (api): Promise<NodeAnswer> => {
      const asked = api.queue(name, { timeoutMs, signal }).then((answer) => {
        if (isAlive(answer) && ++answered * 2 > this.#apis.length) setTimeout(() => enough.resolve({ kind: 'silent' }), graceMs);
        return answer;
      });
      return { node: api.node, answer: await Promise.race([asked, enough.promise]) };
    }));
    return { nodes, running: await this.#running(nodes, signal), term: null };
  }

  async #running(nodes: readonly NodeAnswer[], signal: AbortSignal): Promise<readonly NodeId[]> {
    const witness = nodes.find(({ answer }) => isAlive(answer));
    if (witness === undefined || nodes.every(({ answer }) => answer.kind !== 'silent')) return [];
    const api = this.#apis.find(({ node }) => node === witness.node)!;
    const names = await api.runningNodes({ timeoutMs, signal }).catch((): readonly string[] => []);
    signal.throwIfAborted();
    return names.map(fromErlangName);
  }

  /** The first node that can be asked, beginning with the last that could. Nobody: all are silent. */
  async #askOne(name: string, signal: AbortSignal): Promise<Answers> {
    const order = this.#nodes.toSorted((a, b) => Number(b.id === this.#witness) - Number(a.id === this.#witness));
    for (const node of order) {
      const view = await localView(node, name, signal).catch(() => null);
      signal.throwIfAborted();
      if (view === null) continue;
      this.#witness = node.id;
      const info = { type: 'unknown', node: view.leader, leader: view.leader };
      const nodes = this.#nodes.map(({ id }): NodeAnswer => ({ node: id, answer: id === node.id ? { kind: 'queue', info } : { kind: 'silent' } }));
      return { nodes, running: view.running, term: view.term };
    }
    return { nodes: this.#nodes.map(({ id }) => ({ node: id, answer: { kind: 'silent' } })), running: [], term: null };
  }
}

const mostAnswer = ({ nodes }: Answers): boolean => nodes.filter(({ answer }) => isAlive(answer)).length * 2 > nodes.length;
