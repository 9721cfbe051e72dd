// The programs of the host that make disks and take their power, and Debian's packages that hold them.
import { canInstallPackages, installPackages, onPath } from '../debian-packages.ts';

const packageOf: Readonly<Record<string, string>> = { 'mkfs.ext4': 'e2fsprogs', e2fsck: 'e2fsprogs', xfs_io: 'xfsprogs', mount: 'mount', losetup: 'mount', findmnt: 'util-linux', fallocate: 'util-linux' };

export interface MissingTools {
  readonly programs: readonly string[];
  /** The command that installs them. */
  readonly mend: string;
}

/** Null: everything is there. */
export function missingStorageTools(): MissingTools | null {
  const programs = Object.keys(packageOf).filter((program) => !onPath(program));
  return programs.length === 0 ? null : { programs, mend: `sudo apt-get install -y ${packagesOf(programs).join(' ')}` };
}

/** Does nothing where none is missing, and where this process may not. @throws LeaderfallError `E_CAPABILITY` with apt's last lines. */
export async function installStorageTools(options: { readonly onProgress: (message: string) => void; readonly signal: AbortSignal }): Promise<void> {
  const missing = missingStorageTools();
  if (missing === null || !canInstallPackages()) return;
  await installPackages(packagesOf(missing.programs), { ...options, failure: { code: 'E_CAPABILITY', hint: `Run by hand: ${missing.mend}` } });
}

const packagesOf = (programs: readonly string[]): readonly string[] => [...new Set(programs.map((program) => packageOf[program]!))];
