// A Kafka cluster in KRaft mode, each node both broker and controller: started on a fleet, watched and read over the
// protocol alone, for admin tools are JVMs and would compete with the brokers for the same cores.
import { randomBytes } from 'node:crypto';
import { collectNodeLogs } from '../../engine/collect-node-logs.ts';
import { createFleet } from '../../engine/docker/create-fleet.ts';
import { offerOf } from '../../engine/offer.ts';
import type { StartClusterOptions } from '../../model/broker.ts';
import type {
  AuditOptions, AuditPositions, Capability, Cluster, ClusterConnection, CollectedLogs, Destination, DestinationArgs, Drained, Health, ImageRecord, Leadership, Node, NodeId, StoredRecord, Topology,
} from '../../model/cluster.ts';
import type { Configured } from '../../model/configuration.ts';
import type { Fleet, NetCapability, NodeRequest } from '../../model/engine.ts';
import type { ClusterSpec } from '../../model/scenario.ts';
import { waitUntil } from '../../model/wait.ts';
import { readTwice } from './audit-twice.ts';
import { readTopicWithKafkajs } from './audit-with-kafkajs.ts';
import { readTopic } from './audit.ts';
import { reviveNode, waitUntilReady } from './boot.ts';
import { checkSettings } from './check-settings.ts';
import { createTopic, deleteTopic } from './destination.ts';
import { toEnvironment } from './environment.ts';
import { switchFeatures } from './features.ts';
import { nodeName } from './node-ids.ts';
import { KafkaLeadership } from './leadership.ts';
import { coordinatorOf, groupDrained, positions, replicasCaughtUp } from './positions.ts';
import { dataDirectory, directPort, effectiveSettings, externalPort, internalPort, type Advertised, type EffectiveSettings } from './settings.ts';
import { TopologyReader } from './topology.ts';
import { linkQuestion } from './wire/question.ts';
import { Wire } from './wire/wire.ts';
import type { Endpoint } from './wire/link.ts';

const memoryMiB = 1024;
/** The official image's `appuser`, whom the built image copies. Log segments grow as they are written, so this is room enough for any scenario. */
const disk = { path: dataDirectory, sizeMiB: 512, userId: 1000, groupId: 1000 } as const;
const heap = '-Xms128m -Xmx384m';
/** The phase's own bound ends it earlier; this only keeps a heal without one from waiting for ever. */
const healWithinMs = 120_000;

/** Starts the nodes and waits until they are a cluster. @throws `E_BROKER_SETTING`, `E_NODE_FAILED`, `E_NOT_READY` and what the fleet throws. */
export async function startKafkaCluster(options: StartClusterOptions): Promise<Cluster> {
  const { spec, runId, keep, signal, onProgress } = options;
  const fleet = await createFleet({ runId, keep, signal, onProgress });
  try {
    const ports = await fleet.reservePorts(spec.nodes);
    const directPorts = spec.equipment?.includes('proxy') ? { directPorts: await fleet.reservePorts(spec.nodes) } : {};
    const advertised: Advertised = { host: fleet.host, ports, ...directPorts };
    const settings = effectiveSettings(spec, advertised);
    for (const line of settings.overrides) onProgress(line);
    const nodes = await fleet.startNodes(nodeRequests(settings, spec, advertised), signal);
    return await becomeCluster({ fleet, nodes, settings, options });
  } catch (error) {
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
}

function nodeRequests(settings: EffectiveSettings, { version, equipment = [] }: ClusterSpec, { ports, directPorts }: Advertised): readonly NodeRequest[] {
  const clusterId = newClusterId();
  return settings.nodes.map(({ index, settings: own }) => {
    const { env, files } = toEnvironment(own);
    return {
      id: nodeName(index),
      image: { name: 'kafka', version },
      env: { ...env, CLUSTER_ID: clusterId, KAFKA_HEAP_OPTS: heap },
      files,
      clientPort: externalPort,
      hostPort: ports[index - 1] ?? 0,
      memoryMiB,
      ...(equipment.includes('disk') ? { disk } : {}),
      ...(directPorts === undefined ? {} : { proxied: { directPort: directPorts[index - 1] ?? 0, directContainerPort: directPort, question: linkQuestion } }),
    };
  });
}

/** Sixteen bytes in base64url. The first bit is cleared, because an id that begins with `-` reads as an option of kafka-storage. */
function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}

interface Started {
  readonly fleet: Fleet;
  readonly nodes: readonly Node[];
  readonly settings: EffectiveSettings;
  readonly options: StartClusterOptions;
}

async function becomeCluster(started: Started): Promise<Cluster> {
  const { fleet, nodes, settings, options } = started;
  const wire = new Wire(nodes.map((node) => endpointAt(node, node.directEndpoint ?? node.endpoint)));
  try {
    const topology = new TopologyReader(wire);
    const [network] = await Promise.all([fleet.netCapability(options.signal), waitUntilReady(nodes, topology, options.signal)]);
    const [first] = nodes;
    if (first !== undefined) await checkSettings(wire, first, settings.userKeys);
    const features = await switchFeatures(wire, options.spec, options.signal);
    const version = first === undefined ? options.spec.version : await exactVersion(first, options.spec.version);
    return new KafkaCluster({ fleet, nodes, wire, topology, version, configuration: [...settings.configuration, ...features], network });
  } catch (error) {
    await wire[Symbol.asyncDispose]();
    throw error;
  }
}

function endpointAt({ id }: Node, endpoint: string): Endpoint {
  const separator = endpoint.lastIndexOf(':');
  return { node: id, host: endpoint.slice(0, separator), port: Number(endpoint.slice(separator + 1)) };
}

/** The broker prints it at start. */
async function exactVersion(node: Node, asked: string): Promise<string> {
  return /Kafka version: (\d+\.\d+\.\d+\S*)/.exec(await node.lastLogLines(1000))?.[1] ?? asked;
}


interface Parts {
  readonly fleet: Fleet;
  readonly nodes: readonly Node[];
  readonly wire: Wire;
  readonly topology: TopologyReader;
  readonly version: string;
  readonly configuration: readonly Configured[];
  readonly network: NetCapability;
}

class KafkaCluster implements Cluster {
  readonly broker = 'kafka';
  readonly version: string;
  readonly nodes: readonly Node[];
  readonly images: readonly ImageRecord[];
  readonly capabilities: ReadonlySet<Capability>;
  readonly lacking: NonNullable<Cluster['lacking']>;
  readonly replicationPort: number | null;
  readonly configuration: readonly Configured[];
  readonly leadership: Leadership;
  readonly #fleet: Fleet;
  readonly #wire: Wire;
  readonly #topology: TopologyReader;

  constructor(parts: Parts) {
    this.version = parts.version;
    this.nodes = parts.nodes;
    this.images = parts.fleet.images;
    this.configuration = parts.configuration;
    const { capabilities, lacking } = offerOf(parts.nodes, parts.network);
    const replication = capabilities.includes('node-links') ? (['replication-cut'] as const) : [];
    this.capabilities = new Set<Capability>(['leadership', ...capabilities, ...replication]);
    this.lacking = { ...lacking, ...(lacking['node-links'] === undefined ? {} : { 'replication-cut': lacking['node-links'] }) };
    this.replicationPort = parts.nodes.length > 1 ? internalPort : null;
    this.leadership = new KafkaLeadership(parts.wire);
    this.#fleet = parts.fleet;
    this.#wire = parts.wire;
    this.#topology = parts.topology;
  }

  createDestination(args: DestinationArgs, signal: AbortSignal): Promise<Destination> {
    return createTopic(this.#wire, this.#topology, args, signal);
  }

  deleteDestination(destination: Destination, signal: AbortSignal): Promise<void> {
    return deleteTopic(this.#wire, destination, signal);
  }

  topology(destination: Destination, signal: AbortSignal): Promise<Topology> {
    return this.#topology.read(destination.name, signal);
  }

  /** null while the group's coordinator loads or moves. */
  async coordinator({ group }: Destination, signal: AbortSignal): Promise<NodeId | null> {
    if (group === undefined) return null;
    try {
      return (await coordinatorOf(this.#wire, group, signal)).node;
    } catch {
      signal.throwIfAborted();
      return null;
    }
  }

  health(destination: Destination | null, signal: AbortSignal): Promise<Health> {
    return this.#topology.health(destination?.name ?? null, signal);
  }

  replicasCaughtUp(destination: Destination, signal: AbortSignal): Promise<Health> {
    return replicasCaughtUp(this.#wire, destination.name, signal);
  }

  drained(destination: Destination, signal: AbortSignal): Promise<Drained> {
    return groupDrained(this.#wire, destination, signal);
  }

  /** Returns once every node runs, answers and sees all others; replicas may still be catching up. */
  async heal(signal: AbortSignal): Promise<null> {
    return await waitUntil(async () => {
      await Promise.all(this.nodes.map((node) => reviveNode(node, signal)));
      const absent = await this.#topology.absentNodes();
      return absent.length === 0 ? { done: true, value: null } : { done: false, seen: absent.join('; ') };
    }, { describe: 'all brokers to be back', timeoutMs: healWithinMs, signal, intervalMs: 200 });
  }

  async *audit(destination: Destination, { subjects, signal }: AuditOptions): AsyncGenerator<StoredRecord> {
    const positions = await this.auditPositions(destination, signal);
    // A library that is under test has no say in what the log holds; where both are, they must say the same.
    const [wire, kafkajs] = [() => readTopic(this.#wire, destination.name, positions, signal), () => readTopicWithKafkajs(this.#wire.endpoints, destination.name, positions, signal)];
    if (!subjects.includes('platformatic')) yield* wire();
    else if (!subjects.includes('kafkajs')) yield* kafkajs();
    else yield* readTwice(kafkajs(), wire());
  }

  /** Asks again while leaders or the group's coordinator move. @throws LeaderfallError `E_TIMEOUT`. */
  auditPositions(destination: Destination, signal: AbortSignal): Promise<AuditPositions> {
    return waitUntil(async () => ({ done: true, value: await positions(this.#wire, destination, signal) }), {
      describe: `the offsets of ${destination.name}`, timeoutMs: 30_000, signal, intervalMs: 200,
    });
  }

  /** Without the engine's stamps: the broker's own lines have theirs, and a stack trace stays with the line that it belongs to. */
  collectLogs(folder: string, signal: AbortSignal): Promise<CollectedLogs> {
    return collectNodeLogs(this.nodes, folder, { stamped: false, signal });
  }

  connection(): ClusterConnection {
    return { broker: 'kafka', endpoints: this.nodes.map((node) => endpointAt(node, node.endpoint)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wire[Symbol.asyncDispose]();
    await this.#fleet[Symbol.asyncDispose]();
  }
}
