// What a harness that was killed outright left in the temporary folder is removed by the next one; nobody else's is touched.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepFrozen } from '../../engine/process/frozen.ts';
import { currentOwner, currentPlace, currentViewpoint, formatOwner, ownerLife, parseOwner } from '../../engine/owner.ts';

export const folderPrefix = 'leaderfall-memory-';

/** Says in the folder whose it is. */
export function claim(folder: string): void {
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ owner: formatOwner(currentOwner()), place: currentPlace() }));
}

/** A folder that names no owner, or one of which nothing is known, stays. A server ends by itself once its owner is gone, unless it is frozen. */
export function sweepFolders(): void {
  sweepFrozen();
  const mine = readdirSync(tmpdir()).filter((name) => name.startsWith(folderPrefix)).map((name) => join(tmpdir(), name));
  for (const folder of mine.filter(isAbandoned)) rmSync(folder, { recursive: true, force: true });
}

function isAbandoned(folder: string): boolean {
  try {
    const { owner: text, place } = JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as { readonly owner: string; readonly place: string };
    const owner = parseOwner(text);
    return owner !== undefined && ownerLife(owner, place, currentViewpoint(true)) === 'dead';
  } catch {
    return false;
  }
}
