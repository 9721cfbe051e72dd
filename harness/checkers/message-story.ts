// The story of one message, told from the events and the timeline alone: no record and no judgement is needed.
import { eventKinds, noOffset, noPartition, type EventKind, type HistoryEvent } from '../model/event.ts';
import type { EventBatch, HistorySource, WorkerInfo } from '../model/history.ts';
import type { MessageId } from '../model/message.ts';
import type { MessageStory, StoryChapter } from '../model/story.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { eventAt } from './event-columns.ts';
import { tell } from './stories.ts';

/** What happened to the cluster this much before or after a message's own events belongs to its story. */
const marginNs = 1e9;
/** Events of one message: one that was delivered a million times must not fill the memory. */
const mostKept = 1_000;

export interface StoryOptions {
  /** Messages before and after it that are told in brief. */
  readonly neighbours: number;
}

export async function tellMessage(source: HistorySource, id: MessageId, { neighbours }: StoryOptions): Promise<MessageStory> {
  const from = Math.max(0, id.sequence - neighbours);
  const events = await eventsOf(source, id.producer, from, id.sequence + neighbours);
  const timeline = await source.timeline();
  const audit = timeline.find((entry) => entry.type === 'audit');
  const summaryOf = (own: readonly HistoryEvent[]): string => tell(own.filter(({ kind }) => kind !== eventKinds.reserved), source.storeKind === 'log', audit?.conclusive === true);
  const own = events.get(id.sequence) ?? [];
  const around = [...events].filter(([sequence]) => sequence !== id.sequence).toSorted(([a], [b]) => a - b);
  return {
    ...id,
    scenario: source.plan.scenario.name,
    known: own.length > 0,
    summary: own.length === 0 ? 'no event of the history names it' : summaryOf(own),
    exposed: exposedWords(timeline, id),
    chapters: own.length === 0 ? [] : chaptersOf(own, timeline, source.workers),
    neighbours: around.map(([sequence, list]) => ({ producer: id.producer, sequence, summary: summaryOf(list) })),
    incomplete: source.integrity.whole ? null : source.integrity.detail,
  };
}

/** By sequence; a reservation counts for each message in its range. */
async function eventsOf(source: HistorySource, producer: number, from: number, to: number): Promise<ReadonlyMap<number, readonly HistoryEvent[]>> {
  const found = new Map<number, HistoryEvent[]>();
  for await (const batch of source.batches()) {
    for (let row = 0; row < batch.length; row++) if (batch.producer[row] === producer) keep(batch, row, from, to, found);
  }
  for (const list of found.values()) list.sort((a, b) => a.timeNs - b.timeNs || a.kind - b.kind || a.attempt - b.attempt);
  return found;
}

const ranges: ReadonlySet<number> = new Set([eventKinds.reserved, eventKinds.released]);
const ofNoMessage: ReadonlySet<number> = new Set([eventKinds.assigned, eventKinds.revoked, eventKinds.stranger]);

function keep(batch: EventBatch, row: number, from: number, to: number, found: Map<number, HistoryEvent[]>): void {
  const [kind, first] = [batch.kind[row]!, batch.sequence[row]!];
  if (ofNoMessage.has(kind)) return;
  const last = ranges.has(kind) ? first + batch.offset[row]! - 1 : first;
  for (let sequence = Math.max(first, from); sequence <= Math.min(last, to); sequence++) {
    const list = found.get(sequence) ?? [];
    if (list.length < mostKept) found.set(sequence, [...list, eventAt(batch, row)]);
  }
}

function exposedWords(timeline: readonly TimelineEntry[], { producer, sequence }: MessageId): string | null {
  const closed = timeline.find((entry) => entry.type === 'closed' && entry.producer === producer && sequence >= entry.from && sequence < entry.to);
  return closed?.type !== 'closed' ? null : `one of the ${closed.to - closed.from} messages of a closed publish, exposed to the fault that followed`;
}

function chaptersOf(own: readonly HistoryEvent[], timeline: readonly TimelineEntry[], workers: readonly WorkerInfo[]): readonly StoryChapter[] {
  const partition = own.find((event) => event.partition !== noPartition && !ranges.has(event.kind))?.partition ?? null;
  const told = own.map((event): StoryChapter => ({ timeMs: event.timeNs / 1e6, of: 'message', words: wordsOf(event, workers), leader: leaderAt(timeline, partition, event.timeNs) }));
  // A number is reserved long before, and the audit comes long after: what happened in between is not all about this message.
  const lived = own.filter(({ kind }) => !audited.has(kind) && !ranges.has(kind));
  const [first, last] = [lived[0]?.timeNs ?? Infinity, lived.at(-1)?.timeNs ?? -Infinity];
  const missing = !own.some(({ kind }) => ended.has(kind));
  const until = (missing ? Math.max(last, endOfNextFault(timeline, last)) : last) + marginNs;
  const around = timeline.filter(({ timeNs }) => timeNs >= first - marginNs && timeNs <= until).flatMap((entry) => chapterOf(entry, partition));
  const looked = missing ? timeline.filter((entry) => entry.type === 'audit' && entry.conclusive) : [];
  const audit = looked.map(({ timeNs }): StoryChapter => ({ timeMs: timeNs / 1e6, of: 'message', words: 'the audit did not find it', leader: leaderAt(timeline, partition, timeNs) }));
  return [...told, ...around, ...audit].toSorted((a, b) => a.timeMs - b.timeMs);
}

/** A message that neither was processed nor is anywhere went away later than its own events tell: the fault that came next belongs to its story. */
const ended: ReadonlySet<number> = new Set([eventKinds.processed, eventKinds.stored, eventKinds.deadLettered]);

function endOfNextFault(timeline: readonly TimelineEntry[], afterNs: number): number {
  const struck = timeline.find((entry) => entry.type === 'fault' && entry.edge === 'struck' && entry.timeNs > afterNs);
  if (struck?.type !== 'fault') return afterNs;
  return timeline.find((entry) => entry.type === 'fault' && entry.id === struck.id && entry.edge === 'healed' && entry.timeNs >= struck.timeNs)?.timeNs ?? struck.timeNs;
}

const audited: ReadonlySet<number> = new Set([eventKinds.stored, eventKinds.deadLettered]);

function leaderAt(timeline: readonly TimelineEntry[], partition: number | null, timeNs: number): string | null {
  const changes = timeline.filter((entry) => entry.type === 'leader' && entry.partition === partition && entry.timeNs <= timeNs);
  const last = changes.at(-1);
  return last?.type === 'leader' ? last.to : null;
}

function chapterOf(entry: TimelineEntry, partition: number | null): readonly StoryChapter[] {
  const at = (of: StoryChapter['of'], words: string): readonly StoryChapter[] => [{ timeMs: entry.timeNs / 1e6, of, words, leader: null }];
  if (entry.type === 'fault' && entry.edge === 'struck') return at('fault', `${entry.fault} struck ${entry.nodes.join(', ')}`);
  if (entry.type === 'fault' && entry.edge === 'healed') return at('fault', `${entry.fault} of ${entry.nodes.join(', ')} healed`);
  if (entry.type === 'leader' && entry.partition === partition) return at('leader', `leader of partition ${entry.partition}: ${entry.from ?? 'none'} → ${entry.to ?? 'none'}`);
  if (entry.type === 'worker' && (entry.edge === 'killed' || entry.edge === 'died')) return at('worker', `${entry.worker} ${entry.edge}`);
  return [];
}

const phrases: Readonly<Record<EventKind, string>> = {
  [eventKinds.reserved]: 'its number was reserved', [eventKinds.released]: 'its number was given back unused', [eventKinds.sent]: 'sent', [eventKinds.acknowledged]: 'acknowledged',
  [eventKinds.handedOver]: 'handed over', [eventKinds.failed]: 'refused', [eventKinds.indeterminate]: 'given up without a known outcome',
  [eventKinds.returned]: 'returned as unroutable', [eventKinds.unreceipted]: 'reported as sent without a receipt', [eventKinds.delivered]: 'delivered', [eventKinds.redelivered]: 'delivered, flagged as a repetition',
  [eventKinds.processed]: 'processed', [eventKinds.settled]: 'settled', [eventKinds.corrupted]: 'found with a body that does not match its checksum', [eventKinds.stored]: 'found by the audit',
  [eventKinds.deadLettered]: 'found in a dead-letter target', [eventKinds.assigned]: '', [eventKinds.revoked]: '', [eventKinds.stranger]: '', [eventKinds.rejected]: 'rejected', [eventKinds.requeued]: 'given back to be delivered again',
};

const publishing: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]);

/** What a worker was told; the rest it did, or found. */
const toldTo: ReadonlySet<number> = new Set([eventKinds.acknowledged, eventKinds.failed, eventKinds.returned, eventKinds.unreceipted, eventKinds.delivered, eventKinds.redelivered]);

function wordsOf(event: HistoryEvent, workers: readonly WorkerInfo[]): string {
  const { kind, attempt, partition, offset, actor, code } = event;
  const role = publishing.has(kind) ? 'producer' : audited.has(kind) ? 'audit' : 'consumer';
  const worker = workers.find((one) => one.role === role && one.index === actor);
  const error = code === 0 ? undefined : worker?.errors[code - 1];
  const isRange = ranges.has(kind);
  const place = isRange || partition === noPartition ? '' : offset !== noOffset ? `, partition ${partition}, offset ${offset}` : kind === eventKinds.sent ? `, for partition ${partition}` : '';
  const who = role === 'audit' ? '' : ` ${toldTo.has(kind) ? 'to' : 'by'} ${worker?.name ?? `${role}-${actor}`}`;
  return `${phrases[kind]}${isRange ? '' : who}${attempt > 1 ? `, attempt ${attempt === 255 ? '255 or later' : attempt}` : ''}${place}${error === undefined ? '' : ` (${error.name}: ${error.message})`}`;
}
