// Whether every member of a quorum queue holds the log, by the members' own indexes.
import type { Health, Node, NodeId } from '../../model/cluster.ts';
import { fromErlangName } from './home-node.ts';
import { type AskOptions, type ManagementApi, type MemberStatus, parseMembers } from './management-api.ts';

/** Asks over the management API, and by a command inside the node where the version has no such question (3.10). */
export async function askMembers(api: ManagementApi, node: Node, queue: string, options: AskOptions): Promise<readonly MemberStatus[]> {
  const members = await api.members(queue, options);
  if (members !== null) return members;
  const command = ['rabbitmq-queues', '-q', 'quorum_status', '--vhost', '/', queue, '--formatter', 'json'];
  const { exitCode, output } = await node.exec(command, { timeoutMs: 15_000, signal: options.signal });
  if (exitCode !== 0) throw new Error(`${node.id} has no status of ${queue}: ${output.trim().slice(0, 500)}`);
  return parseMembers(JSON.parse(output.slice(output.indexOf('['))));
}

/**
 * True when every expected member is up and its log reaches `upTo`.
 * @param upTo `commit`: all that the leader has committed, the meaning of "in sync" under traffic. `end`: the leader's whole log.
 */
export function judgeMembers(members: readonly MemberStatus[], expected: readonly NodeId[], upTo: 'commit' | 'end'): Health {
  const leader = members.find(({ state }) => state === 'leader');
  if (leader === undefined) return { healthy: false, detail: 'the quorum queue has no leader' };
  const goal = upTo === 'end' ? leader.lastIndex : leader.commitIndex;
  const missing = expected.flatMap((node) => {
    const member = members.find((candidate) => fromErlangName(candidate.node) === node);
    if (member === undefined) return [`${node} is no member`];
    if (member.state !== 'leader' && member.state !== 'follower') return [`${node} is ${member.state}`];
    return member.lastIndex >= goal ? [] : [`${node} is at ${member.lastIndex} of ${goal}`];
  });
  return missing.length === 0
    ? { healthy: true, detail: `${expected.length} members hold the log up to ${goal}` }
    : { healthy: false, detail: missing.join(', ') };
}

/** The Raft term: it grows with every election. */
export const termOf = (members: readonly MemberStatus[]): number | null => members.find(({ state }) => state === 'leader')?.term ?? null;
