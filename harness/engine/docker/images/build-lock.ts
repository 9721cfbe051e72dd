// One image build at a time on a machine: builds are heavy, and two of the same image would race for its tag.
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../../model/wait.ts';

const longestBuildMs = 20 * 60_000;

export interface BuildLockOptions {
  readonly signal: AbortSignal;
  /** Told once when the lock is held by another build. */
  readonly onWait: (ownerPid: number) => void;
  readonly path?: string;
}

/**
 * Waits for the machine's build lock, a file with its owner's process id. An owner that has died loses it.
 * @throws LeaderfallError `E_TIMEOUT` when another build holds it for 20 minutes.
 */
export async function acquireBuildLock(options: BuildLockOptions): Promise<AsyncDisposable> {
  const { signal, onWait, path = join(tmpdir(), `leaderfall-image-build-${userInfo().uid}.lock`) } = options;
  let told = false;
  await waitUntil(async () => {
    if (await tryCreate(path)) return { done: true, value: undefined };
    const owner = await ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) await rm(path, { force: true });
    else if (!told && owner !== undefined) {
      told = true;
      onWait(owner);
    }
    return { done: false, seen: `held by process ${owner ?? 'unknown'}` };
  }, { describe: `the image build lock ${path}`, timeoutMs: longestBuildMs, signal, intervalMs: 200, hint: `Remove ${path} if no image is being built.` });
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while the owner has created the file and not yet written its id. */
async function ownerOf(path: string): Promise<number | undefined> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
