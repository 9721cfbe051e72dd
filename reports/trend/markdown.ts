// A trend for a step summary: what is bad now, and the rest folded.
import { codeSpan, escapeMarkdown } from '../markdown/escape.ts';
import type { Trend, TrendScenario } from './trend.ts';
import { legend, recoveryWords, signs, stateWords } from './words.ts';

export function renderTrendMarkdown({ sentence, scenarios }: Trend): string {
  const bad = scenarios.filter(({ badFor }) => badFor > 0);
  const good = scenarios.filter(({ badFor }) => badFor === 0);
  return [
    `## Over time: ${escapeMarkdown(sentence)}\n`,
    bad.length === 0 ? '' : table(bad),
    good.length === 0 ? '' : `<details><summary>Upheld in the newest result</summary>\n\n${table(good)}\n</details>\n`,
    `${escapeMarkdown(legend)}\n`,
  ].filter((part) => part !== '').join('\n');
}

const table = (rows: readonly TrendScenario[]): string => `| over time | scenario | now |\n|---|---|---|\n${rows.map(row).join('')}`;

function row(each: TrendScenario): string {
  const lines = [stateWords(each), recoveryWords(each)].filter((text) => text !== '').map(escapeMarkdown);
  return `| ${signs(each)} | ${codeSpan(each.scenario)} ${escapeMarkdown(each.version)} | ${lines.join('<br>')} |\n`;
}
