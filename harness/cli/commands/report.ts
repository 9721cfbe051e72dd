// `leaderfall report`: judges finished runs again from their history, without an engine.
import type { ExitCode } from '../../model/errors.ts';
import { readContractFile } from '../../scenario/contract-file.ts';
import { addToHistory } from '../add-to-history.ts';
import type { ReportOptions } from '../command-table.ts';
import type { Io } from '../io.ts';
import { printSuite } from '../print-suite.ts';
import { formatsOf, makeFoldersFor, writeReports } from '../write-reports.ts';

export async function report(io: Io, folders: readonly string[], options: ReportOptions): Promise<ExitCode> {
  const contract = options.contract === undefined ? undefined : readContractFile(options.contract);
  const { reporter: reporters = [] } = options;
  makeFoldersFor(reporters, options.history ?? null);
  const { judgeAgain } = await import('../../index.ts');
  const formats = formatsOf(reporters);
  const { suite, folder } = await judgeAgain({
    folders,
    ...(contract === undefined ? {} : { contract }),
    ...(options.out === undefined ? {} : { out: options.out }),
    ...(formats === undefined ? {} : { formats }),
  });
  const json = options.json ?? false;
  await printSuite(io, suite, folder, json);
  const trend = options.history === undefined ? [] : [await addToHistory(io, { path: options.history, suite, json })];
  await writeReports(io, { suite, reporters, json, more: trend });
  return suite.exitCode as ExitCode;
}
