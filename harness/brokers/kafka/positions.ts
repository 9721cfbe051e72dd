// Offsets as the brokers hold them: log starts and ends, each replica's own end, and what a group has committed.
import { describeGroupsV5, findCoordinatorV4, listOffsetsV7, offsetFetchV8 } from '@platformatic/kafka';
import type { AuditPositions, Destination, Drained, Health, NodeId, PartitionTopology } from '../../model/cluster.ts';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import { nodeName } from './node-ids.ts';
import { metadataOf, partitionsOf } from './topology.ts';
import { codeName, codes } from './wire/codes.ts';
import type { Link } from './wire/link.ts';
import type { Wire } from './wire/wire.ts';

const latest = -1n;
const earliest = -2n;
const readUncommitted = 0;
/** A consumer sees up to the high watermark, and only at the leader. */
const asConsumer = -1;
/** Kafka's "debugging consumer": any replica answers, with the very end of its own log. KafkaApis and ReplicaManager, since 0.8. */
const asDebugger = -2;
const groupKey = 0;

export type Offsets = ReadonlyMap<number, number>;

/** @throws LeaderfallError `E_TIMEOUT` where the node does not answer for one of the partitions. */
async function listOffsets(link: Link, topic: string, partitions: readonly number[], timestamp: bigint, replica: number): Promise<Offsets> {
  const question = { name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })) };
  const answer = await link.ask(listOffsetsV7.api, replica, readUncommitted, [question]);
  const found = new Map<number, number>();
  for (const { partitionIndex, errorCode, offset } of answer.topics[0]?.partitions ?? []) {
    if (errorCode !== codes.none) throw new LeaderfallError('E_TIMEOUT', `${link.node} does not tell offsets of ${topic}/${partitionIndex}: ${codeName(errorCode)}`);
    found.set(partitionIndex, Number(offset));
  }
  return found;
}

async function layout(wire: Wire, topic: string, signal: AbortSignal): Promise<readonly PartitionTopology[]> {
  const metadata = await wire.any('admin', `tell the leaders of ${topic}`, signal, (link) => metadataOf(link, [topic]));
  return partitionsOf(metadata, topic);
}

function byNode(partitions: readonly PartitionTopology[], nodesOf: (partition: PartitionTopology) => readonly NodeId[]): ReadonlyMap<NodeId, readonly number[]> {
  const grouped = new Map<NodeId, number[]>();
  for (const each of partitions) for (const node of nodesOf(each)) grouped.set(node, [...(grouped.get(node) ?? []), each.partition]);
  return grouped;
}

async function fromLeaders(wire: Wire, topic: string, partitions: readonly PartitionTopology[], timestamp: bigint, replica: number): Promise<Offsets> {
  const leaderless = partitions.find(({ leader }) => leader === null);
  if (leaderless !== undefined) throw new LeaderfallError('E_TIMEOUT', `${topic}/${leaderless.partition} has no leader`);
  const groups = byNode(partitions, ({ leader }) => (leader === null ? [] : [leader]));
  const answers = await Promise.all([...groups].map(([node, wanted]) => listOffsets(wire.link(node, 'admin'), topic, wanted, timestamp, replica)));
  return new Map(answers.flatMap((answer) => [...answer]));
}

/** Reads the leaders' ends before and after the followers', so that traffic in between is no false alarm and a longer, divergent log is seen. */
export async function replicasCaughtUp(wire: Wire, topic: string, signal: AbortSignal): Promise<Health> {
  const partitions = await layout(wire, topic, signal);
  try {
    const before = await fromLeaders(wire, topic, partitions, latest, asDebugger);
    const followers = byNode(partitions, ({ leader, replicas }) => replicas.filter((replica) => replica !== leader));
    const answers = await Promise.all([...followers].map(async ([node, wanted]) => {
      const ends = await listOffsets(wire.link(node, 'admin'), topic, wanted, latest, asDebugger);
      return [...ends].map(([partition, end]) => ({ node, partition, end }));
    }));
    const after = await fromLeaders(wire, topic, partitions, latest, asDebugger);
    const behind = answers.flat().filter(({ partition, end }) => end < (before.get(partition) ?? 0) || end > (after.get(partition) ?? 0));
    if (behind.length === 0) return { healthy: true, detail: 'every replica holds the log up to its end' };
    return { healthy: false, detail: behind.map(({ node, partition, end }) => `${node} holds ${end} of ${before.get(partition) ?? 0} for ${topic}/${partition}`).join('; ') };
  } catch (error) {
    signal.throwIfAborted();
    return { healthy: false, detail: describeError(error) };
  }
}

/** The link to the group's coordinator. @throws LeaderfallError `E_TIMEOUT` while there is none. */
export async function coordinatorOf(wire: Wire, group: string, signal: AbortSignal): Promise<Link> {
  const answer = await wire.any('admin', `tell the coordinator of ${group}`, signal, (link) => link.ask(findCoordinatorV4.api, groupKey, [group]));
  const found = answer.coordinators[0];
  if (found === undefined || found.errorCode !== codes.none) throw new LeaderfallError('E_TIMEOUT', `${group} has no coordinator: ${codeName(found?.errorCode ?? -1)}`);
  return wire.link(nodeName(found.nodeId), 'admin');
}

/** Committed offsets; a partition without one is absent. @throws LeaderfallError `E_TIMEOUT` while the coordinator loads or moves. */
export async function committedOffsets(coordinator: Link, group: string, topic: string, partitions: readonly number[]): Promise<Offsets> {
  const answer = await coordinator.ask(offsetFetchV8.api, [{ groupId: group, memberEpoch: -1, topics: [{ name: topic, partitionIndexes: [...partitions] }] }], false);
  const found = answer.groups[0];
  const offsets = found?.topics[0]?.partitions ?? [];
  const failed = [found?.errorCode ?? -1, ...offsets.map(({ errorCode }) => errorCode)].find((code) => code !== codes.none);
  if (failed !== undefined) throw new LeaderfallError('E_TIMEOUT', `The offsets of ${group} cannot be read: ${codeName(failed)}`);
  return new Map(offsets.filter(({ committedOffset }) => committedOffset >= 0n).map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]));
}

export async function positions(wire: Wire, destination: Destination, signal: AbortSignal): Promise<AuditPositions> {
  const { name, group } = destination;
  const partitions = await layout(wire, name, signal);
  const numbers = partitions.map(({ partition }) => partition);
  const [start, end, committed] = await Promise.all([
    fromLeaders(wire, name, partitions, earliest, asConsumer),
    fromLeaders(wire, name, partitions, latest, asConsumer),
    group === undefined ? new Map<number, number>() : coordinatorOf(wire, group, signal).then((link) => committedOffsets(link, group, name, numbers)),
  ]);
  return {
    partitions: numbers.map((partition) => ({
      partition, committed: committed.get(partition) ?? null, start: start.get(partition) ?? 0, end: end.get(partition) ?? 0,
    })),
  };
}

/** Done: the group is stable with members, and its committed position is at every partition's end. */
export async function groupDrained(wire: Wire, destination: Destination, signal: AbortSignal): Promise<Drained> {
  const { group } = destination;
  if (group === undefined) return { done: false, detail: 'the topic has no group' };
  const coordinator = await coordinatorOf(wire, group, signal);
  const [answer, { partitions }] = await Promise.all([coordinator.ask(describeGroupsV5.api, [group], false), positions(wire, destination, signal)]);
  const described = answer.groups[0];
  const members = described?.members.length ?? 0;
  const state = described?.groupState || 'unknown';
  const total = partitions.reduce((sum, { start, end }) => sum + end - start, 0);
  const done = partitions.reduce((sum, { committed, start, end }) => sum + Math.min(committed ?? start, end) - start, 0);
  return { done: state === 'Stable' && members > 0 && done === total, detail: `committed ${done} of ${total}, group ${state} with ${members} members` };
}
