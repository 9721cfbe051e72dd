import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Series } from '../../../harness/model/facts.ts';
import { sampleWindow } from '../../testing/sample-facts.ts';
import { requiredRun, upheldRun, violatedRun } from '../../testing/sample-records.ts';
import { byName, parseXml } from '../../testing/parse-xml.ts';
import { joinBins, rate, seriesNames } from './bins.ts';
import { timeDomain } from './domain.ts';
import { timelineFinding } from './finding.ts';
import { faultLabel } from './lanes.ts';
import { timeline } from './timeline.ts';

const counts = fc.array(fc.nat(1000), { minLength: 1, maxLength: 400 });

test('joined bins hold every message once and are never more than asked for', () => {
  fc.assert(fc.property(counts, fc.integer({ min: 10, max: 240 }), (column, limit) => {
    const series: Series = { binMs: 100, acknowledged: column, delivered: column, failed: column, indeterminate: column };
    const { bins } = joinBins(series, 0, column.length * 100, limit);
    expect(bins.length).toBeLessThanOrEqual(limit);
    for (const name of seriesNames) expect(bins.reduce((sum, bin) => sum + (bin.counts[name] ?? 0), 0)).toBe(column.reduce((sum, count) => sum + count, 0));
  }));
});

test('what was not recorded is a gap, what was counted as nothing is a zero', () => {
  const { bins } = joinBins({ binMs: 100, acknowledged: [5, 0], delivered: [], failed: [0, 0, 0], indeterminate: [1, Number.NaN, 3] }, 0, 300, 10);
  expect(bins.map((bin) => rate(bin, 'acknowledged'))).toEqual([50, 0, null]);
  expect(bins.map((bin) => rate(bin, 'delivered'))).toEqual([null, null, null]);
  expect(bins.map((bin) => rate(bin, 'indeterminate'))).toEqual([10, null, 30]);
});

test('a gap breaks the line', () => {
  const facts = { ...upheldRun.facts!, series: { binMs: 1000, acknowledged: [1, 1, Number.NaN, 1, 1], delivered: [], failed: [], indeterminate: [] } };
  const svg = byName(parseXml(timeline(upheldRun, facts, 'x').source), 'path').find(({ attributes }) => attributes['class'] === 'ack-line');
  expect(svg?.attributes['d']?.match(/M/g)).toHaveLength(2);
});

test('the axis covers every fault, window, change of leader and message', () => {
  const { series, faults, unavailable, leaderChanges } = violatedRun.facts!;
  const { fromMs, toMs, place } = timeDomain(violatedRun, violatedRun.facts!);
  const times = [...faults.flatMap((fault) => [fault.beginMs, fault.healedMs!]), ...unavailable.flatMap((window) => [window.fromMs, window.toMs!]), ...leaderChanges.map(({ timeMs }) => timeMs), series.acknowledged.findIndex((count) => count > 0) * series.binMs];
  for (const timeMs of times) expect(timeMs >= fromMs && timeMs <= toMs).toBe(true);
  expect([place(fromMs), place(toMs), place(toMs + 1e6)]).toEqual([0, 1, 1]);
});

test('the caption says in words what the drawing shows', () => {
  expect(timelineFinding(upheldRun.facts!)).toBe('kafka-2 was killed at 12.3 s. Leadership of partition 0 moved from kafka-2 to kafka-1 at 14.9 s. Publishing was unavailable once for 3.4 s, from 12.3 s to 15.7 s. Full redundancy was back 9.1 s after the strike. 20 attempts stayed without an answer; of 16 messages it is not known whether they happened.');
  expect(timelineFinding(requiredRun.facts!)).toMatch(/^Replication of kafka-2 was cut at 12\.1 s and kafka-2 was killed at 14\.3 s\./);
  expect(timelineFinding({ ...upheldRun.facts!, unavailable: [{ ...sampleWindow(4000, null), partition: 3 }] })).toContain('From 4.0 s on, publishing to partition 3 did not succeed again.');
});

test('the caption counts attempts as the curves do, and windows as the table below does', () => {
  const { series, totals } = upheldRun.facts!;
  const calm = { ...upheldRun.facts!, totals: { ...totals, indeterminate: 0 }, series: { ...series, indeterminate: [] } };
  expect(timelineFinding({ ...calm, series: { ...calm.series, failed: [300, 83] } })).toContain('383 attempts failed and were sent again.');
  expect(timelineFinding({ ...calm, totals: { ...calm.totals, failed: 2 }, series: { ...calm.series, failed: [3] } })).toContain('3 attempts failed; 2 messages failed for certain.');
  expect(timelineFinding(calm)).toContain('No publish failed or stayed without an answer.');
  const unavailable = [0, 1, 2].flatMap((partition) => [sampleWindow(4000, 5000), sampleWindow(7000, 9000)].map((window) => ({ ...window, partition })));
  expect(timelineFinding({ ...calm, unavailable })).toContain('Publishing was unavailable 2 times, the longest for 2.0 s');
});

test('the caption speaks of a queue as that', () => {
  expect(timelineFinding(violatedRun.facts!)).toContain('Leadership of the queue moved from rabbitmq-2 to rabbitmq-3 at 31.9 s.');
});

test('lane labels stay short, however long the names', () => {
  const fault = { ...upheldRun.facts!.faults[0]!, fault: 'x'.repeat(80), nodes: ['y'.repeat(80), 'z'] };
  expect([...faultLabel(fault)].length).toBeLessThan(70);
  expect(faultLabel(upheldRun.facts!.faults[0]!)).toBe('kill kafka-2 · 12.3–20.9 s');
});
