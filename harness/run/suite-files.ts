// Where a suite's files go, and the link to the newest one.
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LeaderfallError } from '../model/errors.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';
import { guarded } from '../history/segment-writer.ts';

/** File name to content; made by the reports room, handed in from outside so that conducting does not know formats. */
export interface Renderer {
  run(record: RunRecord): Readonly<Record<string, string>>;
  suite(record: SuiteRecord): Readonly<Record<string, string>>;
}

/** Relative to the current folder. */
export const defaultOut = join('reports', 'runs');

export function makeSuiteFolder(out: string, suiteId: string): string {
  const parent = makeOutFolder(out);
  return usable(parent, () => makeFreshFolder(parent, suiteId));
}

/** The folder that `--out` names. @throws `E_USAGE`. */
export function makeOutFolder(out: string): string {
  const folder = resolve(out);
  return usable(folder, () => {
    makeWithParents(folder);
    return folder;
  });
}

/** One level at a time: Node's recursive form never returns where a parent such as /proc refuses with ENOENT. */
function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  mkdirSync(folder);
}

function usable(folder: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    throw new LeaderfallError('E_USAGE', `The folder ${folder} for the results cannot be made or written`, { hint: 'Choose a writable place with --out.', cause: error });
  }
}

/** A folder that nobody had before: two suites in one second, or two scenarios whose names make one file name, must not share one. */
export function makeFreshFolder(parent: string, name: string): string {
  for (let nth = 1; ; nth++) {
    const folder = join(parent, nth === 1 ? name : `${name}-${nth}`);
    try {
      guarded(() => mkdirSync(folder));
      return folder;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) writeWhole(join(folder, name), content);
}

/** A reader never meets half a file, and a disk that is full leaves what was there before. */
function writeWhole(path: string, content: string): void {
  const partial = `${path}.partial`;
  try {
    guarded(() => writeFileSync(partial, content));
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** `latest` beside the suites' folders. A real file or folder of that name is left alone. */
export function pointLatest(out: string, folder: string): void {
  const link = resolve(out, 'latest');
  const existing = lstatSync(link, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isSymbolicLink()) return;
  const fresh = `${link}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(basename(folder), fresh);
  renameSync(fresh, link);
}
