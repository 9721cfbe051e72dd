// Finds the container engine without any library, to say precisely what is wrong when there is none to talk to.
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { LeaderfallError } from '../../model/errors.ts';

export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

const probeTimeoutMs = 3000;

/**
 * The first engine that answers, in the order in which Testcontainers looks: DOCKER_HOST, the system's socket, a user's own sockets.
 * @throws LeaderfallError `E_ENGINE_PERMISSION` when a socket is there and refuses this user; `E_NO_ENGINE` otherwise.
 */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<EngineAddress> {
  const failures: { readonly address: EngineAddress; readonly error: NodeJS.ErrnoException }[] = [];
  for (const address of candidates(env)) {
    const error = await connectError(address);
    if (error === undefined) return address;
    failures.push({ address, error });
  }
  const denied = failures.find(({ error }) => error.code === 'EACCES' || error.code === 'EPERM');
  if (denied) throw permissionError(describeAddress(denied.address), denied.error);
  throw noEngineError(failures.map(({ address, error }) => `${describeAddress(address)}: ${error.code ?? error.message}`).join('; '), env);
}

export function describeAddress(address: EngineAddress): string {
  return address.kind === 'socket' ? `unix://${address.path}` : `tcp://${address.host}:${address.port}`;
}

/**
 * Whether this process sits in a container that this very engine runs (its socket mounted inside). Ports are then
 * published on the host around us, not on our own localhost.
 */
export async function isSiblingOfItsContainers(address: EngineAddress): Promise<boolean> {
  if (address.kind !== 'socket' || !existsSync('/.dockerenv')) return false;
  return (await statusOf(address.path, `/containers/${encodeURIComponent(hostname())}/json`)) === 200;
}

function candidates(env: NodeJS.ProcessEnv): readonly EngineAddress[] {
  const dockerHost = env['DOCKER_HOST'];
  if (dockerHost !== undefined && dockerHost !== '') return [parseDockerHost(dockerHost)];
  const uid = process.getuid?.();
  const runtime = env['XDG_RUNTIME_DIR'];
  const own = [
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.docker', 'desktop', 'docker.sock'),
    ...(uid === undefined ? [] : [`/run/user/${uid}/docker.sock`]),
  ];
  return ['/var/run/docker.sock', ...own.filter((path) => existsSync(path))].map((path) => ({ kind: 'socket', path }));
}

function parseDockerHost(text: string): EngineAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'unix:') return { kind: 'socket', path: url.pathname };
  if (url && ['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    return { kind: 'tcp', host: url.hostname, port: Number(url.port) || (url.protocol === 'https:' ? 2376 : 2375) };
  }
  throw new LeaderfallError('E_NO_ENGINE', `DOCKER_HOST is ${JSON.stringify(text)}, which is not an address that can be used here.`, {
    hint: 'Set DOCKER_HOST to unix:///path/to/docker.sock or tcp://host:port, or unset it.',
  });
}

/** Undefined when the engine, or for TCP at least something, answers. */
function connectError(address: EngineAddress): Promise<NodeJS.ErrnoException | undefined> {
  if (address.kind === 'socket') return statusOf(address.path, '/_ping').then(() => undefined, (error: NodeJS.ErrnoException) => error);
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port, timeout: probeTimeoutMs });
    const end = (error?: NodeJS.ErrnoException): void => {
      socket.destroy();
      resolve(error);
    };
    socket.once('connect', () => end()).once('error', end).once('timeout', () => end(new Error(`no answer in ${probeTimeoutMs} ms`)));
  });
}

function statusOf(socketPath: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: 'GET', timeout: probeTimeoutMs, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer in ${probeTimeoutMs} ms`)));
    asked.once('error', reject).end();
  });
}

function permissionError(where: string, cause: Error): LeaderfallError {
  return new LeaderfallError('E_ENGINE_PERMISSION', `The container engine at ${where} does not let this user in.`, {
    hint: 'Run `sudo usermod -aG docker "$USER"`, log in again (or run `newgrp docker`), and repeat the command.',
    cause,
  });
}

function noEngineError(looked: string, env: NodeJS.ProcessEnv): LeaderfallError {
  return new LeaderfallError('E_NO_ENGINE', `No container engine answers (${looked}).`, {
    hint: env['DOCKER_HOST']
      ? 'Start the engine that DOCKER_HOST names, or unset DOCKER_HOST.'
      : "Run `leaderfall doctor --fix` to install and start one, or `leaderfall run 'memory/*'`, which needs none.",
  });
}
