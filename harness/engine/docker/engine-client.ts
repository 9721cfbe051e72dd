// The one connection to the container engine. Finds out what this machine needs before Testcontainers is touched.
import { existsSync } from 'node:fs';
import type Dockerode from 'dockerode';
import { LeaderfallError } from '../../model/errors.ts';
import { describeAddress, type EngineAddress, findEngine, isSiblingOfItsContainers } from './engine-address.ts';
import { engineCall, engineMessage } from './engine-call.ts';

export interface Engine {
  readonly docker: Dockerode;
  /** Where published ports are reached from this process. */
  readonly host: string;
  /** The address on which ports are published: loopback only, where that is enough. */
  readonly publishOn: string;
  /** It runs on this machine's kernel: its socket is a file here. */
  readonly isLocal: boolean;
  /** `unix:///var/run/docker.sock`. */
  readonly address: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/**
 * Connects once in a process; later calls return the same engine.
 * @throws LeaderfallError `E_NO_ENGINE`, `E_ENGINE_PERMISSION`.
 */
export function connectEngine(signal: AbortSignal): Promise<Engine> {
  connected ??= connect(signal).catch((error: unknown) => {
    connected = undefined;
    throw error;
  });
  return connected;
}
let connected: Promise<Engine> | undefined;

async function connect(signal: AbortSignal): Promise<Engine> {
  const address = await findEngine();
  await prepareHost(address);
  const { getContainerRuntimeClient } = await import('testcontainers');
  const client = await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new LeaderfallError('E_NO_ENGINE', `Something answers at ${describeAddress(address)}, but it does not work as a container engine.`, {
      hint: 'Run `docker info` to see what it says; restart the engine if that fails too.',
      cause,
    });
  });
  const docker = client.container.dockerode;
  const version = await engineCall({ describe: 'tell its version', signal, code: 'E_NO_ENGINE' }, () => docker.version());
  const { host, cpus, memory } = client.info.containerRuntime;
  const loopback = host === 'localhost' || host === '127.0.0.1';
  return {
    docker,
    host: loopback ? '127.0.0.1' : host,
    publishOn: loopback ? '127.0.0.1' : '0.0.0.0',
    isLocal: address.kind === 'socket',
    address: describeAddress(address),
    version: version.Version,
    apiVersion: version.ApiVersion,
    cpus,
    memoryBytes: memory,
  };
}

/**
 * Inside a container that runs its own engine, Testcontainers would look for a gateway that is not there (and try to pull an
 * image to find it). Published ports are on localhost then.
 */
async function prepareHost(address: EngineAddress): Promise<void> {
  if (process.env['TESTCONTAINERS_HOST_OVERRIDE'] !== undefined) return;
  if (address.kind !== 'socket' || !existsSync('/.dockerenv')) return;
  if (await isSiblingOfItsContainers(address)) return;
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] = '127.0.0.1';
}

const reaperPullMs = 15_000;

/**
 * The label by which Ryuk, Testcontainers' own remover, knows what to remove once this process is gone. Ryuk is a second net under the
 * sweeper: without its image, and without a registry that gives it quickly, it is left out.
 */
export function reaperLabels(engine: Engine, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  reaper ??= findReaperLabels(engine, signal).catch((error: unknown) => {
    reaper = undefined;
    throw error;
  });
  return reaper;
}
let reaper: Promise<Readonly<Record<string, string>>> | undefined;

async function findReaperLabels(engine: Engine, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const { getReaper, getContainerRuntimeClient, LABEL_TESTCONTAINERS_SESSION_ID } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  if (!(await reaperImageIsHere(engine, signal))) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { sessionId } = await getReaper(client).catch(() => {
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
    return getReaper(client);
  });
  return process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true' ? {} : { [LABEL_TESTCONTAINERS_SESSION_ID]: sessionId };
}

async function reaperImageIsHere(engine: Engine, signal: AbortSignal): Promise<boolean> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return false;
  const image = process.env['RYUK_CONTAINER_IMAGE'] ?? 'testcontainers/ryuk:0.14.0';
  const isPresent = (): Promise<boolean> => engine.docker.getImage(image).inspect().then(() => true, () => false);
  if (await isPresent()) return true;
  try {
    await engineCall({ describe: `pull ${image}`, signal, timeoutMs: reaperPullMs }, async () => {
      const stream = await engine.docker.pull(image);
      await new Promise<void>((resolve, reject) => {
        engine.docker.modem.followProgress(stream, (error) => (error ? reject(new Error(engineMessage(error))) : resolve()));
      });
    });
  } catch {
    signal.throwIfAborted();
    return false;
  }
  return isPresent();
}
