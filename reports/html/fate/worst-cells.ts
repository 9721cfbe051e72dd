// The loss map in words: the cells in which not everything was processed, worst first, each with its messages where their stories are told.
import { fates, type Facts, type FateCell, type FateRow } from '../../../harness/model/facts.ts';
import { formatMessageId } from '../../../harness/model/message.ts';
import { formatCount, formatInstant } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { storyId } from '../story/story.ts';
import { table } from '../table.ts';
import { cellWords, isBad, rowWords, worstOf } from './looks.ts';

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
  return folded(`Where and when not everything was processed${more}`, table<Place>({
    caption: `Cells of the map in which not everything was processed, worst first${more}`, rows: bad.slice(0, cellLimit), stack: true,
    columns: [
      { header: 'sent', cell: ({ cell }) => `${formatInstant(fromMs + cell.bin * binMs)} to ${formatInstant(fromMs + (cell.bin + 1) * binMs)}` },
      { header: 'where', cell: ({ row }) => (facts.storeKind === 'queue' ? 'the queue' : rowWords(row)) },
      { header: 'what became of them', cell: ({ cell }) => cellWords(cell) },
      { header: 'messages told below', cell: (place) => messages(place, facts, sectionId) },
    ],
  }));
}

const rank = ({ cell }: Place): number => fates.indexOf(worstOf(cell));

function messages({ row, cell }: Place, facts: Facts, sectionId: string): Markup {
  const { fromMs, binMs } = facts.fateMap;
  const from = fromMs + cell.bin * binMs;
  const inside = facts.measures.flatMap(({ examples }) => examples).filter(({ sentMs, partition }) =>
    sentMs !== undefined && sentMs >= from && sentMs < from + binMs && (partition === undefined ? row.partitions.length === 0 : row.partitions.includes(partition)));
  const distinct = [...new Map(inside.map((example) => [formatMessageId(example), example])).values()];
  if (distinct.length === 0) return markup`<span class="muted">none</span>`;
  const links = distinct.slice(0, messageLimit).map((example, index) => markup`${index === 0 ? '' : ', '}<a href="#${storyId(sectionId, example)}"><code>${formatMessageId(example)}</code></a>`);
  return markup`${links}${distinct.length > messageLimit ? ` and ${formatCount(distinct.length - messageLimit)} more` : nothing}`;
}
