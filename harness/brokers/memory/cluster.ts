// The embedded "cluster": one server process. When it is killed and started again, a new, empty one takes over.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectNodeLogs } from '../../engine/collect-node-logs.ts';
import { ProcessNode } from '../../engine/process/process-node.ts';
import type { StartClusterOptions } from '../../model/broker.ts';
import type { AuditOptions, AuditPositions, Capability, Cluster, ClusterConnection, CollectedLogs, Destination, DestinationArgs, Drained, Health, StoredRecord, Topology } from '../../model/cluster.ts';
import type { Configured } from '../../model/configuration.ts';
import { waitUntil } from '../../model/wait.ts';
import { MemoryConnection } from './connection.ts';
import { frameTypes, type QueueCounts } from './frames.ts';
import { memoryDestination } from './spec.ts';
import { claim, folderPrefix, sweepFolders } from './sweep.ts';

const readyTimeoutMs = 10_000;
const requestTimeoutMs = 3_000;

export class MemoryCluster implements Cluster {
  readonly broker = 'memory';
  readonly version = 'embedded';
  readonly images = [{ node: 'memory-1', reference: 'embedded', id: 'embedded', source: 'embedded' }] as const;
  readonly capabilities: ReadonlySet<Capability> = new Set(['kill', 'stop', 'pause']);
  readonly replicationPort = null;
  readonly configuration: readonly Configured[];
  readonly nodes: readonly [ProcessNode];
  readonly #folder: string;
  readonly #answers = new Map<string, 'on-accept' | 'after-processing'>();
  /** For a process that is forced to end before it disposes of anything. */
  readonly #removeFolder = () => rmSync(this.#folder, { recursive: true, force: true });

  private constructor(options: StartClusterOptions) {
    sweepFolders();
    this.#folder = mkdtempSync(join(tmpdir(), folderPrefix));
    claim(this.#folder);
    process.on('exit', this.#removeFolder);
    const socket = join(this.#folder, 'memory-1.sock');
    const server = fileURLToPath(new URL(`./server${extname(import.meta.url)}`, import.meta.url));
    const command = [process.execPath, server, socket, JSON.stringify(options.spec.defects)];
    this.nodes = [new ProcessNode({ id: 'memory-1', command, endpoint: socket, logFile: join(this.#folder, 'memory-1.log') })];
    this.configuration = Object.entries(options.spec.defects).map(([key, value]) => ({ scope: 'broker', key: `defects.${key}`, value: String(value), source: value === 0 ? 'default' : 'scenario' }));
  }

  static async start(options: StartClusterOptions): Promise<MemoryCluster> {
    const cluster = new MemoryCluster(options);
    try {
      await cluster.heal(options.signal);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async createDestination({ name, settings }: DestinationArgs): Promise<Destination> {
    this.#answers.set(name, memoryDestination.parse(settings).answer);
    return { name, partitions: 1 };
  }

  async deleteDestination({ name }: Destination): Promise<void> {
    this.#answers.delete(name);
  }

  async topology(): Promise<Topology> {
    const [node] = this.nodes;
    const running = (await node.state()).status === 'running';
    const alive = running ? [node.id] : [];
    return { partitions: [{ partition: 0, leader: running ? node.id : null, epoch: null, replicas: [node.id], inSync: alive }], controller: alive[0] ?? null, alive };
  }

  async health(): Promise<Health> {
    const { status } = await this.nodes[0].state();
    return { healthy: status === 'running', detail: `memory-1 is ${status}` };
  }

  async replicasCaughtUp(): Promise<Health> {
    return { healthy: true, detail: 'there are no replicas' };
  }

  async drained(destination: Destination, signal: AbortSignal): Promise<Drained> {
    const { ready, unacknowledged, consumers } = await this.#use(destination, signal, async (connection) =>
      JSON.parse((await connection.request(frameTypes.count, Buffer.alloc(0), requestTimeoutMs)).toString()) as QueueCounts);
    return { done: ready === 0 && unacknowledged === 0 && consumers > 0, detail: `${ready} ready, ${unacknowledged} unacknowledged, ${consumers} consumer${consumers === 1 ? '' : 's'}` };
  }

  async heal(signal: AbortSignal): Promise<null> {
    const [node] = this.nodes;
    await node.unpause();
    if ((await node.state()).status !== 'running') await node.start(signal);
    const probe = async () => {
      (await MemoryConnection.open(node.endpoint, { queue: 'probe', answer: 'on-accept' }, signal)).close();
      return { done: true, value: undefined } as const;
    };
    await waitUntil(probe, { describe: 'memory-1 to answer', timeoutMs: readyTimeoutMs, intervalMs: 20, signal });
    return null;
  }

  async *audit(destination: Destination, { signal }: AuditOptions): AsyncGenerator<StoredRecord> {
    const connection = await MemoryConnection.open(this.nodes[0].endpoint, this.#request(destination), signal);
    try {
      for (let offset = 0; ; offset++) {
        signal.throwIfAborted();
        const answer = await connection.request(frameTypes.fetch, Buffer.alloc(0), requestTimeoutMs);
        if (answer[0] === 0) return;
        yield { partition: 0, offset, payload: answer.subarray(1), redelivered: answer[0] === 2, deadLettered: false };
      }
    } finally {
      connection.close();
    }
  }

  async auditPositions(): Promise<AuditPositions> {
    return { partitions: [] };
  }

  collectLogs(folder: string, signal: AbortSignal): Promise<CollectedLogs> {
    return collectNodeLogs(this.nodes, folder, { stamped: false, signal });
  }

  connection(): ClusterConnection {
    return { broker: 'memory', endpoints: this.nodes.map(({ id, endpoint }) => ({ node: id, host: endpoint, port: 0 })) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
    this.#removeFolder();
    process.off('exit', this.#removeFolder);
  }

  #request({ name }: Destination) {
    return { queue: name, answer: this.#answers.get(name) ?? 'on-accept' } as const;
  }

  async #use<T>(destination: Destination, signal: AbortSignal, use: (connection: MemoryConnection) => Promise<T>): Promise<T> {
    const connection = await MemoryConnection.open(this.nodes[0].endpoint, this.#request(destination), signal);
    try {
      return await use(connection);
    } finally {
      connection.close();
    }
  }
}
