// The single checks of `doctor`: each looks at one thing and says what to do about it.
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { describeError, isLeaderfallError } from '../../model/errors.ts';
import { capabilityWords, type MachineNeed } from '../../model/machine-needs.ts';
import { capabilitiesHere } from './capabilities-here.ts';
import { canInstallPackages } from './debian-packages.ts';
import type { DoctorCheck } from './doctor.ts';
import type { Engine } from './engine-client.ts';
import type { ImageRequest } from './images/image-types.ts';
import { inspectImage } from './images/resolve-image.ts';
import { portRange, reservePorts } from './reserve-ports.ts';
import { missingStorageTools } from './storage/storage-tools.ts';
import { listOwned } from './sweeper.ts';

const mib = 1024 * 1024;
/** Three Kafka nodes at 700 MiB, and room for the harness and its workers. */
const neededMemoryMiB = 3 * 700 + 500;
const neededCores = 2;
const neededNode = [22, 22] as const;
const mendCommand = 'leaderfall doctor --fix';

export function checkNode(version: string = process.versions.node): DoctorCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1]);
  return {
    id: 'node', title: 'Node.js', ok, required: true, detail: `${version}, needs ${neededNode.join('.')} or later`,
    fix: ok ? null : 'npm install --save-dev node@24, and run through npm',
  };
}

/** @param connection an engine, or the error of connecting to one. */
export function checkEngine(connection: unknown): DoctorCheck {
  const check = { id: 'engine', title: 'Container engine', required: true } as const;
  if (isLeaderfallError(connection)) {
    const present = connection.code === 'E_ENGINE_PERMISSION';
    return { ...check, ok: present, detail: connection.message, fix: present ? null : mendCommand };
  }
  if (connection instanceof Error) return { ...check, ok: false, detail: describeError(connection), fix: mendCommand };
  const { version, apiVersion, address } = connection as Engine;
  return { ...check, ok: true, detail: `${version}, API ${apiVersion}, at ${address}`, fix: null };
}

export function checkPermission(connection: unknown): DoctorCheck {
  const denied = isLeaderfallError(connection) && connection.code === 'E_ENGINE_PERMISSION';
  return {
    id: 'permission', title: 'Permission to use it', ok: !denied, required: true,
    detail: denied ? connection.message : 'granted',
    fix: denied ? 'sudo usermod -aG docker "$USER" && newgrp docker' : null,
  };
}

export async function checkImage(engine: Engine, request: ImageRequest): Promise<DoctorCheck> {
  const status = await inspectImage(engine.docker, request);
  const otherwise = status.buildable ? 'it can be pulled or built' : 'it can only be pulled';
  return {
    // A run gets a missing image by itself.
    id: `image:${request.name}`, title: `Image of ${request.name} ${request.version}`, ok: status.present, required: false,
    detail: status.present ? status.reference : `not present; ${otherwise}`, fix: status.present ? null : mendCommand,
  };
}

/** What some faults need: a machine without it runs all the other scenarios. */
export async function checkFaults(signal: AbortSignal): Promise<readonly DoctorCheck[]> {
  const here = await capabilitiesHere(faultChecks.map(({ need }) => need), { signal });
  const toInstall = missingStorageTools();
  return faultChecks.map(({ id, need, title }) => {
    const { ok, reason, untried = false } = here.get(need)!;
    const lacking = `It takes ${capabilityWords[need]}; without that, scenarios with such faults are not runnable here.`;
    const mendable = untried || (need === 'disk' && toInstall !== null && canInstallPackages());
    return { id, title, ok: ok && !untried, required: false, detail: reason, fix: mendable ? mendCommand : ok ? null : lacking };
  });
}

const faultChecks: readonly { readonly id: string; readonly need: MachineNeed; readonly title: string }[] = [
  { id: 'net-admin', need: 'node-links', title: 'Network faults' },
  { id: 'packet-loss', need: 'packet-loss', title: 'Packet loss' },
  { id: 'bandwidth', need: 'bandwidth', title: 'Limited bandwidth' },
  { id: 'disk', need: 'disk', title: 'Storage faults' },
];

export function checkMemory(engine: Engine): DoctorCheck {
  const totalMiB = Math.round(engine.memoryBytes / mib);
  const availableMiB = engine.isLocal ? Math.min(totalMiB, availableMemoryMiB()) : totalMiB;
  const ok = availableMiB >= neededMemoryMiB;
  return {
    id: 'memory', title: 'Memory', ok, required: false, detail: `${availableMiB} MiB of ${totalMiB} MiB available, three Kafka nodes want ${neededMemoryMiB} MiB`,
    fix: ok ? null : 'Give the engine more memory, or end what uses it.',
  };
}

export function checkCores(engine: Engine): DoctorCheck {
  const cores = engine.isLocal ? Math.min(engine.cpus, availableParallelism()) : engine.cpus;
  const ok = cores >= neededCores;
  return {
    id: 'cores', title: 'Cores', ok, required: false, detail: `${cores}, wants ${neededCores}`,
    fix: ok ? null : 'Give the engine more cores; with fewer, recovery takes longer than the contracts allow for.',
  };
}

export async function checkPorts(): Promise<DoctorCheck> {
  const check = { id: 'ports', title: 'Ports for brokers', required: true } as const;
  const { first, last } = portRange;
  try {
    await using reserved = await reservePorts(3);
    const lowest = lowestEphemeralPort();
    const overlaps = lowest !== undefined && lowest <= last;
    return {
      ...check, ok: reserved.ports.length === 3 && !overlaps, required: false,
      detail: overlaps ? `the system hands out ports from ${lowest} on to outgoing connections, which can take a broker's port` : `three free ports between ${first} and ${last} found`,
      fix: overlaps ? `sudo sysctl -w net.ipv4.ip_local_port_range="32768 60999"` : null,
    };
  } catch (error) {
    return { ...check, ok: false, detail: describeError(error), fix: mendCommand };
  }
}

export async function checkLeftovers(engine: Engine, signal: AbortSignal): Promise<DoctorCheck> {
  const owned = await listOwned(engine, signal);
  const dead = owned.filter(({ life, kept }) => life === 'dead' && !kept);
  const kept = owned.filter((object) => object.kept && object.life !== 'alive');
  const unknown = owned.filter((object) => object.life === 'unknown' && !object.kept);
  const parts = [
    dead.length > 0 ? `${dead.length} of dead runs (${names(dead)})` : 'none of dead runs',
    ...(kept.length > 0 ? [`${kept.length} kept on purpose (${names(kept)}; remove with \`docker rm -fv\` and \`docker network rm\`)`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} whose owner cannot be looked up from here (${names(unknown)})`] : []),
  ];
  return { id: 'leftovers', title: 'Leftovers', ok: dead.length === 0, required: false, detail: parts.join('; '), fix: dead.length === 0 ? null : mendCommand };
}

function names(objects: readonly { readonly name: string }[]): string {
  const shown = objects.slice(0, 5).map(({ name }) => name).join(', ');
  return objects.length > 5 ? `${shown} and ${objects.length - 5} more` : shown;
}

/** What the kernel thinks new programs can have; `freemem` alone would count caches as used. */
function availableMemoryMiB(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf('/proc/meminfo'))?.[1];
  return Math.round(kib === undefined ? freemem() / mib : Number(kib) / 1024);
}

function lowestEphemeralPort(): number | undefined {
  const lowest = Number.parseInt(textOf('/proc/sys/net/ipv4/ip_local_port_range'), 10);
  return Number.isNaN(lowest) ? undefined : lowest;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
