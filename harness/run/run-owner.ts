// Whose a run's folder is while the run goes on. Whoever opened it then would seal it, and remove the files in which its workers record.
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeaderfallError } from '../model/errors.ts';
import { currentOwner, currentPlace, currentViewpoint, formatOwner, ownerLife, parseOwner } from '../engine/owner.ts';
import { guarded } from '../history/segment-writer.ts';

interface Claim {
  readonly owner: string;
  readonly place: string;
  /** Where the run is recorded: a copy of it belongs to nobody. */
  readonly folder: string;
}

const claimIn = (folder: string): string => join(folder, 'owner.json');

/** Says in the folder whose it is, until disposal. To be made before the plan: from then on the folder can be opened. */
export function claimRun(folder: string): Disposable {
  const claim: Claim = { owner: formatOwner(currentOwner()), place: currentPlace(), folder: realpathSync(folder) };
  guarded(() => writeFileSync(claimIn(folder), JSON.stringify(claim)));
  return { [Symbol.dispose]: () => rmSync(claimIn(folder), { force: true }) };
}

/** The process that records in this folder now; null: nobody, as far as can be seen from here. */
export function livingOwnerOf(folder: string): number | null {
  const claim = readClaim(folder);
  const owner = parseOwner(claim?.owner);
  if (claim === null || owner === undefined || claim.folder !== realpathSync(folder)) return null;
  return ownerLife(owner, claim.place, currentViewpoint(true)) === 'alive' ? owner.pid : null;
}

/** @throws `E_USAGE` for a run that is still going. */
export function refuseLivingRun(folder: string): void {
  const pid = livingOwnerOf(folder);
  if (pid === null) return;
  throw new LeaderfallError('E_USAGE', `The run in ${folder} is still going: process ${pid} records in it`, {
    hint: 'Wait until it has ended, or end that process: what was recorded until then can be opened. A finished run beside it can be opened by its own folder.',
  });
}

function readClaim(folder: string): Claim | null {
  try {
    return JSON.parse(readFileSync(claimIn(folder), 'utf8')) as Claim;
  } catch {
    return null;
  }
}
