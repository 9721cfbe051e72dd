// Percentiles over time on a logarithmic scale, as steps: a stretch in which nothing was sent is a gap.
import { scaleLog, type ScaleLogarithmic } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import type { LatencyOverTime } from '../../../harness/model/facts.ts';
import { formatDuration } from '../../summary/format.ts';
import { markup, trusted, type Markup } from '../markup.ts';
import { percent, type Domain } from '../timeline/domain.ts';
import { plotData, plotValues } from '../timeline/panels.ts';

export const percentiles = ['p50Ms', 'p95Ms', 'p99Ms', 'maxMs'] as const;
export type Percentile = (typeof percentiles)[number];

/** Dashes and widths carry what colours carry. */
export const strokes: Readonly<Record<Percentile, { readonly words: string; readonly colour: string; readonly width: number; readonly dash: string | null }>> = {
  p50Ms: { words: 'p50', colour: '#2f6fb0', width: 2, dash: null },
  p95Ms: { words: 'p95', colour: '#0b6e69', width: 1.5, dash: '6 3' },
  p99Ms: { words: 'p99', colour: '#9a5600', width: 1.5, dash: '2 2' },
  maxMs: { words: 'max', colour: '#ad1f66', width: 1, dash: null },
};

/** Inner units of a plot's width; the drawing is stretched to the figure's. */
const plotWidth = 1_000;
/** Half a microsecond is nothing; a logarithm needs something. */
const leastMs = 0.1;

export type DurationScale = ScaleLogarithmic<number, number>;

/** One scale for all panels, in whole decades, so that they can be compared. */
export function durationScale(all: readonly LatencyOverTime[], height: number): DurationScale {
  const values = all.flatMap((latency) => [...latency.p50Ms, ...latency.maxMs]).filter((value) => value !== null).map((value) => Math.max(leastMs, value));
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  return scaleLog([low, Math.max(high, low * 10)], [height, 0]).clamp(true);
}

export function latencyPanel(latency: LatencyOverTime, title: string, top: number, height: number, y: DurationScale, domain: Domain): Markup {
  const lines = decades(y).map((tick) => markup`<line class="grid" x1="0" x2="100%" y1="${top + y(tick)}" y2="${top + y(tick)}" stroke="#ccc"/>`);
  return markup`${lines}<svg${plotData(latency.fromMs, latency.binMs, ' ms', title.split(',')[0]!)} x="0" y="${top}" width="100%" height="${height}" viewBox="0 0 ${plotWidth} ${height}" preserveAspectRatio="none">${percentiles.toReversed().map((name) => drawing(latency, name, y, domain))}</svg>`;
}

/** Drawn last, over the lines that cross them. */
export function latencyLabels(title: string, top: number, y: DurationScale): Markup {
  const labels = decades(y).slice(0, -1).map((tick) => markup`<text class="over" x="0" y="${top + y(tick) - 3}">${formatDuration(tick)}</text>`);
  return markup`${labels}<text class="name over" x="0" y="${top - 8}">${title}</text>`;
}

const decades = (y: DurationScale): readonly number[] => y.ticks().filter((tick) => Number.isInteger(Number(Math.log10(tick).toFixed(9))));

interface Point {
  readonly x: number;
  readonly value: number | null;
}

function drawing(latency: LatencyOverTime, name: Percentile, y: DurationScale, domain: Domain): Markup {
  const { colour, width, dash, words } = strokes[name];
  const outline = line<Point>().defined(({ value }) => value !== null).x(({ x }) => x).y(({ value }) => y(Math.max(leastMs, value ?? leastMs))).curve(curveStepAfter).digits(1)(points(latency, name, domain)) ?? '';
  return markup`<path class="latency-${words}" data-series="${words}" data-values="${plotValues(latency[name])}" d="${trusted(outline)}" fill="none" stroke="${colour}" stroke-width="${width}"${dash === null ? null : markup` stroke-dasharray="${dash}"`} vector-effect="non-scaling-stroke"/>`;
}

/** One point where a bin begins, and one where a stretch without gaps ends. */
function points(latency: LatencyOverTime, name: Percentile, { place }: Domain): readonly Point[] {
  const { binMs, fromMs } = latency;
  const values = latency[name];
  return values.flatMap((value, bin) => {
    const begin = { x: place(fromMs + bin * binMs) * plotWidth, value };
    const ends = value !== null && (values[bin + 1] ?? null) === null;
    return ends ? [begin, { x: place(fromMs + (bin + 1) * binMs) * plotWidth, value }] : [begin];
  });
}

/** Where the highest of all is: a label that needs no reading of the scale. */
export function highestOf({ maxMs, binMs, fromMs }: LatencyOverTime): { readonly valueMs: number; readonly atMs: number } {
  const valueMs = Math.max(...maxMs.map((value) => value ?? 0));
  return { valueMs, atMs: fromMs + maxMs.indexOf(valueMs) * binMs };
}

export function highestMark(latency: LatencyOverTime, top: number, y: DurationScale, { place }: Domain): Markup {
  const { valueMs, atMs } = highestOf(latency);
  const share = place(atMs);
  const anchor = share > 0.8 ? 'end' : 'start';
  return markup`<text class="over" data-series="max" x="${percent(share)}" y="${top + Math.max(12, y(Math.max(leastMs, valueMs)) - 4)}" text-anchor="${anchor}" dx="${anchor === 'end' ? -4 : 4}">max ${formatDuration(valueMs)}</text>`;
}
