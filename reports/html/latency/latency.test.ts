import { expect, test } from 'vitest';
import type { Facts, LatencyOverTime } from '../../../harness/model/facts.ts';
import { byName, parseXml, textOf } from '../../testing/parse-xml.ts';
import { upheldRun } from '../../testing/sample-records.ts';
import { latencyBlock } from './latency.ts';

const facts = upheldRun.facts!;
const latency = (p50Ms: readonly (number | null)[]): LatencyOverTime => ({
  binMs: 1_000, fromMs: 10_000, count: p50Ms.map((value) => (value === null ? 0 : 100)), p50Ms, p95Ms: p50Ms, p99Ms: p50Ms, maxMs: p50Ms.map((value) => (value === null ? null : value * 10)),
  before: { count: 200, p50Ms: 1, p95Ms: 2, p99Ms: 3, maxMs: 4 }, during: { count: 100, p50Ms: 500, p95Ms: 600, p99Ms: 700, maxMs: 5_000 }, after: null,
});
const drawn = (changes: Partial<Facts>) => parseXml(`<div>${latencyBlock(upheldRun, { ...facts, ...changes }, 'x').source}</div>`);
const pathOf = (root: ReturnType<typeof drawn>, className: string): string => byName(root, 'path').filter(({ attributes }) => attributes['class'] === className && attributes['vector-effect'] !== undefined)[0]!.attributes['d']!;

test('a stretch in which nothing was sent is a gap, and ten times as long is a whole decade higher', () => {
  const root = drawn({ acknowledgeOverTime: latency([1, 10, null, 100]), endToEndOverTime: null });
  const path = pathOf(root, 'latency-p50');
  expect(path.match(/M/g)).toHaveLength(2);
  const heights = [...path.matchAll(/[ML][\d.]+,([\d.]+)/g)].map(([, y]) => Number(y));
  expect(new Set(heights)).toEqual(new Set([120, 80, 40]));
});

test('the caption and the table say what the lines show, before, during and after', () => {
  const root = drawn({ acknowledgeOverTime: latency([1, 500]), endToEndOverTime: null });
  expect(textOf(byName(root, 'figcaption')[0]!)).toContain('Acknowledgements took 1 ms before the faults, 500 ms during them at the median; the longest 5.0 s, sent at 11.0 s.');
  const rows = byName(byName(byName(root, 'table')[0]!, 'tbody')[0]!, 'tr').map((row) => row.children.map(textOf));
  expect(rows).toEqual([['until acknowledged, before the faults', '200', '1 ms', '2 ms', '3 ms', '4 ms'], ['until acknowledged, during the faults', '100', '500 ms', '600 ms', '700 ms', '5.0 s']]);
});

test('a fault shades its time in each panel; without one the words do not speak of any', () => {
  const bands = (root: ReturnType<typeof drawn>) => byName(byName(root, 'figure')[0]!, 'rect').filter(({ attributes }) => attributes['fill-opacity'] !== undefined);
  expect(bands(drawn({}))).toHaveLength(2 * facts.faults.length);
  const calm = drawn({ faults: [], unavailable: [], acknowledgeOverTime: { ...latency([1, 2]), during: null }, endToEndOverTime: null });
  expect(bands(calm)).toEqual([]);
  expect(textOf(calm)).toContain('Acknowledgements took 1 ms at the median');
  expect(textOf(calm)).not.toContain('before the faults');
});

test('where nothing was measured there is a sentence and no chart', () => {
  expect(latencyBlock(upheldRun, { ...facts, acknowledgeOverTime: null, endToEndOverTime: null }, 'x').source).toBe('<p>No acknowledgement and no delivery was measured.</p>');
});
