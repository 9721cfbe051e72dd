// The folders under `docker/` that images are built from: where they are, what they hash to, a staged copy of one.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { invariant } from '../../../model/errors.ts';
import { findExtraAuthorities } from './extra-ca.ts';

/** The folder of a Dockerfile; it is the same distance away in a checkout and in the published package. */
export function contextFolder(name: string): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'docker', name)) && existsSync(join(folder, 'docker', 'base', 'build-base.sh'))) {
      return join(folder, 'docker', name);
    }
  }
  invariant(false, `docker/${name} belongs to the package and is missing`);
}

/**
 * Eight hex digits over the files' names and contents and over what else decides the result, so that a changed
 * Dockerfile makes a new tag. Certificates of this machine are not part of it.
 */
export async function contextHash(folder: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(inputs));
  for (const file of await filesIn(folder)) {
    hash.update(`\0${file}\0`).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 8);
}

export interface StagedContext extends AsyncDisposable {
  readonly folder: string;
  /** The top-level names in it. */
  readonly entries: readonly string[];
}

/** A temporary copy of the context, with this machine's extra certificate authorities where the context has a place for them. */
export async function stageContext(source: string): Promise<StagedContext> {
  const folder = await mkdtemp(join(tmpdir(), 'leaderfall-context-'));
  await cp(source, folder, { recursive: true });
  const authorities = join(folder, 'extra-ca');
  if (existsSync(authorities)) {
    const certificates = await findExtraAuthorities();
    await Promise.all(certificates.map((pem, index) => writeFile(join(authorities, `extra-${index}.crt`), `${pem}\n`)));
  }
  return {
    folder,
    entries: await readdir(folder),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !file.startsWith('extra-ca'))
    .toSorted();
}
