// Removes the disks of dead runs: mounts, loop devices and images.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentViewpoint, ownerLife, parseOwner } from '../../owner.ts';
import { disksFolder, ownerFile, removeDisk } from './disk.ts';

/**
 * Containers that use them must be gone. What a living process owns stays, and what cannot be judged; one that cannot be removed does
 * not keep the others.
 * @returns the names of the disks that were removed. @throws LeaderfallError `E_NODE_FAILED`, `E_TIMEOUT` for the first that could not be.
 */
export async function sweepDisks(): Promise<readonly string[]> {
  const viewpoint = currentViewpoint(true);
  const names = (await isOurs(disksFolder)) ? await readdir(disksFolder) : [];
  const removed: string[] = [];
  const failures: unknown[] = [];
  for (const name of names) {
    const owner = parseOwner((await readFile(join(disksFolder, name, ownerFile), 'utf8').catch(() => '')).trim());
    if (owner === undefined || ownerLife(owner, undefined, viewpoint) !== 'dead') continue;
    await removeDisk(name).then(() => removed.push(name), (error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return removed;
}

/** The place is everybody's: another user's folder, or a link, is not to be obeyed. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  return found !== null && found.isDirectory() && found.uid === process.getuid?.();
}
