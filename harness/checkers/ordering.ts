// Order of messages against the order in which they were sent, and consumers' positions that jumped.
import { eventKinds } from '../model/event.ts';
import type { HistorySource } from '../model/history.ts';
import type { Findings } from './findings.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';

/** On a queue order says something only with one consumer. */
export const severalConsumers = 'order on a queue is judged with one consumer only';

/**
 * An id counts as reordered when one that was sent before it, by the same producer to the same partition, lies behind
 * it. Ids of several attempts or several records have no one place and are left out, flagged deliveries of a queue too.
 */
export async function findReordered(source: HistorySource, tally: Tally, findings: Findings): Promise<void> {
  if (!tally.log && tally.receive.consumers > 1) return;
  const unordered = tally.producers.filter(({ outOfSequence }) => outOfSequence);
  const orders = unordered.length === 0 ? [] : await sendOrders(source, unordered);
  for (const columns of tally.producers) walkInOrder(columns, orders[columns.producer] ?? null, tally.log, findings);
}

function walkInOrder(columns: ProducerColumns, order: Uint32Array | null, log: boolean, findings: Findings): void {
  const needed = log ? flag.stored : flag.delivered;
  const barred = log ? flag.storedAgain : flag.redelivered;
  const highest: number[] = [];
  const { flags, attempts, place, length } = columns;
  const partitions = log ? columns.storedPartition : columns.deliveredPartition;
  for (let index = 0; index < (order?.length ?? length); index++) {
    const sequence = order === null ? index : order[index]!;
    if ((flags[sequence]! & (needed | barred)) !== needed || attempts[sequence] !== 1) continue;
    const partition = partitions[sequence]!;
    if (place[sequence]! < (highest[partition] ?? -1)) findings.add('reordered', columns, sequence);
    else highest[partition] = place[sequence]!;
  }
}

/** For producers whose sequences were not begun in order: reads the history again for the order of first attempts. */
async function sendOrders(source: HistorySource, unordered: readonly ProducerColumns[]): Promise<readonly Uint32Array[]> {
  const orders: Uint32Array[] = [];
  const used: number[] = [];
  for (const { producer, length } of unordered) {
    orders[producer] = new Uint32Array(length);
    used[producer] = 0;
  }
  for await (const { length, kind, attempt, producer, sequence } of source.batches()) {
    for (let row = 0; row < length; row++) {
      if (kind[row] !== eventKinds.sent || attempt[row] !== 1) continue;
      const order = orders[producer[row]!];
      if (order !== undefined) order[used[producer[row]!]!++] = sequence[row]!;
    }
  }
  return orders.map((order, producer) => order.subarray(0, used[producer]));
}

/** Counts records: those passed over, and those gone back over. A gap in offsets without a readable record is no skip. */
export function findJumps(tally: Tally, findings: Findings): void {
  for (const { partition, from, to, producer, sequence } of tally.receive.positions.jumps()) {
    const columns = tally.ids.list[producer];
    const known = columns !== undefined && sequence < columns.length;
    const add = (measure: 'skipped' | 'rewound', count: number) => (known ? findings.add(measure, columns, sequence, count) : findings.addCount(measure, count));
    if (to < from) {
      add('rewound', Math.max(1, tally.store.recordsBetween(partition, to, from)));
      continue;
    }
    const passed = tally.store.recordsBetween(partition, from, to);
    if (passed > 0) add('skipped', passed);
  }
}
