// A trend for people at a terminal.
import pc from 'picocolors';
import { oneLine } from '../summary/plain-text.ts';
import type { Trend, TrendScenario } from './trend.ts';
import { legend, recoveryWords, shownSuites, signs, stateWords, suiteWords } from './words.ts';

export function renderTrend({ suites, scenarios, sentence }: Trend, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const paint = ({ newest, badFor }: TrendScenario): ((text: string) => string) => (newest === 'violated' ? colours.red : badFor > 0 ? colours.yellow : colours.green);
  const rows = scenarios.flatMap((row) => {
    const recovery = recoveryWords(row);
    return [`${paint(row)(signs(row))}  ${oneLine(`${row.scenario} (${row.version})`)}`, `    ${oneLine(stateWords(row))}`, ...(recovery === '' ? [] : [`    ${recovery}`])];
  });
  const [first, last] = [suites.at(-Math.min(suites.length, shownSuites)), suites.at(-1)];
  const range = first === undefined || last === undefined ? [] : [oneLine(`${suiteWords(first)} → ${suiteWords(last)}`)];
  return [...range, colours.dim(legend), '', ...rows, '', sentence, ''].join('\n');
}
