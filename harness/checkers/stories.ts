// Tells what happened to a message, from its events alone: "sent at 12.301 s; acknowledged at 12.345 s (partition 0, offset 812); …".
import { eventKinds, noOffset, noPartition, type EventKind, type HistoryEvent } from '../model/event.ts';
import type { HistorySource, EventBatch } from '../model/history.ts';
import { formatMessageId } from '../model/message.ts';
import type { BatchContent } from './batch-content.ts';
import { eventAt } from './event-columns.ts';
import type { Finding } from './findings.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { stretchRows, type Tally } from './tally.ts';

/** Events kept of one message: one that was delivered a million times must not fill the memory. */
const mostKept = 1_000;
/** Events of one kind told one by one; of more, the first and the last. */
const mostTold = 3;

export interface Evidence {
  /** By `producer:sequence`; the first of its events in the order of time. */
  readonly events: ReadonlyMap<string, readonly HistoryEvent[]>;
  /** When the lost messages were accepted, in nanoseconds; null where nothing was lost. */
  readonly lostBetweenNs: readonly [from: number, to: number] | null;
}

/** Reads the history a second time, for the chosen messages and for when the lost ones were accepted. */
export async function collectEvidence(source: HistorySource, tally: Tally, chosen: readonly Finding[], anyLost: boolean): Promise<Evidence> {
  const events = new Map<string, HistoryEvent[]>(chosen.map(({ id }) => [formatMessageId(id), []]));
  if (events.size === 0 && !anyLost) return { events, lostBetweenNs: null };
  for (const { columns, index } of chosen) columns.flags[index]! |= flag.chosen;
  const between: [number, number] = [Infinity, -Infinity];
  for await (const batch of source.batches(wantedOf(tally, chosen, anyLost))) {
    for (let from = 0; from < batch.length; from += stretchRows) look(batch, from, Math.min(batch.length, from + stretchRows), tally, events, between);
  }
  const outsiders = tally.ids.outsiderRows();
  for (let row = 0; row < outsiders.length; row++) keep(events, eventAt(outsiders.slice(row, row + 1), 0));
  for (const list of events.values()) list.sort(inTime);
  return { events, lostBetweenNs: between[0] === Infinity ? null : between };
}

/** Batches that may hold a chosen message, or the acceptance of a lost one. */
function wantedOf(tally: Tally, chosen: readonly Finding[], anyLost: boolean): (index: number) => boolean {
  const sequences = [...new Set(chosen.map(({ id }) => id.sequence))].sort((a, b) => a - b);
  const lost = anyLost ? tally.producers.flatMap((columns) => rangeOfLost(columns)) : [];
  const within = (list: readonly number[], { lowest, highest }: BatchContent) => list.some((sequence) => sequence >= lowest && sequence <= highest);
  return (index) => {
    const content = tally.contents[index];
    if (content === undefined || within(sequences, content)) return true;
    return content.published && lost.some(([from, to]) => from <= content.highest && to >= content.lowest);
  };
}

function rangeOfLost({ flags, length }: ProducerColumns): readonly (readonly [from: number, to: number])[] {
  let from = 0;
  while (from < length && (flags[from]! & flag.lost) === 0) from++;
  let to = length - 1;
  while (to > from && (flags[to]! & flag.lost) === 0) to--;
  return from < length ? [[from, to]] : [];
}

function look(batch: EventBatch, from: number, to: number, tally: Tally, events: Map<string, HistoryEvent[]>, between: [number, number]): void {
  const { kind, producer, sequence } = batch;
  const { list } = tally.ids;
  for (let row = from; row < to; row++) {
    const columns = list[producer[row]!];
    if (columns === undefined || columns.outsiders !== null || sequence[row]! >= columns.length) continue;
    const known = columns.flags[sequence[row]!]!;
    if ((known & (flag.chosen | flag.lost)) !== 0) remember(known, kind[row]!, batch, row, events, between);
  }
}

function remember(known: number, kind: number, batch: EventBatch, row: number, events: Map<string, HistoryEvent[]>, between: [number, number]): void {
  if ((known & flag.chosen) !== 0 && !isRange(kind)) keep(events, eventAt(batch, row));
  if ((known & flag.lost) === 0 || !isAcceptance(kind)) return;
  between[0] = Math.min(between[0], batch.timeNs[row]!);
  between[1] = Math.max(between[1], batch.timeNs[row]!);
}

const isAcceptance = (kind: number) => kind === eventKinds.acknowledged || kind === eventKinds.handedOver;
const isRange = (kind: number) => kind === eventKinds.reserved || kind === eventKinds.released;

function keep(events: Map<string, HistoryEvent[]>, event: HistoryEvent): void {
  const list = events.get(formatMessageId(event));
  if (list !== undefined && list.length < mostKept) list.push(event);
}

/** Where clocks agree the order of sealing must not show. */
const inTime = (a: HistoryEvent, b: HistoryEvent): number => a.timeNs - b.timeNs || a.kind - b.kind || a.attempt - b.attempt || a.actor - b.actor || a.offset - b.offset;

const verbs: Readonly<Partial<Record<EventKind, string>>> = {
  [eventKinds.sent]: 'sent',
  [eventKinds.acknowledged]: 'acknowledged',
  [eventKinds.handedOver]: 'handed over',
  [eventKinds.failed]: 'refused',
  [eventKinds.indeterminate]: 'ended without a known outcome',
  [eventKinds.returned]: 'returned as unroutable',
  [eventKinds.unreceipted]: 'reported as sent without a receipt',
  [eventKinds.delivered]: 'delivered',
  [eventKinds.redelivered]: 'delivered and flagged as a repetition',
  [eventKinds.processed]: 'processed',
  [eventKinds.settled]: 'settled',
  [eventKinds.rejected]: 'rejected',
  [eventKinds.requeued]: 'given back to be delivered again',
  [eventKinds.corrupted]: 'found with a body that does not match its checksum',
  [eventKinds.deadLettered]: 'found in a dead-letter target',
};

/** @param auditComplete only then does not having been found mean that it is not there. */
export function tell(events: readonly HistoryEvent[], log: boolean, auditComplete: boolean): string {
  const is = (...kinds: readonly EventKind[]) => events.some(({ kind }) => kinds.includes(kind));
  const happened = [...Map.groupBy(events.filter(({ kind }) => verbs[kind] !== undefined), ({ kind }) => kind).values()];
  const parts = happened.flatMap((list) => (list.length <= mostTold ? list.map(clause) : [inShort(list)]));
  if (parts.length === 0) parts.push('reserved and never heard of again');
  if (!is(eventKinds.delivered, eventKinds.redelivered)) parts.push('never delivered');
  else if (!is(eventKinds.processed)) parts.push('never processed');
  const found = events.filter(({ kind }) => kind === eventKinds.stored);
  if (found.length > 0) parts.push(`${log ? 'in the log' : 'still in the queue'}${found.slice(0, mostTold).map(placeOf).join(' and')}${found.length > mostTold ? ` and ${found.length - mostTold} times more` : ''}`);
  else if (!auditComplete) parts.push('not found by an audit that was cut short');
  else if (!is(eventKinds.deadLettered)) parts.push(log ? 'not in the log' : 'not in the queue');
  return parts.join('; ');
}

function clause(event: HistoryEvent): string {
  const attempt = event.attempt > 1 ? ` (attempt ${event.attempt})` : '';
  const when = event.kind === eventKinds.deadLettered ? '' : ` at ${seconds(event)}`;
  return `${verbs[event.kind]}${attempt}${when}${event.kind === eventKinds.sent ? '' : placeOf(event)}`;
}

const inShort = (list: readonly HistoryEvent[]): string => `${verbs[list[0]!.kind]} ${list.length} times between ${seconds(list[0]!)} and ${seconds(list.at(-1)!)}`;
const seconds = ({ timeNs }: HistoryEvent): string => `${(timeNs / 1e9).toFixed(3)} s`;

function placeOf({ partition, offset }: HistoryEvent): string {
  return partition === noPartition || offset === noOffset ? '' : ` (partition ${partition}, offset ${offset})`;
}
