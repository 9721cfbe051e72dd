// What a file held when the run was sealed: its length and SHA-256, so that damage is noticed before anything is counted.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

export interface FileDigest {
  readonly bytes: number;
  /** In hexadecimal, as `sha256sum` prints it. */
  readonly sha256: string;
}

const chunkBytes = 1 << 20;

/** Of the first `bytes` bytes; fewer are told where the file is shorter. Default: of all of it. */
export function digestOf(path: string, bytes = Infinity): FileDigest {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const descriptor = openSync(path, 'r');
  let seen = 0;
  try {
    while (seen < bytes) {
      const read = readSync(descriptor, chunk, 0, Math.min(chunkBytes, bytes - seen), null);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      seen += read;
    }
  } finally {
    closeSync(descriptor);
  }
  return { bytes: seen, sha256: hash.digest('hex') };
}
