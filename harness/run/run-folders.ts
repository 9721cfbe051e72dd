// Where the files of a run lie that was made in this process: a record is plain data that may be moved, so it does not say itself.
import type { RunRecord } from '../model/run-record.ts';

const folders = new WeakMap<RunRecord, string>();

export function rememberFolder(record: RunRecord, folder: string): void {
  folders.set(record, folder);
}

/** null for a record that was read from a file or made by another process. */
export const folderOf = (record: RunRecord): string | null => folders.get(record) ?? null;
