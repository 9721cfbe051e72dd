// A running RabbitMQ cluster: its queues, its own view of itself, its healing and its audit. Asks over the management API and AMQP.
import type { Connection } from 'rabbitmq-client';
import { collectNodeLogs } from '../../engine/collect-node-logs.ts';
import { offerOf } from '../../engine/offer.ts';
import type {
  AuditOptions, AuditPositions, Capability, Cluster, ClusterConnection, CollectedLogs, Destination, DestinationArgs, Drained, Health, ImageRecord, Leadership, Node, NodeId,
  StoredRecord, Topology,
} from '../../model/cluster.ts';
import type { Configured } from '../../model/configuration.ts';
import type { Fleet, NetCapability } from '../../model/engine.ts';
import { describeError, invariant, LeaderfallError } from '../../model/errors.ts';
import { bounded, waitUntil } from '../../model/wait.ts';
import { managementPort } from './configuration/broker-configuration.ts';
import { closeConnection, openConnection, passiveCounts } from './admin-connection.ts';
import { amqplibSubscriber } from './clients/amqplib/subscriber.ts';
import { rabbitmqClientSubscriber } from './clients/rabbitmq-client/subscriber.ts';
import { answersAmqp } from './amqp-probe.ts';
import { AskAll } from './ask-all.ts';
import { auditQueue } from './audit.ts';
import { auditStream } from './audit-stream.ts';
import { reunite } from './autoheal.ts';
import type { Subscriber } from './clients/subscription.ts';
import { type DeclaredQueue, declareQueue, deleteQueue, queueName } from './destination.ts';
import { type ExactCounts, exactCounts } from './exact-counts.ts';
import { healNodes } from './heal.ts';
import { erlangName, homeIndex } from './home-node.ts';
import { RabbitmqLeadership } from './leadership.ts';
import { ManagementApi } from './management-api.ts';
import { copiesOf, judgeMirrors } from './mirrors.ts';
import { askMembers, judgeMembers, termOf } from './quorum-members.ts';
import { parseDestination } from './policy.ts';
import { judgeReaders, judgeStream, positionsOf, streamStatus } from './stream-status.ts';
import { Strangers } from './strangers.ts';
import { combineTopology } from './topology.ts';

export interface RabbitmqClusterParts {
  readonly fleet: Fleet;
  readonly nodes: readonly Node[];
  /** Host ports of the management API. */
  readonly apiPorts: ReadonlyMap<NodeId, number>;
  /** Host ports of the stream protocol; null: the nodes do not speak it. */
  readonly streamPorts: ReadonlyMap<NodeId, number> | null;
  readonly version: string;
  readonly configured: readonly Configured[];
  readonly network: NetCapability;
  readonly onProgress: (message: string) => void;
}

const termTimeoutMs = 1_000;
const termMomentMs = 50;
const readyQueueTimeoutMs = 30_000;

export class RabbitmqCluster implements Cluster {
  readonly broker = 'rabbitmq';
  readonly capabilities: ReadonlySet<Capability>;
  readonly lacking: NonNullable<Cluster['lacking']>;
  readonly replicationPort = null;
  readonly version: string;
  readonly nodes: readonly Node[];
  readonly configuration: readonly Configured[];
  readonly leadership: Leadership;
  readonly #parts: RabbitmqClusterParts;
  readonly #apis: readonly ManagementApi[];
  readonly #askAll: AskAll;
  readonly #queues = new Map<string, DeclaredQueue>();
  /** As last seen: a queue's members change only when somebody changes them. */
  readonly #replicas = new Map<string, readonly NodeId[]>();
  readonly #terms = new Map<string, { readonly leader: NodeId; readonly term: number | null }>();
  readonly #connections = new Map<string, Connection>();

  constructor(parts: RabbitmqClusterParts) {
    this.#parts = parts;
    this.version = parts.version;
    this.nodes = parts.nodes;
    this.configuration = parts.configured;
    const { capabilities, lacking } = offerOf(parts.nodes, parts.network);
    this.capabilities = new Set<Capability>(['leadership', ...capabilities]);
    this.lacking = lacking;
    this.#apis = parts.nodes.map((node) => new ManagementApi(node.id, [
      `${hostOf(node.endpoint)}:${parts.apiPorts.get(node.id)!}`, `${node.address}:${managementPort}`,
    ]));
    this.#askAll = new AskAll(parts.nodes, this.#apis);
    this.leadership = new RabbitmqLeadership({ queue: async (destination, signal) => (await this.topology(destination, signal)).partitions[0]!, node: (id) => this.#node(id) });
  }

  get images(): readonly ImageRecord[] {
    return this.#parts.fleet.images;
  }

  async createDestination(args: DestinationArgs, signal: AbortSignal): Promise<Destination> {
    const home = this.nodes[homeIndex(parseDestination(args.settings).home, this.nodes.length)];
    if (home === undefined) throw new LeaderfallError('E_CONTRADICTION', 'destination.home names a node beyond the cluster', { hint: 'Use first.' });
    const places = { home: this.#connectionTo([home]), last: () => this.#connectionTo([this.nodes.at(-1)!]) };
    const declared = await bounded(declareQueue(places, this.#api(home.id), args, { nodes: this.nodes.length, version: this.version }, signal), `declaring ${args.name}`, 15_000);
    const destination = { name: declared.name, partitions: 1 };
    this.#queues.set(declared.name, declared);
    await this.#untilUsable(destination, home, signal);
    return destination;
  }

  async deleteDestination(destination: Destination, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const queue = this.#queueOf(destination);
    await bounded(deleteQueue(this.#admin(), this.#apis, queue, signal), `deleting ${queue.name}`, 10_000);
    this.#queues.delete(queue.name);
    this.#terms.delete(queue.name);
    this.#replicas.delete(queue.name);
  }

  async topology(destination: Destination, signal: AbortSignal): Promise<Topology> {
    const answers = await this.#askAll.queue(destination.name, signal);
    const { type } = this.#queueOf(destination).settings;
    const replicas = this.#replicas.get(destination.name) ?? [];
    const topology = combineTopology(answers, { type, replicas, term: null });
    const { leader, epoch, replicas: seen } = topology.partitions[0]!;
    this.#replicas.set(destination.name, seen);
    if (leader === null || epoch !== null || type !== 'quorum') return topology;
    return combineTopology(answers, { type, replicas, term: await this.#termUnder(leader, destination.name, signal) });
  }

  async health(destination: Destination | null, signal: AbortSignal): Promise<Health> {
    const cluster = await this.#clusterHealth(signal);
    if (destination === null || !cluster.healthy) return cluster;
    return this.#redundant(destination, 'commit', signal);
  }

  async replicasCaughtUp(destination: Destination, signal: AbortSignal): Promise<Health> {
    return this.#redundant(destination, 'end', signal);
  }

  async drained(destination: Destination, signal: AbortSignal): Promise<Drained> {
    const { partitions: [queue], alive } = await this.topology(destination, signal);
    // Asking for a queue without a leader would wait in the broker until it has one.
    if (alive.length === 0) return { done: false, detail: 'no node answers' };
    if (queue !== undefined && queue.replicas.length > 0 && queue.leader === null) return { done: false, detail: `${destination.name} has no leader` };
    if (this.#queueOf(destination).settings.type === 'stream') return this.#streamDrained(destination, signal);
    const counts = await passiveCounts(this.#admin(), destination.name);
    if (counts.kind === 'gone') return { done: true, detail: `${destination.name} is gone: nothing is left to consume` };
    if (counts.kind === 'unavailable') return { done: false, detail: counts.detail };
    const { ready, consumers } = counts;
    if (ready > 0 || consumers === 0) return { done: false, detail: `${ready} ready, ${consumers} consumer${consumers === 1 ? '' : 's'}` };
    try {
      const exact = await this.#exactCounts(destination.name, signal);
      const detail = `${exact.ready} ready, ${exact.unacknowledged} unacknowledged, ${consumers} consumer${consumers === 1 ? '' : 's'}`;
      return { done: exact.ready === 0 && exact.unacknowledged === 0, detail };
    } catch (error) {
      signal.throwIfAborted();
      return { done: false, detail: describeError(error) };
    }
  }

  async heal(signal: AbortSignal): Promise<string | null> {
    const strangers = new Strangers(this.nodes);
    const health = async (): Promise<Health> => {
      const seen = await this.#clusterHealth(signal);
      if (!seen.healthy) await strangers.forget(signal);
      return seen;
    };
    const options = { nodes: this.nodes, health, onProgress: this.#parts.onProgress, signal };
    const autoheals = this.configuration.some(({ key, value }) => key === 'cluster_partition_handling' && value === 'autoheal');
    const reunited = autoheals
      ? await reunite({ ...options, copies: () => this.#allRedundant(signal), trusted: () => this.#leading(signal) })
      : await healNodes(options).then(() => null);
    const byHand = [reunited, await strangers.giveCopies(signal)].filter((done) => done !== null);
    return byHand.length === 0 ? null : byHand.join('; ');
  }

  async *audit(destination: Destination, { subjects, signal }: AuditOptions): AsyncIterable<StoredRecord> {
    const { name: queue, settings, deadLetterQueue } = this.#queueOf(destination);
    const readerOf = subjects.includes('rabbitmq-client') ? amqplibSubscriber : rabbitmqClientSubscriber;
    await using reader = readerOf({ order: endpointsOf(this.nodes, directOf), heartbeatSeconds: 2, name: 'leaderfall audit', options: {} });
    if (settings.type === 'stream') return yield* this.#auditStream(destination, reader, signal);
    yield* auditQueue({ connection: this.#admin(), reader, queue, deadLetterQueue, counts: (name) => this.#exactCounts(name, signal), signal });
  }

  /** Asks again while a stream has no writer: an end that nobody knows must not be taken for a stream without records. @throws LeaderfallError `E_TIMEOUT`. */
  async auditPositions(destination: Destination, signal: AbortSignal): Promise<AuditPositions> {
    if (this.#queueOf(destination).settings.type !== 'stream') return { partitions: [] };
    return waitUntil(async () => {
      const positions = positionsOf(await streamStatus(await this.#runningNode(signal), destination.name, signal));
      return positions === null ? { done: false, seen: 'no writer' } : { done: true, value: positions };
    }, { describe: `the ends of ${destination.name}`, timeoutMs: readyQueueTimeoutMs, signal });
  }

  /** With the engine's stamps, for what is printed before the broker logs (a boot that failed) has none of its own. */
  collectLogs(folder: string, signal: AbortSignal): Promise<CollectedLogs> {
    return collectNodeLogs(this.nodes, folder, { stamped: true, signal });
  }

  connection(): ClusterConnection {
    const endpoints = endpointsOf(this.nodes, ({ endpoint }) => endpoint).map((known) => {
      const streamPort = this.#parts.streamPorts?.get(known.node);
      return { ...known, ...(streamPort === undefined ? {} : { streamPort }) };
    });
    return { broker: 'rabbitmq', endpoints };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#connections.values()].map(closeConnection));
    await this.#parts.fleet[Symbol.asyncDispose]();
  }

  /** The term changes only with the leader, so it is asked once for each; a look does not wait for it longer than a moment. */
  async #termUnder(leader: NodeId, queue: string, signal: AbortSignal): Promise<number | null> {
    const known = this.#terms.get(queue);
    if (known?.leader === leader && known.term !== null) return known.term;
    const asked = this.#api(leader).members(queue, { timeoutMs: termTimeoutMs, signal }).then((members) => {
      const term = members === null ? null : termOf(members);
      this.#terms.set(queue, { leader, term });
      return term;
    }, () => null);
    return bounded(asked, 'asking for the term', termMomentMs).catch(() => null);
  }

  /** Whether every replica or mirror holds the queue, by the word of its own kind. */
  async #redundant(destination: Destination, upTo: 'commit' | 'end', signal: AbortSignal): Promise<Health> {
    const { settings } = this.#queueOf(destination);
    const { partitions: [queue] } = await this.topology(destination, signal);
    if (queue === undefined || queue.leader === null) return { healthy: false, detail: `${destination.name} has no leader` };
    const node = this.#node(queue.leader);
    switch (settings.type) {
      case 'classic': return judgeMirrors(queue, copiesOf(settings, this.nodes.length), settings.synchronise === 'automatic');
      case 'stream': return judgeStream(await streamStatus(node, destination.name, signal), queue.replicas, upTo);
      case 'quorum': return judgeMembers(await askMembers(this.#api(node.id), node, destination.name, { timeoutMs: 5_000, signal }), queue.replicas, upTo);
    }
  }

  async #allRedundant(signal: AbortSignal): Promise<Health> {
    const each = await Promise.all([...this.#queues.keys()].map((name) => this.#redundant({ name, partitions: 1 }, 'commit', signal)));
    return each.find(({ healthy }) => !healthy) ?? { healthy: true, detail: 'every queue has its copies' };
  }

  /** A node that leads a queue; the first where there is none. */
  async #leading(signal: AbortSignal): Promise<Node> {
    const topologies = await Promise.all([...this.#queues.keys()].map((name) => this.topology({ name, partitions: 1 }, signal)));
    const leader = topologies.map(({ partitions: [queue] }) => queue?.leader ?? null).find((id) => id !== null);
    return leader === undefined ? this.nodes[0]! : this.#node(leader);
  }

  async #streamDrained(destination: Destination, signal: AbortSignal): Promise<Drained> {
    try {
      return judgeReaders(await streamStatus(await this.#runningNode(signal), destination.name, signal));
    } catch (error) {
      signal.throwIfAborted();
      return { done: false, detail: describeError(error) };
    }
  }

  async *#auditStream(destination: Destination, reader: Subscriber, signal: AbortSignal): AsyncIterable<StoredRecord> {
    for (const { start, end } of (await this.auditPositions(destination, signal)).partitions) {
      yield* auditStream({ reader, queue: destination.name, start, end, signal });
    }
  }

  /** Every node answers clients and counts every node as running. */
  async #clusterHealth(signal: AbortSignal): Promise<Health> {
    const expected = this.nodes.map(({ id }) => erlangName(id));
    const views = await Promise.all(this.#apis.map(async (api, index) => {
      if (!(await answersAmqp(directOf(this.nodes[index]!), 1_000))) return `${api.node} does not answer clients`;
      const running = await api.runningNodes({ timeoutMs: 2_000, signal }).catch((): readonly string[] => []);
      const missing = expected.filter((name) => !running.includes(name));
      return missing.length === 0 ? null : `${api.node} does not see ${missing.join(', ')}`;
    }));
    signal.throwIfAborted();
    const problems = views.filter((view) => view !== null);
    return problems.length === 0
      ? { healthy: true, detail: `${this.nodes.length} nodes run` }
      : { healthy: false, detail: problems.join('; ') };
  }

  /** With all its replicas; mirrors of an empty queue are synchronised whatever the policy says. */
  async #untilUsable(destination: Destination, home: Node, signal: AbortSignal): Promise<void> {
    const { settings } = this.#queueOf(destination);
    const copies = copiesOf(settings, this.nodes.length);
    if (settings.type === 'stream') await this.#learnReplicas(destination, settings.members ?? this.nodes.length, signal);
    await waitUntil(async () => {
      const { healthy, detail } = await this.health(destination, signal);
      if (!healthy || copies === 1) return healthy ? { done: true, value: null } : { done: false, seen: detail };
      const inSync = (await this.topology(destination, signal)).partitions[0]!.inSync;
      return inSync.length >= copies ? { done: true, value: null } : { done: false, seen: `synchronised on ${inSync.join(', ')}` };
    }, { describe: `${destination.name} to be usable on all its nodes`, timeoutMs: readyQueueTimeoutMs, signal, intervalMs: 100 });
    const { partitions: [queue] } = await this.topology(destination, signal);
    if (queue?.leader === home.id) return;
    invariant(settings.type !== 'classic', `the classic queue ${destination.name} is on ${queue?.leader}, not on ${home.id}`);
    this.#parts.onProgress(`${destination.name} was declared on ${home.id}, but ${queue?.leader} leads it`);
  }

  /** The management API of 3.10 does not name a stream's replicas. */
  async #learnReplicas({ name }: Destination, count: number, signal: AbortSignal): Promise<void> {
    const replicas = await waitUntil(async () => {
      const { members } = await streamStatus(await this.#runningNode(signal), name, signal);
      return members.length >= count ? { done: true, value: members.map(({ node }) => node).toSorted() } : { done: false, seen: `${members.length} replicas` };
    }, { describe: `${count} replicas of ${name}`, timeoutMs: readyQueueTimeoutMs, signal, intervalMs: 200 });
    this.#replicas.set(name, replicas);
  }

  async #exactCounts(queue: string, signal: AbortSignal): Promise<ExactCounts> {
    return exactCounts(await this.#runningNode(signal), queue, signal);
  }

  async #runningNode(signal: AbortSignal): Promise<Node> {
    const states = await Promise.all(this.nodes.map((node) => node.state(signal)));
    const running = this.nodes.find((_, index) => states[index]!.status === 'running');
    if (running === undefined) throw new LeaderfallError('E_NODE_FAILED', 'No node runs, so nothing can be counted', { hint: 'Heal the cluster first.' });
    return running;
  }

  #admin(): Connection {
    return this.#connectionTo(this.nodes);
  }

  #connectionTo(nodes: readonly Node[]): Connection {
    const endpoints = nodes.map(directOf);
    const key = endpoints.join();
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const connection = openConnection(endpoints, 'leaderfall harness');
    this.#connections.set(key, connection);
    return connection;
  }

  #queueOf({ name }: Destination): DeclaredQueue {
    const queue = this.#queues.get(queueName(name));
    invariant(queue !== undefined, `no queue ${name} was declared in this cluster`);
    return queue;
  }

  #api(node: NodeId): ManagementApi {
    return this.#apis.find((api) => api.node === node)!;
  }

  #node(id: NodeId): Node {
    return this.nodes.find((node) => node.id === id)!;
  }
}

/** The harness's own questions go around the proxies. */
const directOf = ({ endpoint, directEndpoint }: Node): string => directEndpoint ?? endpoint;

const endpointsOf = (nodes: readonly Node[], endpointOf: (node: Node) => string): ClusterConnection['endpoints'] =>
  nodes.map((node) => ({ node: node.id, host: hostOf(endpointOf(node)), port: Number(endpointOf(node).slice(endpointOf(node).lastIndexOf(':') + 1)) }));

const hostOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'));
