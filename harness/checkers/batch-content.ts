// What a batch holds, in three numbers: enough to tell that a message is not in it.
import { eventKinds, noSequence } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';

export interface BatchContent {
  /** Lowest and highest sequence in it, of whatever producer. */
  readonly lowest: number;
  readonly highest: number;
  /** Whether a producer's events are in it. */
  readonly published: boolean;
}

const stretchRows = 4_096;

export function contentOf(batch: EventBatch): BatchContent {
  let lowest = noSequence;
  let highest = 0;
  let published = false;
  for (let from = 0; from < batch.length; from += stretchRows) {
    const part = contentBetween(batch, from, Math.min(batch.length, from + stretchRows));
    lowest = Math.min(lowest, part.lowest);
    highest = Math.max(highest, part.highest);
    published ||= part.published;
  }
  return { lowest, highest, published };
}

function contentBetween({ kind, sequence }: EventBatch, from: number, to: number): BatchContent {
  let lowest = noSequence;
  let highest = 0;
  let leastKind = 255;
  for (let row = from; row < to; row++) {
    const id = sequence[row]!;
    if (kind[row]! < leastKind) leastKind = kind[row]!;
    if (id < lowest) lowest = id;
    if (id > highest && id !== noSequence) highest = id;
  }
  return { lowest, highest, published: leastKind <= eventKinds.unreceipted };
}
