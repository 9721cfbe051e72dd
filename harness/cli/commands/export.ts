// `leaderfall export`: every event of one run as CSV, streamed.
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { csvOf } from '../../history/csv.ts';
import { exitCodes, LeaderfallError } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import { openTheRun } from '../../run/open-the-run.ts';
import { makeOutFolder } from '../../run/suite-files.ts';
import type { ExportOptions } from '../command-table.ts';
import type { Io } from '../io.ts';

/** @throws LeaderfallError `E_USAGE` for a file that cannot be written. */
export async function exportRun(io: Io, [folder = '']: readonly string[], { out }: ExportOptions): Promise<ExitCode> {
  const { batches } = await openTheRun(folder);
  if (out === undefined) for await (const piece of csvOf(batches())) io.stdout.write(piece);
  else await writeTo(out, csvOf(batches()));
  return exitCodes.upheld;
}

async function writeTo(path: string, pieces: AsyncIterable<string>): Promise<void> {
  try {
    makeOutFolder(dirname(path));
    await pipeline(pieces, createWriteStream(path));
  } catch (error) {
    if (error instanceof LeaderfallError) throw error;
    throw new LeaderfallError('E_USAGE', `The file ${path} cannot be written`, { hint: 'Choose a writable path, or leave --out away and redirect stdout.', cause: error });
  }
}
