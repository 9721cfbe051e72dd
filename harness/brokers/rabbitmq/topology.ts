// Puts the nodes' answers about one queue together: the majority's word on the leader, never a node that is gone. Pure.
import type { NodeId, Topology } from '../../model/cluster.ts';
import { fromErlangName } from './home-node.ts';
import type { QueueAnswer, QueueInfo } from './management-api.ts';

export interface NodeAnswer {
  readonly node: NodeId;
  readonly answer: QueueAnswer;
}

export interface Answers {
  readonly nodes: readonly NodeAnswer[];
  /** What an answering node counts as running; asked only when some node is silent. */
  readonly running: readonly NodeId[];
  /** Term of the leader, where it came with the answers. */
  readonly term: number | null;
}

/** What does not change or was asked apart. */
export interface KnownQueue {
  readonly type: 'quorum' | 'classic' | 'stream';
  /** Used where the answers lack them. */
  readonly replicas: readonly NodeId[];
  /** Of its leader. */
  readonly term: number | null;
}

/**
 * A node that is cut off goes on naming itself, so each answer has one vote. A leader counts only while its node is alive: after a
 * SIGKILL the record still names the dead node until the next one is elected.
 */
export function combineTopology({ nodes, running, term }: Answers, known: KnownQueue): Topology {
  const infos = nodes.flatMap(({ answer }) => (answer.kind === 'queue' ? [answer.info] : []));
  const alive = nodes.filter(({ node, answer }) => isAlive(answer) || (answer.kind === 'silent' && running.includes(node))).map(({ node }) => node);
  const leader = majorityOf(infos.map((info) => leaderOf(info, alive)));
  const told = replicasOf(infos);
  const replicas = told.length > 0 ? told : known.replicas;
  const behind = known.type === 'classic' ? unsynchronised(infos, leader, replicas) : [];
  const epoch = leader === null ? null : (known.term ?? term);
  return {
    partitions: [{ partition: 0, leader, epoch, ...(epoch === null ? {} : { epochIsTerm: true }), replicas, inSync: replicas.filter((node) => alive.includes(node) && !behind.includes(node)) }],
    controller: null,
    alive,
  };
}

/** It answered, whether it knows the queue or not. */
export const isAlive = ({ kind }: QueueAnswer): boolean => kind === 'queue' || kind === 'no-queue';

function leaderOf(info: QueueInfo, alive: readonly NodeId[]): NodeId | null {
  const name = info.leader ?? info.node;
  if (name === null || name === undefined || name === '') return null;
  const node = fromErlangName(name);
  return alive.includes(node) ? node : null;
}

function replicasOf(infos: readonly QueueInfo[]): readonly NodeId[] {
  const info = infos.find(({ members }) => members !== null && members !== undefined) ?? infos[0];
  const names = info?.members ?? (info?.type === 'classic' && info.node ? [info.node, ...(info.slave_nodes ?? [])] : []);
  return names.map(fromErlangName).toSorted();
}

/**
 * Mirrors of a classic queue (3.x) that lack messages, by the leader's word. Where nobody says, all but the leader: a mirror that was
 * known to hold everything would lead.
 */
function unsynchronised(infos: readonly QueueInfo[], leader: NodeId | null, replicas: readonly NodeId[]): readonly NodeId[] {
  const info = infos.find(({ node, slave_nodes: mirrors }) => mirrors != null && node != null && fromErlangName(node) === leader);
  const holding = leader === null ? [] : [leader, ...(info?.synchronised_slave_nodes ?? []).map(fromErlangName)];
  return replicas.filter((node) => !holding.includes(node));
}

/** The most frequent value; on a tie one that names a node, and of those the first asked. */
function majorityOf(votes: readonly (NodeId | null)[]): NodeId | null {
  const counts = new Map<NodeId | null, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  const rank = ([vote, count]: readonly [NodeId | null, number]): number => count * 2 + (vote === null ? 0 : 1);
  return [...counts].toSorted((a, b) => rank(b) - rank(a))[0]?.[0] ?? null;
}
