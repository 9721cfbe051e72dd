// Order of messages against the order in which they were sent, and consumers' positions that jumped.
import { eventKinds } from '../model/event.ts';
import type { HistorySource } from '../model/history.ts';
import type { Findings } from './findings.ts';
import { flag, mayExist } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';

/** On a queue order says something only with one consumer. */
const severalConsumers = 'order on a queue is judged with one consumer only';

/** Ids that are there, and of which nothing tells where in the order they belong. */
interface LeftOut {
  /** Queue: of several attempts, or flagged as delivered before. What of it came first is not known. */
  again: number;
  /** Log: of several attempts or records, where the broker's own policy may have removed the earliest. */
  removed: number;
  /** None of its attempts is on record. */
  unsent: number;
}

interface Order {
  readonly tally: Tally;
  readonly findings: Findings;
  readonly left: LeftOut;
  /** By rank of their id: rows of the store's repetitions. */
  readonly again: ReadonlyMap<number, readonly number[]>;
  /** Earlier records of a partition may have been removed. */
  readonly isTrimmed: (partition: number) => boolean;
}

/**
 * An id counts as reordered when one that was sent before it, by the same producer to the same partition, lies behind it. On a log an id
 * lies where its earliest record does: a retry that comes too late is behind what was sent meanwhile, one that only repeats is not.
 * On a queue ids of several attempts and flagged deliveries have no one place and are left out.
 * @returns why the count is a lower bound.
 */
export async function findReordered(source: HistorySource, tally: Tally, compacts: boolean, findings: Findings): Promise<readonly string[]> {
  if (!tally.log && tally.receive.consumers > 1) return [severalConsumers];
  const unordered = tally.producers.filter(({ outOfSequence }) => outOfSequence);
  const orders = unordered.length === 0 ? [] : await sendOrders(source, unordered);
  const isTrimmed = (partition: number) => compacts || tally.store.startOf(partition) > 0;
  const order: Order = { tally, findings, left: { again: 0, removed: 0, unsent: 0 }, again: tally.log ? storedAgain(tally) : new Map(), isTrimmed };
  for (const columns of tally.producers) {
    walkInOrder(columns, orders[columns.producer] ?? null, order);
    order.left.unsent += unsent(columns, tally.log ? flag.stored : flag.delivered);
  }
  return reasonsOf(order.left);
}

function walkInOrder(columns: ProducerColumns, sequences: Uint32Array | null, order: Order): void {
  const { tally: { log }, findings } = order;
  const needed = log ? flag.stored : flag.delivered;
  const several = log ? flag.storedAgain : flag.redelivered;
  const highest: number[] = [];
  const { flags, attempts, place, length } = columns;
  const partitions = log ? columns.storedPartition : columns.deliveredPartition;
  for (let index = 0; index < (sequences?.length ?? length); index++) {
    const sequence = sequences === null ? index : sequences[index]!;
    const known = flags[sequence]!;
    if ((known & needed) === 0 || attempts[sequence] === 0) continue;
    if (attempts[sequence] !== 1 || (known & several) !== 0) {
      if (isBehind(columns, sequence, highest, order)) findings.add('reordered', columns, sequence);
      continue;
    }
    const partition = partitions[sequence]!;
    if (place[sequence]! < (highest[partition] ?? -1)) findings.add('reordered', columns, sequence);
    else highest[partition] = place[sequence]!;
  }
}

/** For an id of several attempts or records: whether it lies behind in any of its partitions. Notes its places. */
function isBehind(columns: ProducerColumns, sequence: number, highest: number[], { tally, left, again, isTrimmed }: Order): boolean {
  if (!tally.log) {
    left.again++;
    return false;
  }
  const places = new Map([[columns.storedPartition[sequence]!, columns.place[sequence]!]]);
  const { partition: partitions, offset } = tally.store.repeats;
  for (const row of again.get(tally.ids.rank(tally.ids.list.indexOf(columns), sequence)) ?? []) {
    places.set(partitions[row]!, Math.min(offset[row]!, places.get(partitions[row]!) ?? Infinity));
  }
  if ([...places.keys()].some(isTrimmed)) {
    left.removed++;
    return false;
  }
  let behind = false;
  for (const [partition, earliest] of places) {
    if (earliest < (highest[partition] ?? -1)) behind = true;
    else highest[partition] = earliest;
  }
  return behind;
}

function storedAgain({ store: { repeats }, ids }: Tally): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < repeats.length; row++) {
    if (repeats.kind[row] !== eventKinds.stored) continue;
    const rank = ids.rank(repeats.producer[row]!, repeats.sequence[row]!);
    const known = rows.get(rank);
    if (known === undefined) rows.set(rank, [row]);
    else known.push(row);
  }
  return rows;
}

/** Its process ended before it recorded what it had sent last. What nobody reserved was not sent by us: it has no order. */
function unsent({ flags, attempts, length }: ProducerColumns, needed: number): number {
  let count = 0;
  for (let sequence = 0; sequence < length; sequence++) {
    if (attempts[sequence] === 0 && (flags[sequence]! & needed) !== 0 && mayExist(flags[sequence]!, 0)) count++;
  }
  return count;
}

function reasonsOf({ again, removed, unsent: unknown }: LeftOut): readonly string[] {
  return [
    ...(again > 0 ? [`${again} messages of several attempts, or flagged as delivered before, are left out of the order: a queue does not tell which of them came first`] : []),
    ...(removed > 0 ? [`${removed} messages of several attempts or records are left out of the order: retention or compaction may have removed the earliest of them`] : []),
    ...(unknown > 0 ? [`${unknown} messages are left out of the order: their sending is not on record`] : []),
  ];
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
