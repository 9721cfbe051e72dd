// `leaderfall compare`: what changed between two suites or runs.
import type { ExitCode } from '../../model/errors.ts';
import { compareSuites } from '../../../reports/compare/compare.ts';
import { renderComparisonMarkdown } from '../../../reports/compare/markdown.ts';
import { renderComparison } from '../../../reports/compare/terminal.ts';
import type { CompareOptions } from '../command-table.ts';
import { wantsColor } from '../io.ts';
import type { Io } from '../io.ts';
import { readSuite } from '../read-suite.ts';

export async function compare(io: Io, [base = '', run = '']: readonly string[], { markdown, json }: CompareOptions): Promise<ExitCode> {
  const comparison = compareSuites(readSuite(base), readSuite(run));
  if (json) io.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
  else io.stdout.write(markdown ? renderComparisonMarkdown(comparison) : renderComparison(comparison, { colour: wantsColor(io.stdout, io.env) }));
  return comparison.exitCode;
}
