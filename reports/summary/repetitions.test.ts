import { expect, test } from 'vitest';
import { renderAnnotations, renderStepSummary } from '../github/github.ts';
import { renderSuite } from '../render.ts';
import { renderTable } from '../terminal/table.ts';
import { countedSuite } from '../testing/sample-matrix.ts';
import { byName, parseXml, textOf } from '../testing/parse-xml.ts';
import { repetitionsOf, shareWords } from './repetitions.ts';

test('a share has its interval, and none judged is no zero', () => {
  expect(shareWords({ count: 3, of: 20, low: 0.052, high: 0.36 })).toBe('3 of 20 (95 % interval 5 % to 36 %)');
  expect(shareWords({ count: 0, of: 0, low: 0, high: 1 })).toBe('none judged');
});

test('a summary belongs to its scenario on its version', () => {
  const run = countedSuite.runs.at(-1)!;
  expect(repetitionsOf(countedSuite, run)?.judged).toBe(10);
  const elsewhere = { ...run, scenario: { ...run.scenario, cluster: { ...run.scenario.cluster, version: '9' } } };
  expect([repetitionsOf(countedSuite, elsewhere), repetitionsOf({}, run)]).toEqual([null, null]);
});

test('every surface says how often, with the interval, and none says flaky', () => {
  const files: Readonly<Record<string, string>> = { ...renderSuite(countedSuite), terminal: renderTable(countedSuite, { colour: false, width: 140 }), summary: renderStepSummary(countedSuite), annotations: renderAnnotations(countedSuite) };
  for (const name of ['report.html', 'summary.md', 'terminal', 'summary', 'suite.json'] as const) expect(files[name]!.replaceAll('\u00a0', ' '), name).toContain('violated in 1 of 10 (95 % interval 2 % to 40 %)');
  expect(files['metrics.txt']).toContain('leaderfall_repetitions{scenario="memory/answer-after-processing/crash",version="embedded",verdict="violated"} 1');
  for (const [name, text] of Object.entries(files)) expect(text, name).not.toMatch(/flak/i);
});

test.each([[0, 'no outage seen in 10 of 10 runs'], [3, '900 ms, 1.2 s, 2.0 s; no outage seen in 7 of 10 runs'], [10, '900 ms, 1.2 s, 2.0 s']])('outages in %i of 10 runs are told beside the runs without one', (count, words) => {
  const [summary] = countedSuite.repetitions!;
  const { verdicts } = summary!.clauses[0]!;
  const times = count === 0 ? { fewest: 0, median: 0, most: 0 } : { fewest: 900, median: 1_200, most: 2_000 };
  const page = renderSuite({ ...countedSuite, repetitions: [{ ...summary!, clauses: [{ measure: 'unavailableMs', expected: 'at most 5,000', verdicts }], measures: [{ measure: 'unavailableMs', shown: { count, of: 10, low: 0, high: 1 }, ...times }] }] })['report.html']!;
  expect(textOf(byName(parseXml(page), 'table').find((each) => textOf(byName(each, 'caption')[0]!).startsWith('Clauses of'))!)).toContain(words);
});
