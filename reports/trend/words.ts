// What both renderings of a trend say of a scenario.
import { formatDuration, formatTimestamp, plural } from '../summary/format.ts';
import { resultGlyphs, resultWords, type Result } from '../summary/result.ts';
import type { TrendScenario, TrendSuite } from './trend.ts';

/** How many suites the row of signs has at most: what a terminal has room for. */
export const shownSuites = 40;

/** `✓✓·✗✗`, oldest first; a dot: it was not part of that suite. */
export const signs = ({ results }: TrendScenario): string => results.slice(-shownSuites).map(sign).join('');
const sign = (result: Result | null): string => (result === null ? '·' : resultGlyphs[result]);

/** "2026-11-20 10:00:00 UTC, main, 1a2b3c4d". */
export const suiteWords = ({ startedAt, ref, commit }: TrendSuite): string => [formatTimestamp(startedAt), ref, commit?.slice(0, 8)].filter((part) => part !== null && part !== undefined && part !== '').join(', ');

export function stateWords({ newest, worst, badSince, badFor, lastBad }: TrendScenario): string {
  if (badSince !== null) return `${resultWords[newest]} (${worst}); not upheld since ${suiteWords(badSince)}: ${plural(badFor, 'suite')} in a row`;
  const before = lastBad === null ? '' : `; last bad ${suiteWords(lastBad)}`;
  return `${resultWords[newest]} (${worst})${before}`;
}

/** Empty where no fault struck. */
export function recoveryWords({ recovery }: TrendScenario): string {
  if (recovery === null) return '';
  const { newestMs, medianMs, of, withoutOutage, notRecovered, elsewhere } = recovery;
  return [
    newestMs === null ? 'recovery not seen' : newestMs === 0 ? 'no outage' : `recovery ${formatDuration(newestMs)}`,
    medianMs === null ? '' : `median ${formatDuration(medianMs)} of ${plural(of, 'run')}`,
    withoutOutage === 0 ? '' : `${plural(withoutOutage, 'run')} without an outage`,
    notRecovered === 0 ? '' : `${notRecovered} did not recover`,
    elsewhere === 0 ? '' : `${elsewhere} on another machine or plan left out`,
  ].filter((part) => part !== '').join(', ');
}

export const legend = `${(['upheld', 'required', 'violated', 'inconclusive', 'failed', 'interrupted'] as const).map((result) => `${resultGlyphs[result]} ${result === 'required' ? 'upheld, and showed what it must' : resultWords[result]}`).join(', ')}, · not run; oldest first`;
