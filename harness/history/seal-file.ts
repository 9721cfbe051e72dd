// `seal.json`: what a run's files held when it was sealed. A folder that was damaged since is refused, not judged.
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { digestOf, type FileDigest } from './file-digest.ts';
import { guarded } from './segment-writer.ts';
import { runFiles } from './segment-format.ts';

export const sealSchema = 'leaderfall/seal@1';

/** Names of the files that are sealed. */
const sealedFiles = ['plan', 'messages', 'timeline'] as const;
export type SealedFile = (typeof sealedFiles)[number];

export interface Seal {
  readonly schema: string;
  /** By name. The timeline may have grown since: phases end after sealing as well. */
  readonly files: Readonly<Record<string, FileDigest>>;
}

/** Seals the files as they are. @param messages of `messages.arrow`, where it was told while it was written. */
export function writeSeal(folder: string, messages?: FileDigest): void {
  const files = runFiles(folder);
  const digests = sealedFiles.flatMap((file): [string, FileDigest][] => {
    if (file === 'messages' && messages !== undefined) return [[basename(files.messages), messages]];
    return existsSync(files[file]) ? [[basename(files[file]), digestOf(files[file])]] : [];
  });
  const seal: Seal = { schema: sealSchema, files: Object.fromEntries(digests) };
  guarded(() => writeFileSync(`${files.seal}.partial`, `${JSON.stringify(seal, null, 2)}\n`));
  renameSync(`${files.seal}.partial`, files.seal);
}

/** null: there is none. @throws where it is not JSON. */
export function readSeal(folder: string): Seal | null {
  const { seal } = runFiles(folder);
  return existsSync(seal) ? (JSON.parse(readFileSync(seal, 'utf8')) as Seal) : null;
}

/** What differs from what was sealed, in words; null: nothing. */
export function damageOf(seal: Seal, path: string): string | null {
  const name = basename(path);
  const sealed = seal.files?.[name];
  if (sealed === undefined) return `seal.json does not name ${name}`;
  if (!existsSync(path)) return `${name} is missing`;
  const { size } = statSync(path);
  const grows = name === 'timeline.ndjson';
  if (grows ? size < sealed.bytes : size !== sealed.bytes) return `${name} has ${size} bytes, ${sealed.bytes} were sealed`;
  return digestOf(path, sealed.bytes).sha256 === sealed.sha256 ? null : `${name} is not what was sealed: its SHA-256 differs from the one in seal.json`;
}
