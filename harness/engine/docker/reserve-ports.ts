// Host ports for brokers, which advertise them before they start: below the ephemeral range, free now, and promised to one process only.
// In the ephemeral range a client that retries a dead local port can connect to itself and hold the port.
import { randomInt } from 'node:crypto';
import { chmod, link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeaderfallError } from '../../model/errors.ts';
import { currentOwner, currentViewpoint, formatOwner, type Owner, ownerLife, parseOwner } from '../owner.ts';

export const portRange = { first: 20_000, last: 31_999 } as const;

const sharedFolder = join(tmpdir(), 'leaderfall-ports');

export interface PortLockOptions {
  /** Where the locks lie, one file a port. Default: a folder in the system's folder for temporary files, shared by all users. */
  readonly folder?: string;
  /** Who asks. Default: this process. */
  readonly owner?: Owner;
}

export interface ReservedPorts extends AsyncDisposable {
  readonly ports: readonly number[];
}

/**
 * Disposing gives the ports back; so does the end of the process.
 * @throws LeaderfallError `E_PORT_TAKEN` when the range has not that many free ports.
 */
export async function reservePorts(count: number, options: PortLockOptions = {}): Promise<ReservedPorts> {
  const folder = options.folder ?? sharedFolder;
  const owner = options.owner ?? currentOwner();
  await mkdir(folder, { recursive: true });
  // Sticky and open to all, as the folder above it; only its maker may say so.
  await chmod(folder, 0o1777).catch(() => {});
  const size = portRange.last - portRange.first + 1;
  const start = randomInt(size);
  const ports: number[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(ports.map((port) => releasePort(folder, port, owner)));
  };
  for (let looked = 0; looked < size && ports.length < count; looked += 1) {
    const port = portRange.first + ((start + looked) % size);
    if (await claimPort(folder, port, owner)) {
      if (await isFree(port)) ports.push(port);
      else await releasePort(folder, port, owner);
    }
  }
  if (ports.length < count) {
    await release();
    throw new LeaderfallError('E_PORT_TAKEN', `Only ${ports.length} of ${count} ports are free between ${portRange.first} and ${portRange.last}.`, {
      hint: 'Run `leaderfall doctor --fix` to sweep what dead runs left, or end the programs that listen there.',
    });
  }
  return { ports, [Symbol.asyncDispose]: release };
}

/** True when the lock of the port is now the owner's. A lock whose owner is dead is taken over. */
export async function claimPort(folder: string, port: number, owner: Owner): Promise<boolean> {
  const file = join(folder, String(port));
  // Written aside and linked into place, so that nobody ever reads half a lock.
  const draft = `${file}.${owner.pid}.${randomInt(2 ** 40).toString(36)}`;
  await writeFile(draft, formatOwner(owner), { flag: 'wx' });
  try {
    if (await linked(draft, file)) return true;
    const seen = await readDeadLock(file);
    return seen !== undefined && (await dropDeadLock(file, draft, seen)) && (await linked(draft, file));
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** Removes the locks of dead owners; a claim would take them over anyway. */
export async function sweepPortLocks(folder: string = sharedFolder): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(async (name) => {
    const file = join(folder, name);
    const seen = await readDeadLock(file);
    if (seen !== undefined) await dropDeadLock(file, `${file}.${process.pid}`, seen);
  }));
}

/** The text of a lock whose owner is dead, undefined for any other. */
async function readDeadLock(file: string): Promise<string | undefined> {
  const seen = await readFile(file, 'utf8').catch(() => '');
  const holder = parseOwner(seen);
  return holder && ownerLife(holder, undefined, currentViewpoint(true)) === 'dead' ? seen : undefined;
}

/** Two that see the same dead lock both rename; who catches the other's fresh lock instead of the dead one puts it back. */
async function dropDeadLock(file: string, draft: string, seen: string): Promise<boolean> {
  const aside = `${draft}.dead`;
  if (!(await rename(file, aside).then(() => true, () => false))) return false;
  const caught = await readFile(aside, 'utf8').catch(() => '');
  if (caught !== seen) await linked(aside, file);
  await unlink(aside).catch(() => {});
  return caught === seen;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function releasePort(folder: string, port: number, owner: Owner): Promise<void> {
  const file = join(folder, String(port));
  const holder = await readFile(file, 'utf8').catch(() => '');
  if (holder === formatOwner(owner)) await unlink(file).catch(() => {});
}

/** Whether nothing on this machine listens there, on any address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
