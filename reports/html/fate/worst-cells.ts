// The loss map in words: the cells in which not everything was processed, worst first, each with its messages where their stories are told.
import { fates, type Facts, type FateCell, type FateRow } from '../../../harness/model/facts.ts';
import { formatMessageId } from '../../../harness/model/message.ts';
import { formatCount, formatInstant, plural } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { explainCommand } from '../story/explain-command.ts';
import { storyId } from '../story/story.ts';
import { table } from '../table.ts';
import { cellData, cellWords, isBad, rowWords, worstOf } from './looks.ts';

interface Place {
  readonly row: FateRow;
  readonly cell: FateCell;
}

const cellLimit = 40;
const messageLimit = 6;

/** `sectionId`: of the run, where its stories are. */
export function worstCells(facts: Facts, sectionId: string): Markup {
  const { rows, fromMs, binMs } = facts.fateMap;
  const bad = rows.flatMap((row): readonly Place[] => row.cells.filter((cell) => isBad(worstOf(cell))).map((cell) => ({ row, cell }))).toSorted((a, b) => rank(a) - rank(b) || a.cell.bin - b.cell.bin);
  if (bad.length === 0) return nothing;
  const more = bad.length > cellLimit ? `; ${cellLimit} of ${formatCount(bad.length)}` : '';
  return folded(`Where and when not everything was processed${more}`, markup`${table<Place>({
    caption: `Cells of the map in which not everything was processed, worst first${more}`, rows: bad.slice(0, cellLimit), stack: true,
    columns: [
      { header: 'sent', cell: ({ cell }) => `${formatInstant(fromMs + cell.bin * binMs)} to ${formatInstant(fromMs + (cell.bin + 1) * binMs)}` },
      { header: 'where', cell: ({ row }) => (facts.storeKind === 'queue' ? 'the queue' : rowWords(row)) },
      { header: 'what became of them', cell: ({ cell }) => cellWords(cell) },
      { header: 'messages told below', cell: (place) => messages(place, facts, sectionId) },
    ],
  })}<p class="note"><code>${explainCommand}</code> tells what has no story here; RUN is the run’s folder.</p>`);
}

const rank = ({ cell }: Place): number => fates.indexOf(worstOf(cell));

/** Those that are told, and how many are not: of these the fate says nothing that the cell does not say. */
function messages({ row, cell }: Place, facts: Facts, sectionId: string): Markup {
  const { fromMs, binMs } = facts.fateMap;
  const from = fromMs + cell.bin * binMs;
  const inside = facts.measures.flatMap(({ measure, examples }) => examples.map((example) => ({ ...example, measure }))).filter(({ sentMs, partition }) =>
    sentMs !== undefined && sentMs >= from && sentMs < from + binMs && (partition === undefined ? row.partitions.length === 0 : row.partitions.includes(partition)));
  const distinct = [...new Map(inside.map((example) => [formatMessageId(example), example])).values()];
  const bad = fates.filter((fate) => isBad(fate) && cell.counts[fate] !== undefined);
  const told = new Set(inside.filter(({ measure }) => (bad as readonly string[]).includes(measure)).map(formatMessageId)).size;
  const untold = Math.max(0, bad.reduce((sum, fate) => sum + cell.counts[fate]!, 0) - told);
  const rest = untold === 0 ? nothing : markup` <span class="note">${plural(untold, 'message')} of this cell ${untold === 1 ? 'has' : 'have'} no story here</span>`;
  if (distinct.length === 0) return markup`<span class="muted">none</span>${rest}`;
  const links = distinct.slice(0, messageLimit).map((example, index) => markup`${index === 0 ? '' : ', '}<a href="#${storyId(sectionId, example)}"><code>${formatMessageId(example)}</code></a>`);
  return markup`<span class="cell"${cellData(row, from, from + binMs)}>${links}${distinct.length > messageLimit ? ` and ${formatCount(distinct.length - messageLimit)} more` : nothing}</span>${rest}`;
}
