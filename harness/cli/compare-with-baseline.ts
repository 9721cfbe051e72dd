// `run --baseline`: the comparison on the terminal, and beside the suite's reports.
import type { ExitCode } from '../model/errors.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import { writeFiles } from '../run/suite-files.ts';
import { wantsColor } from './io.ts';
import type { Io } from './io.ts';

/** @param json stdout is for the suite's record alone. */
export async function compareWithBaseline(io: Io, base: SuiteRecord, suite: SuiteRecord, folder: string, json: boolean): Promise<{ readonly exitCode: ExitCode; readonly markdown: string }> {
  const { compareSuites } = await import('../../reports/compare/compare.ts');
  const { renderComparison } = await import('../../reports/compare/terminal.ts');
  const { renderComparisonMarkdown } = await import('../../reports/compare/markdown.ts');
  const comparison = compareSuites(base, suite, { onlyChosen: true });
  const markdown = renderComparisonMarkdown(comparison);
  writeFiles(folder, { 'comparison.json': `${JSON.stringify(comparison, null, 2)}\n`, 'comparison.md': markdown });
  const stream = json ? io.stderr : io.stdout;
  stream.write(`\n${renderComparison(comparison, { colour: wantsColor(stream, io.env) })}`);
  return { exitCode: comparison.exitCode, markdown };
}
