// The figure that answers "when, and who": phases, faults, leaders and rates on one time axis.
import type { Facts } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { legendOf, lineSwatch, swatch, type LegendEntry } from '../glyphs.ts';
import { markup, nothing, prose, type Markup } from '../markup.ts';
import { timeAxis, timeLayer } from './axis.ts';
import { highestRate, joinBins, seriesNames, type Bin, type Binned } from './bins.ts';
import { timelineTables } from './data-table.ts';
import { timeDomain, type Domain } from './domain.ts';
import { timelineFinding } from './finding.ts';
import { drawFaultLane, drawFaultLines, drawLeaderLane, drawPhases, faultLabel, laneHeight, laneLabel, laneLimit, leaderLabel, phaseHeight } from './lanes.ts';
import { drawAway, drawPanel, panelLabels, type Panel } from './panels.ts';

/** More steps than this cannot be told apart on a wide screen. */
const binLimit = 240;
const panelGap = 34;

export function timeline(run: RunRecord, facts: Facts, id: string): Markup {
  const domain = timeDomain(run, facts);
  const binned = joinBins(facts.series, domain.fromMs, domain.toMs, binLimit);
  const finding = timelineFinding(facts);
  return markup`<figure>${legend(facts, hasRates(binned.bins))}${chart(run, facts, binned, domain, id, finding)}
<figcaption>${prose(finding)} <span class="note">Time is counted since this run began, not since the suite did. ${hasRates(binned.bins) ? `Each step of the rates is ${formatCount(binned.stepMs)} ms; nothing is smoothed.` : 'Nothing was counted, so there are no rates to draw.'}${laneNote(facts)}</span></figcaption>
${folded('The same as a table', timelineTables(facts, domain))}</figure>
`;
}

const laneNote = ({ faults }: Facts): string => (faults.length > laneLimit ? ` Lanes for ${laneLimit} of ${faults.length} faults; the table has all.` : '');

const hasRates = (bins: readonly Bin[]): boolean => highestRate(bins, seriesNames) > 0;

function legend({ unavailable, faults }: Facts, rates: boolean): Markup {
  const ofRates: readonly LegendEntry[] = [
    { series: 'acknowledged', sample: swatch('ack-key', '#bcd5ee'), words: 'acknowledged' }, { series: 'delivered', sample: lineSwatch('delivered-line', '#0b6e69'), words: 'delivered' },
    { series: 'failed', sample: lineSwatch('fail-line', '#ad1f66'), words: 'failed' }, { series: 'indeterminate', sample: swatch('info-edge', 'url(#pattern-info)'), words: 'indeterminate' },
  ];
  const entries: readonly (LegendEntry | false)[] = [
    ...(rates ? ofRates : []),
    rates && unavailable.length > 0 && { series: 'unavailable', sample: swatch('away-edge', 'url(#pattern-away)'), words: 'unavailable' },
    faults.length > 0 && { series: 'fault', sample: swatch('fault-fill', '#a8232f'), words: 'fault in force' }, faults.length > 0 && { series: 'heal', sample: swatch('heal-edge', 'url(#pattern-heal)'), words: 'healing' },
  ];
  return legendOf(entries.filter((entry) => entry !== false));
}

interface Layout {
  readonly lanes: number;
  /** Of the rates; none where nothing was counted. */
  readonly panels: readonly Panel[];
  readonly bottom: number;
}

/** From top to bottom, in pixels. */
function layOut(faultCount: number, bins: readonly Bin[]): Layout {
  const lanes = phaseHeight + 8;
  const rates = lanes + (Math.min(faultCount, laneLimit) + 1) * laneHeight + panelGap - 6;
  const upper: Panel = { title: 'acknowledged and delivered, per second', top: rates, height: 150, marks: [{ name: 'acknowledged', form: 'area' }, { name: 'delivered', form: 'line' }] };
  const lower: Panel = { title: 'failed and indeterminate, per second', top: rates + 150 + panelGap, height: 64, marks: [{ name: 'indeterminate', form: 'hatched' }, { name: 'failed', form: 'line' }] };
  const panels = hasRates(bins) ? [upper, lower] : [];
  return { lanes, panels, bottom: panels.length === 0 ? rates - panelGap + 10 : lower.top + lower.height };
}

function chart(run: RunRecord, facts: Facts, binned: Binned, domain: Domain, id: string, finding: string): Markup {
  const faults = facts.faults.slice(0, laneLimit);
  const { lanes, panels, bottom } = layOut(faults.length, binned.bins);
  const laneTop = (index: number): number => lanes + index * laneHeight;
  return markup`<svg class="chart" role="img" aria-labelledby="${id}--title ${id}--desc" width="100%" height="${bottom + 22}" font-family="system-ui, sans-serif" font-size="12">
<title id="${id}--title">Timeline of ${run.scenario.name}</title><desc id="${id}--desc">${finding}</desc>
${timeLayer(markup`${drawPhases(run, domain)}${panels.slice(0, 1).map(({ top }) => drawAway(facts.unavailable, domain, top, bottom - top))}
${faults.map((fault, index) => drawFaultLane(fault, laneTop(index), domain))}${drawLeaderLane(facts.leaderChanges, laneTop(faults.length), domain)}
${panels.map((panel) => drawPanel(panel, binned, domain))}
${faults.map((fault, index) => drawFaultLines(fault, laneTop(index) + 18, bottom, domain))}`)}${panels.length === 0 ? markup`<line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}" stroke="#777"/>` : nothing}${timeAxis(domain, bottom)}
${faults.map((fault, index) => laneLabel(faultLabel(fault), laneTop(index)))}${laneLabel(leaderLabel(facts.leaderChanges), laneTop(faults.length))}${panels.map((panel) => panelLabels(panel, binned))}</svg>`;
}
