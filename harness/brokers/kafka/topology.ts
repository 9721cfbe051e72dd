// Who leads, who is in sync, who is alive: the cluster's own view, cheap enough to poll and usable while nodes are dead.
import { metadataV12 } from '@platformatic/kafka';
import type { Health, NodeId, PartitionTopology, Topology } from '../../model/cluster.ts';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import { nodeName } from './node-ids.ts';
import { QuorumWatch } from './quorum.ts';
import { codeName, codes } from './wire/codes.ts';
import type { Link } from './wire/link.ts';
import type { Wire } from './wire/wire.ts';

type Metadata = Awaited<ReturnType<typeof metadataV12.api.async>>;
type MetadataTopic = Metadata['topics'][number];

const offsetsTopic = '__consumer_offsets';

export const metadataOf = (link: Link, topics: readonly string[] | null): Promise<Metadata> =>
  link.ask(metadataV12.api, topics === null ? null : [...topics], false, false);

export class TopologyReader {
  readonly #wire: Wire;
  readonly #quorum: QuorumWatch;
  /** Highest leader epoch seen, by topic and partition: an answer below it comes from a node that slept. */
  readonly #epochs = new Map<string, number>();

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#quorum = new QuorumWatch(wire);
  }

  async read(topic: string, signal: AbortSignal): Promise<Topology> {
    const [metadata, controller] = await Promise.all([
      this.#wire.any('topology', `tell the leaders of ${topic}`, signal, async (link) => this.#current(topic, await metadataOf(link, [topic]))),
      this.#quorum.leader(signal),
    ]);
    return { partitions: partitionsOf(metadata, topic), controller, alive: aliveIn(metadata) };
  }

  /** @throws when the answer is older than one that was seen before, so that the next node is asked. */
  #current(topic: string, metadata: Metadata): Metadata {
    const found = metadata.topics.find(({ name }) => name === topic);
    if (found === undefined || found.errorCode !== codes.none) throw new LeaderfallError('E_TIMEOUT', `${topic} is not known there: ${codeName(found?.errorCode ?? codes.unknownTopic)}`);
    for (const { partitionIndex, leaderEpoch } of found.partitions) {
      const key = `${topic}/${partitionIndex}`;
      const seen = this.#epochs.get(key) ?? -1;
      if (leaderEpoch < seen) throw new LeaderfallError('E_TIMEOUT', `stale answer: epoch ${leaderEpoch} of ${key} after ${seen}`);
      this.#epochs.set(key, leaderEpoch);
    }
    return metadata;
  }

  /** Each node must answer by itself and see all others; with a topic, that one and the groups' own, else all topics must be whole. */
  async health(topic: string | null, signal: AbortSignal): Promise<Health> {
    const topics = topic === null ? null : [topic, offsetsTopic];
    const missing = await Promise.all(this.#wire.endpoints.map(({ node }) => this.#missingAt(node, topics, topic)));
    const controller = await this.#quorum.leader(signal);
    const words = [...new Set([...missing.flat(), ...(controller === null ? ['no controller is known'] : [])])];
    return { healthy: words.length === 0, detail: words.length === 0 ? 'all nodes answer, leaders known, all replicas in sync' : words.join('; ') };
  }

  /** Nodes that do not answer, or whom an answering one does not see. Replicas are not looked at. */
  async absentNodes(): Promise<readonly string[]> {
    const missing = await Promise.all(this.#wire.endpoints.map(({ node }) => this.#missingAt(node, [], null)));
    return [...new Set(missing.flat())];
  }

  async #missingAt(node: NodeId, topics: readonly string[] | null, required: string | null): Promise<readonly string[]> {
    let metadata: Metadata;
    try {
      metadata = await metadataOf(this.#wire.link(node, 'health'), topics);
    } catch (error) {
      return [`${node} does not answer (${describeError(error)})`];
    }
    const alive = aliveIn(metadata);
    const unseen = this.#wire.endpoints.filter((other) => !alive.includes(other.node)).map((other) => `${node} does not see ${other.node}`);
    const absent = required !== null && !metadata.topics.some(({ name, errorCode }) => name === required && errorCode === codes.none);
    return [...unseen, ...(absent ? [`${node} does not know ${required}`] : []), ...metadata.topics.flatMap(missingIn)];
  }
}

export function partitionsOf(metadata: Metadata, topic: string): readonly PartitionTopology[] {
  const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? [];
  return partitions
    .map(({ partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes }) => ({
      partition: partitionIndex,
      leader: leaderId < 0 ? null : nodeName(leaderId),
      epoch: leaderEpoch < 0 ? null : leaderEpoch,
      replicas: replicaNodes.map(nodeName),
      inSync: isrNodes.map(nodeName),
    }))
    .sort((left, right) => left.partition - right.partition);
}

const aliveIn = (metadata: Metadata): readonly NodeId[] => metadata.brokers.map(({ nodeId }) => nodeName(nodeId)).sort();

function missingIn(topic: MetadataTopic): readonly string[] {
  return topic.partitions.flatMap(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => {
    const place = `${topic.name}/${partitionIndex}`;
    const leaderless = leaderId < 0 ? [`${place} has no leader`] : [];
    const behind = replicaNodes.filter((replica) => !isrNodes.includes(replica)).map((replica) => `${nodeName(replica)} not in sync for ${place}`);
    return [...leaderless, ...behind];
  });
}
