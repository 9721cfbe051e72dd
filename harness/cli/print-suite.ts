// The result of a suite on stdout: the verdict table and where the reports are, or the record as JSON.
import { join, relative } from 'node:path';
import type { SuiteRecord } from '../model/run-record.ts';
import { colorsFor, wantsColor } from './io.ts';
import type { Io } from './io.ts';

const pipedWidth = 120;

/** @param folder of the suite, with its report.html. */
export async function printSuite(io: Io, suite: SuiteRecord, folder: string, json: boolean): Promise<void> {
  if (json) {
    io.stdout.write(`${JSON.stringify(suite, null, 2)}\n`);
    return;
  }
  const { renderTable } = await import('../../reports/terminal/table.ts');
  const colors = colorsFor(io.stdout, io.env);
  io.stdout.write(`\n${renderTable(suite, { colour: wantsColor(io.stdout, io.env), width: io.stdout.columns ?? pipedWidth })}\n`);
  io.stdout.write(`${colors.dim('report')}  ${near(join(folder, 'report.html'))}\n${colors.dim('seed')}    ${suite.seed}\n${colors.dim('again')}   ${suite.command}\n`);
}

/** As short as it can be read from the working directory. */
function near(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
}
