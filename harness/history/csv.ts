// The events of a history as CSV (RFC 4180 with plain line ends), a piece at a time: the columns of `messages.arrow`, under the same names.
import type { EventBatch } from '../model/history.ts';
import { columnNames } from './arrow-format.ts';

/** So many rows are one text: some 500 kB, however large the batches are. */
const rowsAtOnce = 10_000;

/** Every value is a number, so nothing needs quotes. */
export async function* csvOf(batches: AsyncIterable<EventBatch> | Iterable<EventBatch>): AsyncGenerator<string> {
  yield `${columnNames.join(',')}\n`;
  for await (const batch of batches) {
    const columns = columnNames.map((name) => batch[name]);
    for (let from = 0; from < batch.length; from += rowsAtOnce) yield rows(columns, from, Math.min(batch.length, from + rowsAtOnce));
  }
}

function rows(columns: readonly ArrayLike<number>[], from: number, to: number): string {
  let text = '';
  for (let row = from; row < to; row += 1) {
    for (let column = 0; column < columns.length; column += 1) text += `${column === 0 ? '' : ','}${columns[column]![row]!}`;
    text += '\n';
  }
  return text;
}
