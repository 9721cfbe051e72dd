// The verdict table for people at a terminal: fits the width that it is given, and says in words what colour says.
import Table from 'cli-table3';
import pc from 'picocolors';
import type { SuiteRecord } from '../../harness/model/run-record.ts';
import { beyondMeaning, faultLine } from '../summary/availability.ts';
import { familyOutcomes, familyTallies, outcomeWords } from '../summary/families.ts';
import { formatCount, plural } from '../summary/format.ts';
import { oneLine, truncate } from '../summary/plain-text.ts';
import { resultGlyphs, type Result } from '../summary/result.ts';
import { lostAsAgreed, suiteSentence, summarise, type ScenarioSummary } from '../summary/summarise.ts';
import { versionLeftOut } from '../summary/versions.ts';

export interface TableOptions {
  readonly colour: boolean;
  /** Columns of the terminal: no line is wider, down to 40, and what does not fit is cut. `Infinity` for a pipe or a file: nothing is cut. */
  readonly width: number;
}

type Colours = ReturnType<typeof pc.createColors>;

const headings = ['scenario', 'verdict', 'acked', 'lost', 'dupes', 'recovery'] as const;
const gap = 2;
const beyondSign = '*';
const leastWidth = 40;
const leastNameWidth = 16;

/** A line for each scenario, one with how often where it was repeated, one with the sentence where it is not upheld, and one sentence over all. Ends with a newline. */
export function renderTable(suite: SuiteRecord, { colour, width: asked }: TableOptions): string {
  const colours = pc.createColors(colour);
  const width = Math.max(leastWidth, asked);
  const rows = summarise(suite);
  const parts = rows.length === 0 ? [] : [verdictTable(rows, width, colours), ''];
  const skipped = suite.notRunnable.map((left) => truncate(`- ${oneLine(`${left.name} ${versionLeftOut(left, suite)}`.trimEnd())} not run here: ${oneLine(left.reason)}`, width));
  const other = notApplicableLine(suite, width);
  const sentences = [suiteSentence(suite), lostAsAgreed(rows)].filter((sentence) => sentence !== '').map((sentence) => wrap(sentence, width));
  return `${[...parts, ...beyondNote(rows, width), ...availabilityLines(rows, width), ...familyLines(suite, width), ...skipped, ...other, ...sentences].join('\n')}\n`;
}

/** What the sign in the last column means. */
function beyondNote(rows: readonly ScenarioSummary[], width: number): readonly string[] {
  return rows.some(({ beyond }) => beyond) ? [wrap(`${beyondSign} ${beyondMeaning}`, width), ''] : [];
}

/** Of a single run, what each of its faults meant: many would bury the table. */
function availabilityLines(rows: readonly ScenarioSummary[], width: number): readonly string[] {
  const runs = rows.flatMap((row) => row.runs);
  const faults = runs.length === 1 ? (runs[0]!.facts?.faults ?? []) : [];
  return faults.length === 0 ? [] : [...faults.map((fault) => wrap(oneLine(faultLine(fault)), width)), ''];
}

/** One run needs no tally. */
function familyLines(suite: SuiteRecord, width: number): readonly string[] {
  if (suite.runs.length + suite.notRunnable.length < 2) return [];
  const lines = familyTallies(suite).map(({ family, runs, outcomes }) => {
    const came = familyOutcomes.filter((outcome) => outcomes[outcome] > 0).map((outcome) => `${formatCount(outcomes[outcome])} ${outcomeWords[outcome]}`);
    return truncate(`  ${(family === 'none' ? 'no fault' : family).padEnd(familyWidth)}${plural(runs, 'run')}: ${came.join(', ')}`, width);
  });
  return lines.length === 0 ? [] : ['by family of faults', ...lines, ''];
}

const familyWidth = 14;

/** One line for all of them: they are no shortfall. */
function notApplicableLine({ notApplicable }: SuiteRecord, width: number): readonly string[] {
  if (notApplicable.length === 0) return [];
  const words = notApplicable.map(({ name, version }) => `${oneLine(name)} on ${oneLine(version)}`);
  return [truncate(`- not applicable to the version: ${words.join(', ')}`, width)];
}

function verdictTable(rows: readonly ScenarioSummary[], width: number, colours: Colours): string {
  const { cells, widths } = fitColumns(rows, width);
  const head = headings.slice(0, widths.length).map((heading) => colours.dim(heading));
  const table = new Table({ head, colWidths: [...widths], colAligns: ['left', 'left', 'right', 'right', 'right', 'right'], chars: borderless, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true } });
  const note = (text: string): string => (width === Infinity ? wrap(oneLine(text), spanWidth(widths) - 2).replaceAll(/^/gm, '  ') : truncate(`  ${oneLine(text)}`, lineWidth(widths)));
  for (const [index, row] of rows.entries()) {
    const [name = '', verdict = '', ...numbers] = cells[index]!;
    table.push([name, colourOf(row.result, colours)(verdict), ...numbers]);
    if (row.howOften !== null) table.push([{ colSpan: widths.length, content: note(row.howOften) }]);
    if (row.result !== 'upheld' && row.result !== 'required') table.push([{ colSpan: widths.length, content: colours.dim(note(row.sentence)) }]);
  }
  return table.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

const borderless = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' '.repeat(gap) } as const;

const lineWidth = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);

/** What the table's library gives a cell that spans them all: it counts one column for each gap. */
const spanWidth = (widths: readonly number[]): number => lineWidth(widths) - (gap - 1) * (widths.length - 1);

/** Notes go first, then columns from the right, and what remains is the name's. */
function fitColumns(rows: readonly ScenarioSummary[], width: number): { readonly cells: readonly (readonly string[])[]; readonly widths: readonly number[] } {
  const full = rows.map((row) => rowCells(row, true));
  const cells = lineWidth(naturalWidths(full)) <= width ? full : rows.map((row) => rowCells(row, false));
  const natural = naturalWidths(cells);
  let columns = natural.length;
  while (columns > 2 && lineWidth([leastNameWidth, ...natural.slice(1, columns)]) > width) columns -= 1;
  const others = natural.slice(1, columns);
  const nameWidth = Math.max(leastNameWidth, Math.min(natural[0]!, width - lineWidth(others) - gap));
  return { cells: cells.map(([name = '', ...rest]) => [cutMiddle(name, nameWidth), ...rest.slice(0, columns - 1)]), widths: [nameWidth, ...others] };
}

const naturalWidths = (cells: readonly (readonly string[])[]): readonly number[] =>
  headings.map((heading, column) => Math.max(heading.length, ...cells.map((row) => [...(row[column] ?? '')].length)));

function rowCells(row: ScenarioSummary, notes: boolean): readonly string[] {
  const verdict = `${resultGlyphs[row.result]} ${row.verdict}${notes && row.note !== null ? `, ${row.note}` : ''}`;
  const base = row.baseWord === 'acknowledged' ? row.base : `${row.base} ${row.baseWord}`;
  return [oneLine(row.version === '' ? row.name : `${row.name} ${row.version.split(' ').at(-1)}`), verdict, base, row.lost, row.duplicated, `${row.recovery.replace('not recovered', 'never')}${row.beyond ? beyondSign : ''}`];
}

/** Names differ at both ends. */
function cutMiddle(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  return `${characters.slice(0, width - 1 - tail).join('')}…${characters.slice(-tail).join('')}`;
}

function colourOf(result: Result, colours: Colours): (text: string) => string {
  switch (result) {
    case 'upheld': return colours.green;
    case 'required': return colours.blue;
    case 'violated': return colours.red;
    case 'failed': return colours.magenta;
    case 'inconclusive':
    case 'interrupted': return colours.yellow;
  }
}

/** At spaces, so that a pipe into a file stays readable. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
