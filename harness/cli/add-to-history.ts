// `--history`: the suite becomes a line, and what the line makes of the trend goes into the step summary.
import type { SuiteRecord } from '../model/run-record.ts';
import { originOf } from './ci-origin.ts';
import type { Io } from './io.ts';

export interface HistoryRequest {
  readonly path: string;
  readonly suite: SuiteRecord;
  /** Stdout is for the record alone. */
  readonly json: boolean;
}

/** @returns the trend as Markdown. @throws what `appendToHistory` throws. */
export async function addToHistory(io: Io, { path, suite, json }: HistoryRequest): Promise<string> {
  const { appendToHistory, readHistory } = await import('./history-file.ts');
  const { historyLineOf } = await import('../../reports/trend/history-line.ts');
  const { trendOf } = await import('../../reports/trend/trend.ts');
  const { renderTrendMarkdown } = await import('../../reports/trend/markdown.ts');
  // The suite is over, also one that was interrupted: its line is what is left to do.
  const pushedOut = await appendToHistory(path, historyLineOf(suite, originOf(io.env)), AbortSignal.timeout(writeMs));
  const { lines, unread } = readHistory(path);
  for (const text of unreadWarnings(unread)) io.stderr.write(`${text}\n`);
  const out = json ? io.stderr : io.stdout;
  out.write(`history  ${path}: ${lines.length} ${lines.length === 1 ? 'suite' : 'suites'}${pushedOut === 0 ? '' : `, the oldest ${pushedOut} left out: it was full`}\n`);
  return renderTrendMarkdown(trendOf(lines));
}

const writeMs = 60_000;

/** A line that cannot be read stays in the file, and nothing is concluded from it. */
export const unreadWarnings = (unread: readonly string[]): readonly string[] => unread.map((place) => `warning: ${place} is no whole line of a history that this version reads; it stays there and is not counted`);
