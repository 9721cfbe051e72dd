// One Toxiproxy for the nodes of a cluster, each with proxies of its own on the host ports that its broker advertises.
import type Dockerode from 'dockerode';
import type { ClientLink } from '../../../model/cluster.ts';
import type { NodeRequest, ProxyRequest } from '../../../model/engine.ts';
import { describeError, LeaderfallError } from '../../../model/errors.ts';
import { waitUntil } from '../../../model/wait.ts';
import { engineCall } from '../engine-call.ts';
import type { Engine } from '../engine-client.ts';
import type { Labels } from '../../owner.ts';
import { removeContainer } from '../remove.ts';
import { joinLinks } from './join-links.ts';
import { ProxiedLink } from './proxied-link.ts';
import { ToxiproxyApi } from './toxiproxy-api.ts';

export interface ProxyStart {
  readonly engine: Engine;
  readonly image: string;
  readonly containerName: string;
  readonly labels: Labels;
  readonly networkName: string;
  /** Of the proxy in that network. */
  readonly address: string;
  /** Host port of its administration. */
  readonly apiPort: number;
  /** The nodes that asked for a proxy, with their addresses in the network. */
  readonly nodes: readonly { readonly request: NodeRequest; readonly address: string }[];
  readonly signal: AbortSignal;
}

/**
 * `host`: it listens on this machine itself, so that a refused or reset connection reaches the client as what it is. `published`: in the
 * cluster's network, behind the engine's port forwarding, which turns a reset into an ordinary end; for engines whose host is elsewhere.
 */
type Place = 'host' | 'published';

const readyMs = 5_000;
const removeMs = 15_000;

/** @returns the clients' ways to each of the nodes, as one, by the nodes' ids. @throws LeaderfallError `E_CAPABILITY` with the reason; the signal's reason when aborted. */
export async function startProxy(start: ProxyStart): Promise<ReadonlyMap<string, ClientLink>> {
  const places: readonly Place[] = process.platform === 'linux' && start.engine.isLocal ? ['host', 'published'] : ['published'];
  const reasons: string[] = [];
  for (const place of places) {
    try {
      return await startAt(place, start);
    } catch (error) {
      start.signal.throwIfAborted();
      reasons.push(`${place}: ${describeError(error)}`);
    }
  }
  throw cannotProxy(reasons.join('; '));
}

/** The one form of "this machine cannot": also where the image is not to be had. */
export function cannotProxy(reason: string, cause?: unknown): LeaderfallError {
  return new LeaderfallError('E_CAPABILITY', `not runnable here: clients cannot be led through a proxy (${reason})`, { hint: 'Run `leaderfall doctor --fix`: it gets the image of Toxiproxy.', cause });
}

async function startAt(place: Place, start: ProxyStart): Promise<ReadonlyMap<string, ClientLink>> {
  const { engine, nodes, apiPort, signal } = start;
  const container = await engineCall({ describe: 'make the proxy', signal }, (abortSignal) => engine.docker.createContainer({ ...createOptions(place, start), abortSignal }));
  try {
    await engineCall({ describe: 'start the proxy', signal }, (abortSignal) => container.start({ abortSignal }));
    const api = new ToxiproxyApi(`${engine.host}:${apiPort}`);
    await waitUntil(async () => ({ done: true, value: await api.version(signal) }), { describe: 'Toxiproxy to answer', timeoutMs: readyMs, intervalMs: 50, signal });
    const links = await Promise.all(nodes.map(async (node) => {
      const ways = await Promise.all(waysOf(node.request).map((way) => link(place, api, engine, { ...way, address: node.address }, signal)));
      return [node.request.id, joinLinks(ways)] as const;
    }));
    return new Map(links);
  } catch (error) {
    await removeContainer(container, AbortSignal.timeout(removeMs)).catch(() => {});
    throw error;
  }
}

/** One port of a node that clients use. */
interface Way {
  /** Of its proxy: the node's id, and the port where there are several. */
  readonly name: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly proxied: ProxyRequest;
}

function waysOf({ id, hostPort, clientPort, proxied, morePorts = [] }: NodeRequest): readonly Way[] {
  const more = morePorts.flatMap((port): readonly Way[] => (port.proxied === undefined ? [] : [{ ...port, proxied: port.proxied, name: `${id}-${port.containerPort}` }]));
  return [...(proxied === undefined ? [] : [{ name: id, hostPort, containerPort: clientPort, proxied }]), ...more];
}

async function link(place: Place, api: ToxiproxyApi, engine: Engine, { name, hostPort, containerPort, proxied, address }: Way & { readonly address: string }, signal: AbortSignal): Promise<ProxiedLink> {
  await api.create(name, `${listenOn(place, engine)}:${hostPort}`, `${address}:${containerPort}`, signal);
  return new ProxiedLink({ api, name, through: `${engine.host}:${hostPort}`, direct: `${engine.host}:${proxied.directPort}`, question: proxied.question, tellsResets: place === 'host' });
}

const listenOn = (place: Place, engine: Engine): string => (place === 'host' ? engine.publishOn : '0.0.0.0');

function createOptions(place: Place, { engine, image, containerName, labels, networkName, address, apiPort, nodes }: ProxyStart): Dockerode.ContainerCreateOptions {
  const ports = [apiPort, ...nodes.flatMap(({ request }) => waysOf(request).map(({ hostPort }) => hostPort))];
  const published = {
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    NetworkingConfig: { EndpointsConfig: { [networkName]: { IPAMConfig: { IPv4Address: address } } } },
    HostConfig: {
      NetworkMode: networkName,
      PortBindings: Object.fromEntries(ports.map((port) => [`${port}/tcp`, [{ HostIp: engine.publishOn, HostPort: String(port) }]])),
    },
  };
  const { HostConfig: hostConfig, ...rest } = place === 'host' ? { HostConfig: { NetworkMode: 'host' } } : published;
  return {
    name: containerName,
    Image: image,
    Labels: { ...labels },
    Cmd: [`-host=${listenOn(place, engine)}`, `-port=${apiPort}`],
    Env: ['LOG_LEVEL=warn'],
    ...rest,
    HostConfig: { ...hostConfig, Memory: 256 * 1024 * 1024 },
  };
}
