// Rates over time as step areas and lines: a plot stretches with the page, its text does not.
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { formatCount } from '../../summary/format.ts';
import { markup, nothing, trusted, type Markup } from '../markup.ts';
import { highestRate, rate, type Bin, type Binned, type SeriesName } from './bins.ts';
import { percent, type Domain } from './domain.ts';

export interface Panel {
  readonly title: string;
  readonly top: number;
  readonly height: number;
  /** Drawn in this order. */
  readonly marks: readonly { readonly name: SeriesName; readonly form: 'area' | 'hatched' | 'line' }[];
}

/** Inner units of a plot's width; the drawing is stretched to the figure's. */
const plotWidth = 1000;

interface Point {
  readonly x: number;
  /** Per second; null: a gap. */
  readonly value: number | null;
}

/** What lies on the time axis; the rest is in `panelLabels`. */
export function drawPanel(panel: Panel, { bins, stepMs }: Binned, domain: Domain): Markup {
  const { y, top } = rateScale(panel, bins);
  return markup`${gridLines(panel, y, top)}<svg${plotData(bins[0]?.fromMs ?? 0, stepMs, '/s')} x="0" y="${panel.top}" width="100%" height="${panel.height}" viewBox="0 0 ${plotWidth} ${panel.height}" preserveAspectRatio="none">${panel.marks.map(({ name, form }) => drawing(bins, name, form, y, domain))}</svg>
<line class="axis" x1="0" x2="100%" y1="${panel.top + panel.height}" y2="${panel.top + panel.height}" stroke="#777"/>
`;
}

/** Drawn last, over the lines that cross them. */
export function panelLabels(panel: Panel, { bins }: Binned): Markup {
  const { y, top } = rateScale(panel, bins);
  return markup`${gridLabels(panel, y, top)}<text class="name over" x="0" y="${panel.top - 8}">${panel.title}</text>`;
}

function rateScale(panel: Panel, bins: readonly Bin[]): { readonly y: ScaleLinear<number, number>; readonly top: number } {
  const top = highestRate(bins, panel.marks.map(({ name }) => name));
  return { top, y: scaleLinear([0, top === 0 ? 1 : top], [panel.height, 0]).nice(tickCount(panel)) };
}

/** What a cursor reads a plot with: when its first step begins, how long each lasts, in what its values are. */
export const plotData = (fromMs: number, stepMs: number, unit: string, label = ''): Markup =>
  markup` class="plot" data-from="${fromMs}" data-step="${stepMs}" data-unit="${unit}"${label === '' ? nothing : markup` data-label="${label}"`}`;

/** To three digits, separated by commas; nothing where there is a gap. */
export const plotValues = (values: readonly (number | null)[]): string => values.map((value) => (value === null ? '' : value >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)))).join(',');

const tickCount = ({ height }: Panel): number => Math.max(1, Math.round(height / 50));

/** Above zero, as many as the height has room for. */
const ticks = (panel: Panel, y: ScaleLinear<number, number>, top: number): readonly number[] =>
  top === 0 ? [] : y.ticks(tickCount(panel)).filter((tick) => tick > 0);

const gridLines = (panel: Panel, y: ScaleLinear<number, number>, top: number): Markup =>
  markup`${ticks(panel, y, top).map((tick) => markup`<line class="grid" x1="0" x2="100%" y1="${panel.top + y(tick)}" y2="${panel.top + y(tick)}" stroke="#ccc"/>`)}`;

/** Above their lines and inside the plot: no margin to reserve on a narrow screen. */
const gridLabels = (panel: Panel, y: ScaleLinear<number, number>, top: number): Markup =>
  markup`${ticks(panel, y, top).map((tick) => markup`<text class="over" x="0" y="${panel.top + y(tick) + 12}">${formatCount(tick)}/s</text>`)}${top === 0 ? markup`<text class="over" x="0" y="${panel.top + panel.height - 5}">none</text>` : nothing}`;

/** One point where a bin begins, and one where a stretch without gaps ends. */
function points(bins: readonly Bin[], name: SeriesName, { place }: Domain): readonly Point[] {
  return bins.flatMap((bin, index) => {
    const value = rate(bin, name);
    const begin = { x: place(bin.fromMs) * plotWidth, value };
    const next = bins[index + 1];
    const ends = value !== null && (next === undefined || rate(next, name) === null);
    return ends ? [begin, { x: place(bin.toMs) * plotWidth, value }] : [begin];
  });
}

const colours = { acknowledged: '#2f6fb0', delivered: '#0b6e69', failed: '#ad1f66', indeterminate: '#9a5600' } as const;
const lineClasses = { acknowledged: 'ack-line', delivered: 'delivered-line', failed: 'fail-line', indeterminate: 'info-edge' } as const;

function drawing(bins: readonly Bin[], name: SeriesName, form: 'area' | 'hatched' | 'line', y: ScaleLinear<number, number>, domain: Domain): Markup {
  const all = points(bins, name, domain);
  const defined = ({ value }: Point): boolean => value !== null;
  const outline = line<Point>().defined(defined).x(({ x }) => x).y(({ value }) => y(value ?? 0)).curve(curveStepAfter).digits(1)(all) ?? '';
  const stroke = markup`<path class="${lineClasses[name]}" data-series="${name}" data-values="${plotValues(bins.map((bin) => rate(bin, name)))}" d="${trusted(outline)}" fill="none" stroke="${colours[name]}" stroke-width="1.5" vector-effect="non-scaling-stroke"/>`;
  if (form === 'line') return stroke;
  const filled = area<Point>().defined(defined).x(({ x }) => x).y0(y(0)).y1(({ value }) => y(value ?? 0)).curve(curveStepAfter).digits(1)(all) ?? '';
  const fill = form === 'area' ? markup`class="ack-area" fill="#bcd5ee"` : markup`fill="url(#pattern-info)"`;
  return markup`<path ${fill} data-series="${name}" d="${trusted(filled)}"/>${stroke}`;
}

/** Windows without sustained success, hatched through every panel. */
export function drawAway(windows: readonly { readonly fromMs: number; readonly toMs: number | null }[], domain: Domain, top: number, height: number): Markup {
  return markup`${windows.map(({ fromMs, toMs }) => {
    const from = domain.place(fromMs);
    const width = Math.max(0.002, domain.place(toMs ?? domain.toMs) - from);
    return markup`<rect class="away-edge" data-series="unavailable" data-say="unavailable" x="${percent(from)}" y="${top}" width="${percent(width)}" height="${height}" fill="url(#pattern-away)" fill-opacity=".55" stroke="#a39b8c" stroke-width=".75"/>`;
  })}`;
}
