// One node's management API, asked by the harness itself: facts about queues and nodes within milliseconds instead of an Erlang VM's second.
import { z } from 'zod';
import type { NodeId } from '../../model/cluster.ts';
import { credentials } from './configuration/broker-configuration.ts';

const queueInfo = z.object({
  type: z.string(),
  /** Home of a classic queue, leader of a quorum queue; Erlang names. */
  node: z.string().nullish(),
  leader: z.string().nullish(),
  members: z.array(z.string()).nullish(),
  /** Members whose node the asked node counts as running. */
  online: z.array(z.string()).nullish(),
  state: z.string().nullish(),
  /** Of a mirrored classic queue (3.x): nodes with a mirror, and those of them that hold every message. */
  slave_nodes: z.array(z.string()).nullish(),
  synchronised_slave_nodes: z.array(z.string()).nullish(),
});
export type QueueInfo = z.infer<typeof queueInfo>;

/** Of a member that does not answer the numbers are empty strings. */
const index = z.union([z.number(), z.string().transform(() => -1)]).optional();
const memberStatus = z.object({
  'Node Name': z.string(),
  'Raft State': z.string(),
  'Last Log Index': index,
  /** Its name before 4.0. */
  'Log Index': index,
  'Commit Index': index,
  Term: index,
});

/** One member of a quorum queue, by its own word. */
export interface MemberStatus {
  readonly node: string;
  /** `leader`, `follower`, or a reason why there is none, such as `noproc`. */
  readonly state: string;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly term: number;
}

const runningNode = z.object({ name: z.string(), running: z.boolean() });

/** The answer to a question about a queue. `silent`: no answer in time, as from a frozen node. `refused`: nobody listens. */
export type QueueAnswer =
  | { readonly kind: 'queue'; readonly info: QueueInfo }
  | { readonly kind: 'no-queue' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused' };

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** For the queues whose name matches; what it says must be a policy's to say. */
export interface QueuePolicy {
  /** A regular expression. */
  readonly pattern: string;
  readonly definition: Readonly<Record<string, string | number>>;
}

const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
const queuePath = (name: string): string => `%2F/${encodeURIComponent(name)}`;

type Request = Pick<RequestInit, 'method' | 'body'>;

export class ManagementApi {
  readonly node: NodeId;
  readonly #endpoints: readonly string[];
  #answered: string | null = null;

  /** @param endpoints `host:port`, of which the first that ever answers is used: an engine may publish the port, or route to the node. */
  constructor(node: NodeId, endpoints: readonly string[]) {
    this.node = node;
    this.#endpoints = endpoints;
  }

  /** Never rejects, except with the signal's reason. */
  async queue(name: string, options: AskOptions): Promise<QueueAnswer> {
    try {
      // Without totals: with them 4.3 answers 500 while a classic queue's home is down.
      const body = await this.#ask(`queues/${queuePath(name)}?disable_stats=true`, options);
      return body === null ? { kind: 'no-queue' } : { kind: 'queue', info: queueInfo.parse(body) };
    } catch (error) {
      options.signal.throwIfAborted();
      return { kind: isTimeout(error) ? 'silent' : 'refused' };
    }
  }

  /** @throws with the broker's own words where it refuses the policy. */
  async putPolicy(name: string, { pattern, definition }: QueuePolicy, options: AskOptions): Promise<void> {
    const body = JSON.stringify({ pattern, definition, 'apply-to': 'queues', priority: 0 });
    await this.#ask(`policies/${queuePath(name)}`, options, { method: 'PUT', body });
  }

  async deletePolicy(name: string, options: AskOptions): Promise<void> {
    await this.#ask(`policies/${queuePath(name)}`, options, { method: 'DELETE' });
  }

  /** Members of a quorum queue; null where this version has no such question (before 4.0). */
  async members(name: string, options: AskOptions): Promise<readonly MemberStatus[] | null> {
    const body = await this.#ask(`queues/quorum/${queuePath(name)}/status`, options);
    return body === null ? null : parseMembers(body);
  }

  /** Erlang names of the nodes that this one counts as running. */
  async runningNodes(options: AskOptions): Promise<readonly string[]> {
    const nodes = z.array(runningNode).parse(await this.#ask('nodes?columns=name,running', options));
    return nodes.filter(({ running }) => running).map(({ name }) => name);
  }

  /** null: not found. @throws on no answer and on any other status. */
  async #ask(path: string, options: AskOptions, request: Request = {}): Promise<unknown> {
    if (this.#answered !== null) return this.#askAt(this.#answered, path, options, request);
    const [first, ...others] = this.#endpoints;
    try {
      return await this.#askAt(first!, path, options, request);
    } catch (error) {
      for (const endpoint of others) return this.#askAt(endpoint, path, options, request);
      throw error;
    }
  }

  async #askAt(endpoint: string, path: string, { timeoutMs, signal }: AskOptions, request: Request): Promise<unknown> {
    const response = await fetch(`http://${endpoint}/api/${path}`, {
      ...request,
      headers: { authorization, 'content-type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    this.#answered = endpoint;
    const text = await response.text();
    // 3.10 answers a path that it does not know with 400.
    if (response.status === 404 || (response.status === 400 && path.startsWith('queues/quorum/'))) return null;
    if (!response.ok) throw new Error(`${this.node} answered ${response.status} to ${path}: ${text.slice(0, 200)}`);
    return text === '' ? null : JSON.parse(text);
  }
}

/** Also reads what `rabbitmq-queues quorum_status --formatter json` prints, which is the same list. */
export function parseMembers(body: unknown): readonly MemberStatus[] {
  return z.array(memberStatus).parse(body).map((member) => ({
    node: member['Node Name'],
    state: member['Raft State'],
    lastIndex: member['Last Log Index'] ?? member['Log Index'] ?? -1,
    commitIndex: member['Commit Index'] ?? -1,
    term: member.Term ?? -1,
  }));
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';
