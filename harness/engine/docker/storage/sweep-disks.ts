// Removes the disks of dead runs: mounts, loop devices and images.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentViewpoint, ownerLife, parseOwner } from '../../owner.ts';
import { disksFolder, ownerFile, removeDisk } from './disk.ts';

/** @returns the names of the disks that were removed. What a living process owns stays, and what cannot be judged. */
export async function sweepDisks(): Promise<readonly string[]> {
  const names = (await isOurs(disksFolder)) ? await readdir(disksFolder) : [];
  const removed: string[] = [];
  for (const name of names) {
    const owner = parseOwner((await readFile(join(disksFolder, name, ownerFile), 'utf8').catch(() => '')).trim());
    if (owner === undefined || ownerLife(owner, undefined, currentViewpoint(true)) !== 'dead') continue;
    await removeDisk(name);
    removed.push(name);
  }
  return removed;
}

/** The place is everybody's: another user's folder, or a link, is not to be obeyed. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  return found !== null && found.isDirectory() && found.uid === process.getuid?.();
}
