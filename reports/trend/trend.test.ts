// Suites over time: the row of signs, since when it is bad, and medians of what can be compared.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { anyText } from '../testing/hostile.ts';
import { failedRun, inconclusiveRun, mixedSuite, requiredRun, upheldRun, upheldSuite, violatedRun } from '../testing/sample-records.ts';
import { historyLineOf, parseHistoryLine, type HistoryLine } from './history-line.ts';
import { renderTrendMarkdown } from './markdown.ts';
import { renderTrend } from './terminal.ts';
import { trendOf, type TrendScenario } from './trend.ts';

const nobody = { commit: null, ref: null, url: null };
const { scenario } = upheldRun;

/** The n-th suite, a day after the one before. */
function suite(nth: number, ...runs: readonly RunRecord[]): HistoryLine {
  const record: SuiteRecord = { ...upheldSuite, suiteId: `suite-${nth}`, startedAt: `2026-11-${String(nth).padStart(2, '0')}T10:00:00.000Z`, runs };
  return historyLineOf(record, { commit: `c0ffee${nth}`, ref: 'main', url: null });
}

const as = (run: RunRecord): RunRecord => ({ ...run, scenario: { ...scenario, contract: run.scenario.contract } });
const recovering = (timeToRecoverMs: number | null, overrides: Partial<RunRecord> = {}): RunRecord =>
  ({ ...upheldRun, ...overrides, facts: { ...upheldRun.facts!, faults: upheldRun.facts!.faults.map((fault) => ({ ...fault, timeToRecoverMs })) } });
const elsewhere = { environment: { ...upheldRun.environment, cpus: 64 } };
const only = (...lines: readonly HistoryLine[]): TrendScenario => trendOf(lines).scenarios[0]!;

test('a line has what a suite comes to, and comes back from its text', () => {
  const line = historyLineOf(mixedSuite, { commit: 'c0ffee', ref: 'main', url: 'https://ci.example/7' });
  expect(parseHistoryLine(JSON.stringify(line))).toEqual(line);
  expect(line).toMatchObject({ commit: 'c0ffee', ref: 'main', seed: mixedSuite.seed, exitCode: mixedSuite.exitCode, leaderfall: mixedSuite.leaderfall, notRunnable: mixedSuite.notRunnable.map(({ name }) => name) });
  const violated = line.scenarios.find((each) => each.scenario === violatedRun.scenario.name)!;
  expect(violated).toMatchObject({ result: 'violated', lost: violatedRun.facts!.accounting.lost, version: 'rabbitmq 4.3' });
  expect(JSON.stringify(line).length).toBeLessThan(line.scenarios.length * 500 + 1_000);
});

test('what is cut off, of another schema, or no JSON is no line', () => {
  const text = JSON.stringify(suite(1, upheldRun));
  for (const broken of [text.slice(0, -20), text.replace('history@1', 'history@2'), 'null', '[]', '']) expect(parseHistoryLine(broken)).toBeNull();
});

test('a secret in the address of a job is not kept', () => {
  expect(historyLineOf(upheldSuite, { ...nobody, url: 'https://me:hunter2@ci.example/7' }).url).not.toContain('hunter2');
});

test('signs stand in the order of time, whatever the order of the lines, and a dot where it was not part of the suite', () => {
  const lines = [suite(4, as(violatedRun)), suite(1, upheldRun), suite(3, { ...requiredRun, scenario: { ...requiredRun.scenario, name: 'another' } }), suite(2, as(inconclusiveRun))];
  const trend = trendOf(lines);
  expect(trend.suites.map(({ suiteId }) => suiteId)).toEqual(['suite-1', 'suite-2', 'suite-3', 'suite-4']);
  expect(renderTrend(trend, { colour: false })).toContain(`✓?·✗  ${scenario.name} (kafka 4.1)\n`);
  expect(renderTrend(trend, { colour: false })).toContain('··◆·  another');
});

test('bad since the first of the unbroken row at the end, and over with the first good result', () => {
  const lines = [suite(1, as(violatedRun)), suite(2, upheldRun), suite(3, as(inconclusiveRun)), suite(4), suite(5, as(violatedRun))];
  expect(only(...lines)).toMatchObject({ newest: 'violated', badFor: 2, badSince: { suiteId: 'suite-3', commit: 'c0ffee3' } });
  expect(only(...lines, suite(6, upheldRun))).toMatchObject({ newest: 'upheld', badFor: 0, badSince: null, lastBad: { suiteId: 'suite-5' } });
  expect(renderTrend(trendOf(lines), { colour: false })).toContain('not upheld since 2026-11-03 10:00:00 UTC, main, c0ffee3: 2 suites in a row');
});

test('the median is over runs on the same machine and plan as the newest, whatever their seed', () => {
  const lines = [suite(1, recovering(1_000)), suite(2, recovering(90_000, elsewhere)), suite(3, recovering(3_000, { seed: 'other' })), suite(4, recovering(null)), suite(5, recovering(2_000))];
  expect(only(...lines).recovery).toEqual({ newestMs: 2_000, medianMs: 2_000, of: 3, withoutOutage: 0, notRecovered: 1, elsewhere: 1 });
  expect(only(...lines.slice(0, 1), lines[2]!).recovery?.medianMs).toBe(2_000);
  expect(renderTrend(trendOf(lines), { colour: false })).toContain('recovery 2.0 s, median 2.0 s of 3 runs, 1 did not recover, 1 on another machine or plan left out');
  const otherPlan = recovering(5_000, { scenario: { ...scenario, payloadBytes: 1 } });
  expect(only(suite(1, recovering(1_000)), suite(2, otherPlan)).recovery).toMatchObject({ medianMs: 5_000, of: 1, elsewhere: 1 });
});

test('a run without an outage is counted, and is no duration of zero that pulls the median down', () => {
  const lines = [suite(1, recovering(0)), suite(2, recovering(0)), suite(3, recovering(0)), suite(4, recovering(1_000)), suite(5, recovering(3_000))];
  expect(only(...lines).recovery).toEqual({ newestMs: 3_000, medianMs: 2_000, of: 2, withoutOutage: 3, notRecovered: 0, elsewhere: 0 });
  expect(renderTrend(trendOf(lines), { colour: false })).toContain('recovery 3.0 s, median 2.0 s of 2 runs, 3 runs without an outage\n');
  expect(renderTrend(trendOf(lines.slice(0, 1)), { colour: false })).toContain('    no outage, 1 run without an outage\n');
  expect(renderTrend(trendOf([suite(1, recovering(null))]), { colour: false })).toContain('    recovery not seen, 1 did not recover\n');
});

test('a suite that is there twice counts once, as the later line says', () => {
  expect(only(suite(1, upheldRun), suite(1, as(violatedRun)))).toMatchObject({ results: ['violated'], badFor: 1 });
});

test('versions of a broker have a row each', () => {
  const old = { ...upheldRun, scenario: { ...scenario, cluster: { ...scenario.cluster, version: '3.9' } } };
  expect(trendOf([suite(1, upheldRun, old)]).scenarios.map(({ version }) => version).toSorted()).toEqual(['kafka 3.9', 'kafka 4.1']);
});

test.each([[0, upheldRun], [0, requiredRun], [1, violatedRun], [3, inconclusiveRun], [4, failedRun]])('exits %i by the newest result', (code, run) => {
  expect(trendOf([suite(1, as(violatedRun)), suite(2, as(run))]).exitCode).toBe(code);
});

test('what is bad now stands first, and open in Markdown', () => {
  const trend = trendOf([suite(1, upheldRun, violatedRun)]);
  expect(trend.scenarios.map(({ badFor }) => badFor)).toEqual([1, 0]);
  const markdown = renderTrendMarkdown(trend);
  expect(markdown.indexOf(violatedRun.scenario.name)).toBeLessThan(markdown.indexOf('<details>'));
  expect(markdown.indexOf(`\`${upheldRun.scenario.name}\``)).toBeGreaterThan(markdown.indexOf('<details>'));
});

test('no text of a line breaks out of its line or its table', () => {
  const line = suite(1, violatedRun);
  fc.assert(fc.property(anyText, (text) => {
    const hostile = { ...line, ref: text, commit: text, scenarios: line.scenarios.map((each) => ({ ...each, scenario: text, worst: text })) };
    const trend = trendOf([hostile]);
    expect(renderTrend(trend, { colour: false }).split('\n')).toHaveLength(renderTrend(trendOf([line]), { colour: false }).split('\n').length);
    expect(renderTrendMarkdown(trend).split('\n')).toHaveLength(renderTrendMarkdown(trendOf([line])).split('\n').length);
    expect(renderTrendMarkdown(trend)).not.toMatch(/<(?!\/?details>|\/?summary>|br>)/);
  }));
});
