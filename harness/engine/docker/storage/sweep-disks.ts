// Removes the disks of dead runs: mounts, loop devices and images.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentViewpoint, ownerLife, parseOwner } from '../../owner.ts';
import { disksFolder, ownerFile, removeDisk } from './disk.ts';

/** @returns the names of the disks that were removed. What a living process owns stays, and what cannot be judged. */
export async function sweepDisks(): Promise<readonly string[]> {
  const names = await readdir(disksFolder).catch(() => []);
  const removed: string[] = [];
  for (const name of names) {
    const owner = parseOwner((await readFile(join(disksFolder, name, ownerFile), 'utf8').catch(() => '')).trim());
    if (owner === undefined || ownerLife(owner, undefined, currentViewpoint(true)) !== 'dead') continue;
    await removeDisk(name);
    removed.push(name);
  }
  return removed;
}
