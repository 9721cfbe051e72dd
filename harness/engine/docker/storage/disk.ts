// A node's data directory on a filesystem of its own, so that it can lose power, run full and turn read-only without touching anything
// else. A loop-mounted ext4 on the engine's host: needs that host to be this one, and root on it.
import { execFile } from 'node:child_process';
import { access, chown, constants, mkdir, open, readdir, readFile, rm, statfs, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { NodeDisk } from '../../../model/cluster.ts';
import { describeError, LeaderfallError } from '../../../model/errors.ts';
import { waitUntil } from '../../../model/wait.ts';
import { currentOwner, formatOwner } from '../../owner.ts';

const execute = promisify(execFile);

/** Beside other things that outlive a process, and not in memory: what is lost must be lost for the right reason. */
export const disksFolder = '/var/tmp/leaderfall-disks';
export const ownerFile = 'owner';
const commandTimeoutMs = 20_000;
/** A killed container's view of the disk goes with its last process, a moment after the engine calls it dead. */
const releaseTimeoutMs = 10_000;
const mib = 1024 * 1024;

export interface DiskOptions {
  /** Unique on this machine: fleet and node. */
  readonly name: string;
  readonly sizeMiB: number;
  /** Who the broker is inside its container: numbers, for the host does not know its names. */
  readonly userId: number;
  readonly groupId: number;
  /** Nobody's: not swept when this process is gone. Default false. */
  readonly keep?: boolean;
}

/**
 * Every method is bounded and rejects with `E_NODE_FAILED` where a command of the host fails. One ends before the next begins, so that
 * whoever heals a disk does not meet what somebody who ran out of time left under way.
 */
export class Disk implements NodeDisk, AsyncDisposable {
  /** The broker's: an empty subdirectory, for a fresh filesystem's own `lost+found` stops Kafka. */
  readonly data: string;
  readonly #folder: string;
  readonly #mount: string;
  readonly #options: DiskOptions;
  #marks = 0;
  #underWay: Promise<unknown> = Promise.resolve();

  private constructor(options: DiskOptions) {
    this.#options = options;
    this.#folder = join(disksFolder, options.name);
    this.#mount = join(this.#folder, 'mount');
    this.data = join(this.#mount, 'data');
  }

  static async create(options: DiskOptions): Promise<Disk> {
    const disk = new Disk(options);
    try {
      await disk.#make();
    } catch (error) {
      // Half a disk is nobody's: what cannot be removed either is swept when this process is gone.
      await removeDisk(options.name).catch(() => {});
      throw error;
    }
    return disk;
  }

  /** What is written until now survives a loss of power. */
  async sync(): Promise<void> {
    await this.#alone(() => run('sync', ['--file-system', this.#mount]));
  }

  /**
   * From now on every write and sync fails, and what was not synced is gone. The node should be frozen, so that it cannot notice
   * before it is killed, and is to be killed at once.
   */
  async losePower(): Promise<void> {
    await this.#alone(() => run('xfs_io', ['-x', '-c', 'shutdown', this.#mount]));
  }

  /** As at a boot: checked and mended, and the journal replayed. The node must not be running. */
  async remount(): Promise<void> {
    await this.#alone(async () => {
      await release(this.#folder);
      await mend(this.#image);
      await this.#mountImage();
    });
  }

  /** To the last block. */
  async fill(): Promise<void> {
    await this.#alone(async () => {
      if (!(await isMounted(this.#mount))) throw notMounted(this.#mount);
      const free = await freeBytesOf(this.#mount);
      if (free > 4 * mib) await run('fallocate', ['--length', String(free - 4 * mib), this.#ballast]);
      await using file = await open(this.#ballast, 'a');
      for (let chunk = mib; chunk >= 4_096; chunk /= 2) await appendUntilFull(file, chunk);
    });
  }

  async empty(): Promise<void> {
    await this.#alone(() => rm(this.#ballast, { force: true }));
  }

  /** A real error of the filesystem, for a plain change to read-only is refused while a file is open for writing; `remount` ends it. */
  async turnReadOnly(): Promise<void> {
    await this.#alone(async () => writeFile(await errorTriggerOf(this.#mount), 'leaderfall')).catch((error: unknown) => {
      throw new LeaderfallError('E_CAPABILITY', `not runnable here: the kernel does not let a filesystem fail (${describeError(error)})`, { hint: 'Turning a disk read-only needs a writable /sys/fs/ext4.', cause: error });
    });
  }

  /** Why `turnReadOnly` could not work; null: nothing is known against it. */
  async keptFromTurningReadOnly(): Promise<string | null> {
    return await this.#alone(async () => access(await errorTriggerOf(this.#mount), constants.W_OK)).then(() => null, describeError);
  }

  /** The node comes back with nothing. It must not be running. */
  async wipe(): Promise<void> {
    await this.#alone(async () => {
      await Promise.all((await readdir(this.data)).map((name) => rm(join(this.data, name), { recursive: true })));
    });
  }

  /** Nothing of the node's is on it. */
  async isEmpty(): Promise<boolean> {
    return await this.#alone(async () => (await readdir(this.data)).length === 0);
  }

  async freeBytes(): Promise<number> {
    return await this.#alone(() => freeBytesOf(this.#mount));
  }

  /** Whether a write reaches it; the error's words where not. One that reaches the folder below a disk that is not mounted does not count. */
  async tryWrite(): Promise<{ readonly ok: boolean; readonly detail: string }> {
    return await this.#alone(() => this.#tryWrite());
  }

  async #tryWrite(): Promise<{ readonly ok: boolean; readonly detail: string }> {
    if (!(await isMounted(this.#mount))) return { ok: false, detail: notMounted(this.#mount).message };
    const probe = join(this.#mount, 'probe');
    try {
      await writeFile(probe, 'x', { flush: true });
      return { ok: true, detail: 'a write reached the disk' };
    } catch (error) {
      return { ok: false, detail: describeError(error) };
    } finally {
      await rm(probe, { force: true }).catch(() => {});
    }
  }

  /** Leaves an unsynced mark that a loss of power must take away: a new one each time, for an old one may have reached the disk. */
  async mark(): Promise<void> {
    this.#marks += 1;
    await this.#alone(() => writeFile(this.#unsynced, 'not synced'));
  }

  /** Whether the last mark is still there, with its content. */
  async hasMark(): Promise<boolean> {
    return await this.#alone(async () => (await readFile(this.#unsynced, 'utf8').catch(() => '')) !== '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#alone(() => removeDisk(this.#options.name));
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const ended = this.#underWay.then(work);
    this.#underWay = ended.catch(() => {});
    return ended;
  }

  async #make(): Promise<void> {
    const { sizeMiB, userId, groupId, keep } = this.#options;
    await mkdir(this.#mount, { recursive: true });
    if (keep !== true) await writeFile(join(this.#folder, ownerFile), formatOwner(currentOwner()));
    await using file = await open(this.#image, 'w');
    await file.truncate(sizeMiB * mib);
    await run('mkfs.ext4', ['-q', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0', this.#image]);
    await this.#mountImage();
    await mkdir(this.data);
    await chown(this.data, userId, groupId);
    await this.sync();
  }

  /** After an error of its device ext4 lets nobody write any more, as Debian's installer and cloud images set it. */
  async #mountImage(): Promise<void> {
    await run('mount', ['-o', 'loop,errors=remount-ro', this.#image, this.#mount]);
  }

  get #image(): string {
    return join(this.#folder, 'image');
  }

  get #ballast(): string {
    return join(this.#mount, 'ballast');
  }

  get #unsynced(): string {
    return join(this.#mount, `unsynced-${this.#marks}`);
  }
}

/** Unmounts and removes a disk of any owner. Idempotent. */
export async function removeDisk(name: string): Promise<void> {
  const folder = join(disksFolder, name);
  await release(folder);
  await rm(folder, { recursive: true, force: true });
}

/**
 * Unmounts, and returns once the loop device is gone: it stays while a dying container still has the mount in its own view, and a
 * mount made meanwhile would be that old, dead one again.
 */
async function release(folder: string): Promise<void> {
  const mount = join(folder, 'mount');
  // Two sweeps may meet here.
  if (await isMounted(mount)) await run('umount', [mount]).catch(async (error: unknown) => { if (await isMounted(mount)) throw error; });
  const image = join(folder, 'image');
  await waitUntil(async () => {
    const held = await output('losetup', ['--associated', image]);
    return held === '' ? { done: true, value: undefined } : { done: false, seen: held };
  }, { describe: 'the loop device of a disk to go', timeoutMs: releaseTimeoutMs, intervalMs: 20, signal: never });
}

const never = new AbortController().signal;

const notMounted = (mount: string): LeaderfallError => new LeaderfallError('E_NODE_FAILED', `the disk of a node is not mounted at ${mount}`);

async function freeBytesOf(mount: string): Promise<number> {
  const { bavail, bsize } = await statfs(mount);
  return bavail * bsize;
}

const isMounted = async (mount: string): Promise<boolean> =>
  (await readFile('/proc/self/mounts', 'utf8')).split('\n').some((line) => line.split(' ')[1] === mount);

/** `loop3`, by which the kernel lists its filesystem. */
async function deviceOf(mount: string): Promise<string> {
  return basename(await output('findmnt', ['--noheadings', '--output', 'SOURCE', mount]));
}

const errorTriggerOf = async (mount: string): Promise<string> => `/sys/fs/ext4/${await deviceOf(mount)}/trigger_fs_error`;

/** e2fsck says 1 where it mended something, which is what it is for. */
async function mend(image: string): Promise<void> {
  await run('e2fsck', ['-p', image], [0, 1]);
}

async function appendUntilFull(file: FileHandle, chunkBytes: number): Promise<void> {
  const chunk = Buffer.alloc(chunkBytes, 1);
  try {
    for (;;) {
      await file.write(chunk);
      await file.sync();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

async function run(command: string, args: readonly string[], accepted: readonly number[] = [0]): Promise<void> {
  try {
    await execute(command, [...args], { timeout: commandTimeoutMs });
  } catch (error) {
    if (error instanceof Error && 'code' in error && accepted.includes(error.code as number)) return;
    throw failed(command, error);
  }
}

async function output(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await execute(command, [...args], { timeout: commandTimeoutMs })).stdout.trim();
  } catch (error) {
    throw failed(command, error);
  }
}

function failed(command: string, error: unknown): LeaderfallError {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return new LeaderfallError('E_NODE_FAILED', `${command} failed on the disk of a node: ${said || describeError(error)}`, {
    hint: 'Storage faults need root on the engine\'s host, loop devices and ext4; `leaderfall doctor` says what is missing.', cause: error,
  });
}
