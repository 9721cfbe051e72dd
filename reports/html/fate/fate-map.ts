// The loss map: what became of messages by when they were sent and where to. In each cell the worst outcome wins.
import { fates, type Facts, type Fate, type FateCell, type FateMap, type FateRow } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount, formatInstant, listWords, plural } from '../../summary/format.ts';
import { legendOf, swatch } from '../glyphs.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { timeAxis, timeLayer } from '../timeline/axis.ts';
import { percent, timeDomain, type Domain } from '../timeline/domain.ts';
import { drawFaultLines, laneLimit } from '../timeline/lanes.ts';
import { cellData, cellWords, isBad, looks, rowWords, worstOf, type Look } from './looks.ts';
import { worstCells } from './worst-cells.ts';

const rowGap = 6;
const labelHeight = 16;

export function fateFigure(run: RunRecord, facts: Facts, id: string, sectionId: string): Markup {
  const { fateMap } = facts;
  if (fateMap.rows.length === 0) return markup`<p>No message was sent, so there is nothing to map.</p>`;
  const finding = `${run.status === 'completed' ? '' : 'As far as it was recorded: '}${findingOf(fateMap)}`;
  return markup`<figure>${legend(fateMap, lostLook(run))}${chart(run, facts, id, finding)}
<figcaption>${finding} <span class="note">${plural(fateMap.rows.length, 'row')}, each message at the time of its first attempt, in steps of ${formatCount(fateMap.binMs)} ms; in each cell the worst outcome wins.${fateMap.unsent > 0 ? ` ${plural(fateMap.unsent, 'message')} without an attempt on record ${fateMap.unsent === 1 ? 'has' : 'have'} no place on it.` : nothing}</span></figcaption></figure>
${worstCells(facts, sectionId)}`;
}

/** A loss that the contract demands is not drawn as a failure. */
const lostLook = ({ scenario, judgement }: RunRecord): Look =>
  (judgement.verdict === 'upheld' && scenario.contract.lost !== 'forbidden' ? { ...looks.lost, className: 'edge-asked', fill: 'url(#pattern-asked)' } : looks.lost);

function findingOf({ rows, binMs, fromMs }: FateMap): string {
  const bad = rows.flatMap((row) => row.cells.filter((cell) => isBad(worstOf(cell))).map((cell) => ({ row, cell })));
  if (bad.length === 0) return 'Every message that was sent was processed, wherever and whenever it was sent.';
  const worst = fates.find((fate) => bad.some(({ cell }) => worstOf(cell) === fate))!;
  const cells = bad.filter(({ cell }) => worstOf(cell) === worst);
  const count = cells.reduce((sum, { cell }) => sum + cell.counts[worst]!, 0);
  const first = Math.min(...cells.map(({ cell }) => cell.bin));
  const last = Math.max(...cells.map(({ cell }) => cell.bin));
  const places = [...new Set(cells.map(({ row }) => rowWords(row)))];
  const where = places.length <= 3 ? `, ${listWords(places)}` : `, in ${plural(places.length, 'row')}`;
  return `The worst: ${formatCount(count)} ${looks[worst].words}, sent between ${formatInstant(fromMs + first * binMs)} and ${formatInstant(fromMs + (last + 1) * binMs)}${rows.length > 1 ? where : ''}.`;
}

function legend({ rows }: FateMap, lost: Look): Markup {
  const seen = new Set(rows.flatMap(({ cells }) => cells.map(worstOf)));
  return legendOf(fates.filter((fate) => seen.has(fate)).map((fate) => {
    const { words, className, fill } = fate === 'lost' ? lost : looks[fate];
    return { series: seriesOf(fate), sample: swatch(className, fill), words };
  }));
}

function chart(run: RunRecord, facts: Facts, id: string, finding: string): Markup {
  const { fateMap, faults } = facts;
  const domain = timeDomain(run, facts);
  const cellHeight = fateMap.rows.length > 12 ? 10 : 18;
  const step = cellHeight + labelHeight + rowGap;
  const bottom = fateMap.rows.length * step;
  return markup`<svg class="chart" role="img" aria-labelledby="${id}--title ${id}--desc" width="100%" height="${bottom + 22}" font-family="system-ui, sans-serif" font-size="12">
<title id="${id}--title">Loss map of ${run.scenario.name}</title><desc id="${id}--desc">${finding}</desc>
${timeLayer([fateMap.rows.map((row, index) => stretches(row, fateMap).map((stretch) => drawStretch(stretch, row, index * step + labelHeight, cellHeight, domain, lostLook(run)))), faults.slice(0, laneLimit).map((fault) => drawFaultLines(fault, 0, bottom, domain))])}
${fateMap.rows.map((row, index) => markup`<text class="name over" x="0" y="${index * step + labelHeight - 4}">${facts.storeKind === 'queue' ? 'queue' : rowWords(row)}</text>`)}
<line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}" stroke="#777"/>${timeAxis(domain, bottom)}</svg>`;
}

/** Not the name of a rate's: hiding failed attempts does not hide messages that failed. */
const seriesOf = (fate: Fate): string => `map-${fate}`;

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fate: Fate;
  readonly cell: FateCell;
}

/** Neighbours in which all went well are drawn as one. */
function stretches({ cells }: FateRow, { binMs, fromMs }: FateMap): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const cell of cells) {
    const stretch = { fromMs: fromMs + cell.bin * binMs, toMs: fromMs + (cell.bin + 1) * binMs, fate: worstOf(cell), cell };
    const last = joined.at(-1);
    const joins = last !== undefined && !isBad(stretch.fate) && last.fate === stretch.fate && last.toMs === stretch.fromMs;
    if (joins) joined[joined.length - 1] = { ...last, toMs: stretch.toMs, cell: together(last.cell, cell) };
    else joined.push(stretch);
  }
  return joined;
}

const together = (a: FateCell, b: FateCell): FateCell =>
  ({ bin: a.bin, counts: Object.fromEntries(fates.map((fate) => [fate, (a.counts[fate] ?? 0) + (b.counts[fate] ?? 0)] as const).filter(([, count]) => count > 0)) });

function drawStretch({ fromMs, toMs, fate, cell }: Stretch, row: FateRow, top: number, height: number, { place }: Domain, lost: Look): Markup {
  const from = place(fromMs);
  const { className, fill } = fate === 'lost' ? lost : looks[fate];
  const [x, width] = [percent(from), percent(Math.max(0.003, place(toMs) - from))];
  const ground = isBad(fate) ? markup`<rect class="fate-ground" data-series="${seriesOf(fate)}" x="${x}" y="${top}" width="${width}" height="${height}" fill="#fff"/>` : nothing;
  const leads = isBad(fate) ? markup` data-say="${rowWords(row)}: ${cellWords(cell)}"${cellData(row, fromMs, toMs)}` : nothing;
  return markup`${ground}<rect class="${className}" data-series="${seriesOf(fate)}"${leads} x="${x}" y="${top}" width="${width}" height="${height}" fill="${fill}" stroke="#777"><title>${rowWords(row)}, sent ${formatInstant(fromMs)} to ${formatInstant(toMs)}: ${cellWords(cell)}</title></rect>`;
}
