// `leaderfall trend`: suites over time, from a history file.
import { LeaderfallError, type ExitCode } from '../../model/errors.ts';
import { renderTrendMarkdown } from '../../../reports/trend/markdown.ts';
import { renderTrend } from '../../../reports/trend/terminal.ts';
import { trendOf } from '../../../reports/trend/trend.ts';
import { unreadWarnings } from '../add-to-history.ts';
import type { TrendOptions } from '../command-table.ts';
import { configFile, readConfig } from '../config.ts';
import { readHistory } from '../history-file.ts';
import { wantsColor } from '../io.ts';
import type { Io } from '../io.ts';

export async function trend(io: Io, [file]: readonly string[], { last, markdown, json }: TrendOptions): Promise<ExitCode> {
  const path = file ?? (await readConfig()).history;
  if (path === null) throw new LeaderfallError('E_USAGE', `No history is named, neither here nor in ${configFile}`, { hint: 'For example: leaderfall trend history.jsonl, after leaderfall run --history history.jsonl' });
  const { lines, unread } = readHistory(path);
  for (const text of unreadWarnings(unread)) io.stderr.write(`${text}\n`);
  if (lines.length === 0) throw new LeaderfallError('E_HISTORY_CORRUPT', `${path} has no suite in it`, { hint: `leaderfall run --history ${path} adds one.` });
  const result = trendOf(last === undefined ? lines : lines.slice(-last));
  if (json) io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else io.stdout.write(markdown ? renderTrendMarkdown(result) : renderTrend(result, { colour: wantsColor(io.stdout, io.env) }));
  return result.exitCode;
}
