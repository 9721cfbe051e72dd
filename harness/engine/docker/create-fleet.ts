// Nodes of one cluster on one private network of the engine, with their ports and sidecars. Disposing leaves nothing, whatever happened before.
import { randomBytes } from 'node:crypto';
import type Dockerode from 'dockerode';
import type { ClientLink, ImageRecord } from '../../model/cluster.ts';
import type { Fleet, FleetOptions, NetCapability, NodeRequest } from '../../model/engine.ts';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import { bounded } from '../../model/wait.ts';
import { throwFirst } from '../../model/throw-first.ts';
import { createNetwork, type PrivateNetwork } from './create-network.ts';
import { DockerNode } from './docker-node.ts';
import { connectEngine, type Engine, reaperLabels } from './engine-client.ts';
import type { ImageRequest, ResolvedImage } from './images/image-types.ts';
import { resolveImage, type ResolveOptions } from './images/resolve-image.ts';
import { toxiproxyImage } from './images/versions.ts';
import { netTrialCommand, noNetAbility, readNetTrials } from './net-abilities.ts';
import { type Labels, labelNames, ownerLabels } from '../owner.ts';
import { cannotProxy, startProxy } from './proxy/start-proxy.ts';
import { removeContainer } from './remove.ts';
import { type ReservedPorts, reservePorts } from './reserve-ports.ts';
import { Sidecar } from './sidecar.ts';
import { startNode } from './start-node.ts';
import { Disk } from './storage/disk.ts';
import { storageCapability } from './storage/storage-capability.ts';
import { removeLabelled, sweep } from './sweeper.ts';

export type ResolveImage = (docker: Dockerode, request: ImageRequest, options: ResolveOptions) => Promise<Pick<ResolvedImage, 'reference' | 'id' | 'source'>>;

/** How long disposing may take: the part of an interrupted run's 20 s that is the engine's. */
const disposeTimeoutMs = 15_000;

/** @throws LeaderfallError `E_NO_ENGINE`, `E_ENGINE_PERMISSION`, `E_NODE_FAILED` when no network can be made. */
export const createFleet = (options: FleetOptions): Promise<DockerFleet> => createFleetWith({ resolve: resolveImage }, options);

/** For tests that bring images of their own, a machine that cannot make disks, or one that cannot be swept. */
export async function createFleetWith(parts: { readonly resolve: ResolveImage; readonly storage?: typeof storageCapability; readonly sweep?: typeof sweep }, options: FleetOptions): Promise<DockerFleet> {
  const engine = await connectEngine(options.signal);
  // Another fleet's sweep that was interrupted does not interrupt this one.
  await sweepFirst(parts.sweep ?? sweep, options).catch(() => options.signal.throwIfAborted());
  const fleetId = `${options.runId.replaceAll(/[^a-zA-Z0-9_.-]/g, '-').slice(0, 40)}-${randomBytes(3).toString('hex')}`;
  const labels: Labels = {
    ...ownerLabels(options.runId, options.keep),
    ...(options.keep ? {} : await reaperLabels(engine, options.signal)),
    [labelNames.fleet]: fleetId,
  };
  const network = await createNetwork(engine.docker, `leaderfall-${fleetId}`, labels, options.signal);
  return new DockerFleet({ engine, network, fleetId, labels, options, resolve: parts.resolve, storage: parts.storage ?? storageCapability });
}

/** Once a process. What earlier runs left may be in the way of this one, or not: who runs it is told. */
function sweepFirst(sweepAll: typeof sweep, { signal, onProgress }: FleetOptions): Promise<void> {
  firstSweep ??= sweepAll(signal).then(() => {}, (error: unknown) => {
    signal.throwIfAborted();
    onProgress(`not all that earlier runs left could be removed: ${describeError(error)}`);
  });
  return firstSweep;
}
let firstSweep: Promise<void> | undefined;

interface Place {
  readonly request: NodeRequest;
  readonly image: Awaited<ReturnType<ResolveImage>>;
  /** In the cluster's network. */
  readonly address: string;
}

interface FleetParts {
  readonly engine: Engine;
  readonly network: PrivateNetwork;
  readonly fleetId: string;
  readonly labels: Labels;
  readonly options: FleetOptions;
  readonly resolve: ResolveImage;
  readonly storage: typeof storageCapability;
}

export class DockerFleet implements Fleet {
  readonly #parts: FleetParts;
  readonly #nodes: DockerNode[] = [];
  readonly #sidecars: Sidecar[] = [];
  readonly #images: ImageRecord[] = [];
  readonly #ports: ReservedPorts[] = [];
  readonly #disks: Disk[] = [];
  readonly #pending = new Set<Promise<unknown>>();
  readonly #ended = new AbortController();
  #addresses = 0;
  #proxies = 0;
  #nettools: Promise<string> | undefined;
  #capability: Promise<NetCapability> | undefined;
  #disposal: Promise<void> | undefined;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** Where published ports are reached from here: what a broker must advertise. */
  get host(): string {
    return this.#parts.engine.host;
  }

  get images(): readonly ImageRecord[] {
    return this.#images;
  }

  get subnet(): string {
    return this.#parts.network.subnet;
  }

  async reservePorts(count: number): Promise<readonly number[]> {
    const reserved = await reservePorts(count);
    this.#ports.push(reserved);
    return reserved.ports;
  }

  async startNodes(requests: readonly NodeRequest[], signal: AbortSignal): Promise<readonly DockerNode[]> {
    const either = AbortSignal.any([signal, this.#ended.signal]);
    either.throwIfAborted();
    const images = await this.#resolveAll(requests, either);
    const places = requests.map((request, index) => ({ request, image: images[index]!, address: this.#parts.network.addressOf(this.#addresses++) }));
    const links = await this.#track(this.#startProxy(places, either));
    const starts = places.map((place) => this.#startOne(place, links.get(place.request.id) ?? null, either));
    const settled = await this.#track(Promise.allSettled(starts));
    const started = settled.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const failed = settled.find((start) => start.status === 'rejected');
    // Of nodes that were started together, all run or none is left.
    if (failed) await Promise.all(started.map(({ node }) => this.#removeNode(node)));
    if (failed) throw failed.reason;
    for (const [index, { node, sidecar }] of started.entries()) {
      const { reference, id, source } = images[index]!;
      this.#nodes.push(node);
      this.#sidecars.push(sidecar);
      this.#images.push({ node: node.id, reference, id, source });
    }
    return started.map(({ node }) => node);
  }

  /** Makes every node's sidecar, so that a network fault takes milliseconds. */
  async prepareSidecars(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.prepareSidecar(signal)));
  }

  /** Tries it for real, once, after nodes were started. Leaves the sidecars ready for use. */
  netCapability(signal: AbortSignal): Promise<NetCapability> {
    if (this.#nodes.length === 0) return this.#tryNetwork(signal);
    this.#capability ??= this.#tryNetwork(signal).catch((error: unknown) => {
      this.#capability = undefined;
      throw error;
    });
    return this.#capability;
  }

  /** Removes sidecars, nodes with their volumes, and the network, and looks that they are gone; bounded by 15 s. Idempotent. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= bounded(this.#dispose(), `removing the nodes of ${this.#parts.fleetId}`, disposeTimeoutMs);
    return this.#disposal;
  }

  async #resolveAll(requests: readonly NodeRequest[], signal: AbortSignal): Promise<readonly Awaited<ReturnType<ResolveImage>>[]> {
    const byKey = new Map<string, ReturnType<ResolveImage>>();
    const resolved: Awaited<ReturnType<ResolveImage>>[] = [];
    for (const { image } of requests) {
      const key = `${image.name} ${image.version}`;
      if (!byKey.has(key)) byKey.set(key, this.#resolve(image, signal));
      resolved.push(await byKey.get(key)!);
    }
    return resolved;
  }

  #resolve(image: ImageRequest, signal: AbortSignal): ReturnType<ResolveImage> {
    const onProgress: ResolveOptions['onProgress'] = ({ image: name, step }) => this.#parts.options.onProgress(`${name}: ${step}`);
    return this.#parts.resolve(this.#parts.engine.docker, image, { signal, onProgress });
  }

  async #startOne({ request, image, address }: Place, clientLink: ClientLink | null, signal: AbortSignal): Promise<{ readonly node: DockerNode; readonly sidecar: Sidecar }> {
    const { engine, network, fleetId, options } = this.#parts;
    const labels = { ...this.#parts.labels, [labelNames.node]: request.id, [labelNames.role]: 'node' };
    const containerName = `leaderfall-${fleetId}-${request.id}`;
    const disk = await this.#makeDisk(request, signal);
    const dataFolder = disk?.data ?? null;
    const container = await startNode({ engine, request, image: image.reference, containerName, networkName: network.name, address, labels, keep: options.keep, dataFolder, signal });
    const sidecar = new Sidecar({
      docker: engine.docker, node: container, nodeId: request.id, namePrefix: containerName,
      labels: { ...labels, [labelNames.role]: 'sidecar' },
      image: (sidecarSignal) => this.#nettoolsImage(sidecarSignal),
    });
    const node = new DockerNode({
      docker: engine.docker, container, sidecar, disk, clientLink, id: request.id, address, endpoint: `${engine.host}:${request.hostPort}`,
      directEndpoint: `${engine.host}:${request.proxied?.directPort ?? request.hostPort}`, fleetSignal: this.#ended.signal,
    });
    return { node, sidecar };
  }

  /** Before the nodes, which advertise its ports. One for all that ask for it. */
  async #startProxy(places: readonly Place[], signal: AbortSignal): Promise<ReadonlyMap<string, ClientLink>> {
    const nodes = places.filter(({ request }) => request.proxied !== undefined);
    if (nodes.length === 0) return new Map();
    const { engine, network, fleetId, labels } = this.#parts;
    const { reference } = await this.#resolve(toxiproxyImage, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw cannotProxy(describeError(error), error);
    });
    const [apiPort] = await this.reservePorts(1);
    this.#proxies += 1;
    return await startProxy({
      engine, image: reference, containerName: `leaderfall-${fleetId}-proxy-${this.#proxies}`, labels: { ...labels, [labelNames.role]: 'proxy' },
      networkName: network.name, address: network.addressOf(this.#addresses++), apiPort: apiPort!, nodes, signal,
    });
  }

  async #removeNode(node: DockerNode): Promise<void> {
    await removeContainer(this.#parts.engine.docker.getContainer(node.containerId), AbortSignal.timeout(disposeTimeoutMs)).catch(() => {});
  }

  async #makeDisk({ id, disk }: NodeRequest, signal: AbortSignal): Promise<Disk | null> {
    if (disk === undefined) return null;
    const { ok, reason } = await this.#parts.storage(this.#parts.engine.isLocal);
    if (!ok) throw new LeaderfallError('E_CAPABILITY', `not runnable here: ${id} cannot have a disk of its own (${reason})`, { hint: 'Run as root on the machine of the engine, with e2fsprogs and xfsprogs.' });
    signal.throwIfAborted();
    const made = await Disk.create({ name: `${this.#parts.fleetId}-${id}`, sizeMiB: disk.sizeMiB, userId: disk.userId, groupId: disk.groupId, keep: this.#parts.options.keep });
    this.#disks.push(made);
    return made;
  }

  #nettoolsImage(signal: AbortSignal): Promise<string> {
    this.#nettools ??= this.#resolve({ name: 'nettools', version: '1' }, signal).then(({ reference }) => reference).catch((error: unknown) => {
      this.#nettools = undefined;
      throw error;
    });
    return this.#nettools;
  }

  async #tryNetwork(signal: AbortSignal): Promise<NetCapability> {
    const node = this.#nodes[0];
    if (!node) return noNetAbility('no node was started yet');
    try {
      await this.prepareSidecars(signal);
      return readNetTrials((await node.netExec(netTrialCommand, { timeoutMs: 10_000, signal })).output);
    } catch (error) {
      signal.throwIfAborted();
      return noNetAbility(describeError(error));
    }
  }

  /** Remembers work that must have ended before disposing looks for what to remove. */
  #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
    return tracked;
  }

  async #dispose(): Promise<void> {
    const { engine, fleetId, options } = this.#parts;
    this.#ended.abort(new LeaderfallError('E_INTERRUPTED', `The nodes of ${fleetId} are being removed.`));
    await Promise.allSettled([...this.#pending, ...this.#sidecars.map((sidecar) => sidecar.close())]);
    const fleetLabel = `${labelNames.fleet}=${fleetId}`;
    const doomed = options.keep ? [fleetLabel, `${labelNames.role}=sidecar`] : [fleetLabel];
    // In this order, for nodes use the others; what will not go does not keep the rest.
    const nodes = await Promise.allSettled([removeLabelled(engine.docker, doomed, AbortSignal.timeout(disposeTimeoutMs))]);
    const disks = await Promise.allSettled(options.keep ? [] : this.#disks.map((disk) => disk[Symbol.asyncDispose]()));
    const ports = await Promise.allSettled(this.#ports.map((reserved) => reserved[Symbol.asyncDispose]()));
    throwFirst([...nodes, ...disks, ...ports]);
  }
}
