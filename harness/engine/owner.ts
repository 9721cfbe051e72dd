// Who made a container, a network or a port lock, and whether that process is still alive. Labels carry this, the sweeper reads it.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that cannot be mistaken for a later one with the same number. */
export interface Owner {
  /** Changes at every start of the machine. */
  readonly bootId: string;
  readonly pid: number;
  /** Clock ticks between the start of the machine and of the process; 0 where the system does not tell. */
  readonly startTicks: number;
}

/** `unknown`: it lives, or lived, where this process cannot look (another machine, another process namespace). */
export type OwnerLife = 'alive' | 'dead' | 'unknown';

export const labelNames = {
  mark: 'leaderfall',
  owner: 'leaderfall.owner',
  /** Host name and process namespace, because a process number means nothing outside them. */
  place: 'leaderfall.place',
  run: 'leaderfall.run',
  fleet: 'leaderfall.fleet',
  node: 'leaderfall.node',
  role: 'leaderfall.role',
  keep: 'leaderfall.keep',
} as const;

export type Labels = Readonly<Record<string, string>>;

export function formatOwner(owner: Owner): string {
  return `${owner.bootId}/${owner.pid}/${owner.startTicks}`;
}

/** Undefined when the text is not an owner's: then nothing is known and nothing may be removed. */
export function parseOwner(text: string | undefined): Owner | undefined {
  const match = /^([^/\s]+)\/(\d{1,10})\/(\d{1,20})$/.exec(text ?? '');
  if (!match) return undefined;
  return { bootId: match[1]!, pid: Number(match[2]), startTicks: Number(match[3]) };
}

/** This process. */
export function currentOwner(): Owner {
  own ??= { bootId: readBootId(), pid: process.pid, startTicks: startTicksOf(process.pid) ?? 0 };
  return own;
}
let own: Owner | undefined;

/** `<host name>/<process namespace>`. */
export function currentPlace(): string {
  return `${hostname()}/${readProcessNamespace()}`;
}

export function ownerLabels(runId: string, keep: boolean): Labels {
  return {
    [labelNames.mark]: '1',
    [labelNames.owner]: formatOwner(currentOwner()),
    [labelNames.place]: currentPlace(),
    [labelNames.run]: runId,
    ...(keep ? { [labelNames.keep]: '1' } : {}),
  };
}

/** Where an owner lived, and from where one looks. */
export interface Viewpoint {
  readonly bootId: string;
  readonly place: string;
  /** The engine runs on this machine's kernel, so every boot id that differs from ours is an earlier boot's. */
  readonly engineIsLocal: boolean;
  startTicksOf(pid: number): number | undefined;
}

export function currentViewpoint(engineIsLocal: boolean): Viewpoint {
  return { bootId: currentOwner().bootId, place: currentPlace(), engineIsLocal, startTicksOf };
}

/**
 * Whether the owner's process can still be there. An engine on another machine may serve several hosts, so there an
 * unfamiliar boot id proves nothing unless the host name is ours.
 * @param place the owner's `leaderfall.place` label; absent on port locks, which are always of this machine.
 */
export function ownerLife(owner: Owner, place: string | undefined, viewpoint: Viewpoint): OwnerLife {
  const [ownerHost, ownerNamespace] = (place ?? viewpoint.place).split('/');
  const [host, namespace] = viewpoint.place.split('/');
  if (owner.bootId !== viewpoint.bootId) return viewpoint.engineIsLocal || ownerHost === host ? 'dead' : 'unknown';
  if (ownerNamespace !== namespace) return 'unknown';
  const startTicks = viewpoint.startTicksOf(owner.pid);
  return startTicks === undefined || startTicks !== owner.startTicks ? 'dead' : 'alive';
}

/** Undefined when there is no such process. Where there is no /proc, a process that answers counts as started at 0. */
export function startTicksOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return answers(pid) ? 0 : undefined;
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field, the command's name, may hold spaces and brackets; the numbers start after its last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? undefined : Number(fields[19]);
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readBootId(): string {
  return readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? 'boot-unknown';
}

function readProcessNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
  } catch {
    return '0';
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
