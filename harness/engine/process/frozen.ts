// A process that is frozen cannot notice that its owner is gone. Each is on record in the temporary folder, and the next run ends those that were left behind.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentOwner, currentPlace, currentViewpoint, formatOwner, ownerLife, parseOwner, startTicksOf } from '../owner.ts';

const prefix = 'leaderfall-frozen-';
const fileOf = (pid: number): string => join(tmpdir(), `${prefix}${pid}.json`);

interface Frozen {
  readonly pid: number;
  readonly startTicks: number;
  /** It leads a process group, and all of that is frozen. */
  readonly group: boolean;
  readonly owner: string;
  readonly place: string;
}

/** Before it is frozen. */
export function recordFrozen(pid: number, group: boolean): void {
  const frozen: Frozen = { pid, startTicks: startTicksOf(pid) ?? 0, group, owner: formatOwner(currentOwner()), place: currentPlace() };
  writeFileSync(fileOf(pid), JSON.stringify(frozen));
}

/** Once it runs again or has ended. */
export function forgetFrozen(pid: number): void {
  rmSync(fileOf(pid), { force: true });
}

/** Ends what a dead owner left frozen. A living owner's stays, and so does what cannot be read or is another user's: the folder is shared. */
export function sweepFrozen(): void {
  for (const name of readdirSync(tmpdir()).filter((candidate) => candidate.startsWith(prefix))) {
    const frozen = read(join(tmpdir(), name));
    const owner = parseOwner(frozen?.owner);
    if (frozen === null || owner === undefined || ownerLife(owner, frozen.place, currentViewpoint(true)) !== 'dead') continue;
    // 0: the system does not tell, and the number may be another process's by now.
    if (frozen.startTicks > 0 && startTicksOf(frozen.pid) === frozen.startTicks) end(frozen);
    forgetFrozen(frozen.pid);
  }
}

function read(path: string): Frozen | null {
  try {
    if (statSync(path).uid !== process.getuid?.()) return null;
    return JSON.parse(readFileSync(path, 'utf8')) as Frozen;
  } catch {
    return null;
  }
}

function end({ pid, group }: Frozen): void {
  try {
    process.kill(group ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
