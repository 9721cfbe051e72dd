// Links to all nodes of a cluster. A lane is a purpose with a connection of its own, for a broker answers one
// connection's questions in turn: a slow one must not hold up the polling of leaders.
import type { NodeId } from '../../../model/cluster.ts';
import { invariant } from '../../../model/errors.ts';
import { hedge } from './hedge.ts';
import { Link, type Endpoint } from './link.ts';

/** topology: polled, must be quick. quorum: forwarded to the controller, may be slow. admin: everything else. read: the audit. */
export type Lane = 'topology' | 'health' | 'quorum' | 'admin' | 'read';

const requestTimeoutMs: Readonly<Record<Lane, number>> = { topology: 1500, health: 1000, quorum: 2000, admin: 15_000, read: 15_000 };
/** Another node is asked when one is silent for this long. Creating a topic twice would be noise, so admin waits. */
const patienceMs: Readonly<Record<Lane, number>> = { topology: 60, health: 200, quorum: 400, admin: 5000, read: 5000 };

export class Wire implements AsyncDisposable {
  readonly endpoints: readonly Endpoint[];
  readonly #links = new Map<string, Link>();
  readonly #lastToAnswer = new Map<Lane, NodeId>();

  constructor(endpoints: readonly Endpoint[]) {
    this.endpoints = endpoints;
  }

  link(node: NodeId, lane: Lane): Link {
    const key = `${lane}/${node}`;
    const existing = this.#links.get(key);
    if (existing !== undefined) return existing;
    const endpoint = this.endpoints.find((candidate) => candidate.node === node);
    invariant(endpoint !== undefined, `${node} is a node of this cluster`);
    const link = new Link(endpoint, requestTimeoutMs[lane]);
    this.#links.set(key, link);
    return link;
  }

  /** Puts the question to any node, first to the one that answered last. A question that throws goes to the next node. */
  async any<T>(lane: Lane, describe: string, signal: AbortSignal, question: (link: Link) => Promise<T>): Promise<T> {
    const last = this.#lastToAnswer.get(lane);
    const nodes = this.endpoints.map(({ node }) => node).sort((left, right) => Number(right === last) - Number(left === last));
    const attempts = nodes.map((node) => async () => {
      const answer = await question(this.link(node, lane));
      this.#lastToAnswer.set(lane, node);
      return answer;
    });
    return await hedge(attempts, { describe, patienceMs: patienceMs[lane], signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link[Symbol.asyncDispose]()));
    this.#links.clear();
  }
}
