// Whether nodes can have disks of their own here; tried for real, once a process. A program that is missing may be installed meanwhile, and is looked for each time.
import { describeError } from '../../../model/errors.ts';
import { Disk } from './disk.ts';
import { missingStorageTools } from './storage-tools.ts';

export interface StorageCapability {
  readonly ok: boolean;
  readonly reason: string;
}

/** @param engineIsLocal the engine mounts folders of its own host: a disk made here is no use to one elsewhere. */
export async function storageCapability(engineIsLocal: boolean): Promise<StorageCapability> {
  if (process.platform !== 'linux') return { ok: false, reason: `loop-mounted disks need Linux, this is ${process.platform}` };
  if (!engineIsLocal) return { ok: false, reason: 'the engine runs on another machine, whose disks cannot be made from here' };
  if (process.getuid?.() !== 0) return { ok: false, reason: 'mounting a disk needs root on this machine' };
  const missing = missingStorageTools();
  if (missing !== null) return { ok: false, reason: `${missing.programs.join(', ')} not installed; \`leaderfall doctor --fix\` or \`${missing.mend}\` installs what is missing` };
  return await (known ??= tryStorage());
}
let known: Promise<StorageCapability> | undefined;

async function tryStorage(): Promise<StorageCapability> {
  try {
    await using disk = await Disk.create({ name: `probe-${process.pid}`, sizeMiB: 16, userId: 0, groupId: 0 });
    const kept = await disk.keptFromTurningReadOnly();
    if (kept !== null) return { ok: false, reason: `the kernel does not let a filesystem fail, which disk-read-only takes (${kept})` };
    await disk.mark();
    await disk.losePower();
    await disk.remount();
    return (await disk.hasMark())
      ? { ok: false, reason: 'a shut-down filesystem kept what was not synced' }
      : { ok: true, reason: 'a loop-mounted ext4 loses what was not synced, and can be made to fail' };
  } catch (error) {
    return { ok: false, reason: describeError(error) };
  }
}
