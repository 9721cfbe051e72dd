// How long acknowledgements and deliveries took: over time, and before, during and after the faults.
import type { Facts, Latency, LatencyOverTime } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount, formatDuration, formatInstant } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { legendOf, lineSwatch, swatch } from '../glyphs.ts';
import { markup, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { faultBands, timeAxis, timeLayer } from '../timeline/axis.ts';
import { timeDomain } from '../timeline/domain.ts';
import { durationScale, highestMark, highestOf, latencyLabels, latencyPanel, percentiles, strokes } from './panel.ts';

interface Measured {
  readonly title: string;
  /** As the beginning of a sentence. */
  readonly words: string;
  readonly latency: LatencyOverTime;
}

const panelHeight = 120;
const panelGap = 34;

export function latencyBlock(run: RunRecord, facts: Facts, id: string): Markup {
  const all = measuredIn(facts);
  if (all.length === 0) return markup`<p>No acknowledgement and no delivery was measured.</p>`;
  const finding = all.map(findingOf).join(' ');
  return markup`<figure>${legend(facts)}${chart(run, facts, all, id, finding)}
<figcaption>${finding} <span class="note">Each message stands at the time at which it was sent, on a logarithmic scale, in steps of ${formatCount(all[0]!.latency.binMs)} ms. Where nothing was sent that ended there is a gap. An acknowledgement is counted from its message’s first attempt, and so is a delivery.</span></figcaption></figure>
${partsTable(all, facts.faults.length > 0)}${folded('Over time as a table', markup`${all.map(overTimeTable)}`)}`;
}

function measuredIn({ acknowledgeOverTime, endToEndOverTime }: Facts): readonly Measured[] {
  return [
    ...(acknowledgeOverTime === null ? [] : [{ title: 'until acknowledged', words: 'Acknowledgements', latency: acknowledgeOverTime }]),
    ...(endToEndOverTime === null ? [] : [{ title: 'until delivered, from end to end', words: 'Deliveries', latency: endToEndOverTime }]),
  ];
}

function findingOf({ words, latency }: Measured): string {
  const { before, during, after } = latency;
  const { valueMs, atMs } = highestOf(latency);
  const parts = ([['before the faults', before], ['during them', during], ['after', after]] as const).flatMap(([when, part]) => (part === null ? [] : [`${formatDuration(part.p50Ms)} ${when}`]));
  const medians = during === null && after === null ? formatDuration(before?.p50Ms ?? 0) : parts.join(', ');
  return `${words} took ${medians} at the median; the longest ${formatDuration(valueMs)}, sent at ${formatInstant(atMs)}.`;
}

function legend({ faults }: Facts): Markup {
  const lines = percentiles.map((name) => ({ series: strokes[name].words, sample: lineSwatch(`latency-${strokes[name].words}`, strokes[name].colour, strokes[name].dash), words: strokes[name].words }));
  return legendOf([...lines, ...(faults.length === 0 ? [] : [{ series: 'fault', sample: swatch('fault-band', '#f2d9db'), words: 'fault in force' }])]);
}

function chart(run: RunRecord, facts: Facts, all: readonly Measured[], id: string, finding: string): Markup {
  const domain = timeDomain(run, facts);
  const y = durationScale(all.map(({ latency }) => latency), panelHeight);
  const topOf = (index: number): number => 20 + index * (panelHeight + panelGap);
  const bottom = topOf(all.length - 1) + panelHeight;
  return markup`<svg class="chart" role="img" aria-labelledby="${id}--title ${id}--desc" width="100%" height="${bottom + 22}" font-family="system-ui, sans-serif" font-size="12">
<title id="${id}--title">Latency of ${run.scenario.name}</title><desc id="${id}--desc">${finding}</desc>
${timeLayer(all.map(({ title, latency }, index) => markup`${faultBands(facts.faults, domain, topOf(index), panelHeight)}${latencyPanel(latency, title, topOf(index), panelHeight, y, domain)}${highestMark(latency, topOf(index), y, domain)}`))}
${all.map(({ title }, index) => latencyLabels(title, topOf(index), y))}
<line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}" stroke="#777"/>${timeAxis(domain, bottom)}</svg>`;
}

interface Part {
  readonly words: string;
  readonly latency: Latency;
}

function partsTable(all: readonly Measured[], anyFault: boolean): Markup {
  const rows = all.flatMap(({ title, latency }): readonly Part[] => ([[anyFault ? ', before the faults' : '', latency.before], [', during the faults', latency.during], [', after the faults', latency.after]] as const)
    .flatMap(([when, part]) => (part === null ? [] : [{ words: `${title}${when}`, latency: part }])));
  return table<Part>({
    caption: `Latency${anyFault ? '; during: from the first strike until the last fault was healed' : ''}`, captionHidden: false, rows,
    columns: [
      { header: 'latency', cell: ({ words }) => words },
      { header: 'messages', kind: 'number', cell: ({ latency }) => formatCount(latency.count) },
      ...percentiles.map((name) => ({ header: strokes[name].words, kind: 'number' as const, cell: ({ latency }: Part) => formatDuration(latency[name]) })),
    ],
  });
}

interface Step {
  readonly fromMs: number;
  readonly values: readonly (number | null)[];
}

/** A table is read row by row: every step has one, up to a limit that is told; the record has all. */
const stepLimit = 60;

function overTimeTable({ title, latency }: Measured): Markup {
  const steps = latency.count.map((_, bin): Step => ({ fromMs: latency.fromMs + bin * latency.binMs, values: percentiles.map((name) => latency[name][bin] ?? null) })).filter((_, bin) => latency.count[bin]! > 0);
  return table<Step>({
    caption: `Time ${title}, by when it was sent${steps.length > stepLimit ? `; the first ${stepLimit} of ${formatCount(steps.length)} steps` : ''}`, captionHidden: false, stack: false, rows: steps.slice(0, stepLimit),
    columns: [
      { header: 'from', kind: 'number', cell: ({ fromMs }) => formatInstant(fromMs) },
      ...percentiles.map((name, index) => ({ header: strokes[name].words, kind: 'number' as const, cell: ({ values }: Step) => (values[index] === null ? '–' : formatDuration(values[index]!)) })),
    ],
  });
}
