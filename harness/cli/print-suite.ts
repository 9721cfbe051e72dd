// The result of a suite on stdout: the verdict table and where the reports are, or the record as JSON.
import { join, relative } from 'node:path';
import type { SuiteRecord } from '../model/run-record.ts';
import { LeaderfallError, type ErrorCode } from '../model/errors.ts';
import { colorsFor, wantsColor } from './io.ts';
import { howOften } from './how-often.ts';
import { printError } from './print-error.ts';
import type { Io } from './io.ts';

/** @param folder of the suite, with its report.html. */
export async function printSuite(io: Io, suite: SuiteRecord, folder: string, json: boolean): Promise<void> {
  if (json) {
    io.stdout.write(`${JSON.stringify(suite, null, 2)}\n`);
    return;
  }
  printErrors(io, suite);
  const { renderTable } = await import('../../reports/terminal/table.ts');
  const colors = colorsFor(io.stdout, io.env);
  io.stdout.write(`\n${renderTable(suite, { colour: wantsColor(io.stdout, io.env), width: (io.stdout.isTTY ? io.stdout.columns : undefined) ?? Infinity })}\n`);
  for (const line of howOften(suite)) io.stdout.write(`${line}\n`);
  io.stdout.write(`${colors.dim('report')}  ${near(join(folder, 'report.html'))}\n${colors.dim('seed')}    ${suite.seed}\n${colors.dim('again')}   ${suite.command}\n`);
}

/** Why runs failed, with evidence and the next action: once each, for scenarios on one cluster fail together. */
function printErrors(io: Io, suite: SuiteRecord): void {
  const errors = suite.runs.flatMap(({ status, error }) => (status === 'failed' && error !== null ? [error] : []));
  const distinct = new Map(errors.map((error) => [`${error.code} ${error.message}`, error]));
  for (const { code, message, hint, detail } of distinct.values()) {
    printError(io, new LeaderfallError(code as ErrorCode, message, { ...(hint === null ? {} : { hint }), ...(detail === null ? {} : { detail }) }));
  }
}

/** As short as it can be read from the working directory. */
function near(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
}
