// The chapters of one message's story, from its events and the timeline: the same words for `leaderfall explain` and for a run's record.
import { eventKinds, noOffset, noPartition, type EventKind, type HistoryEvent } from '../model/event.ts';
import type { HistorySource, WorkerInfo } from '../model/history.ts';
import type { MessageId } from '../model/message.ts';
import type { StoryChapter } from '../model/story.ts';
import type { TimelineEntry } from '../model/timeline.ts';

/** What happened to the cluster this much before or after a message's own events belongs to its story. */
const marginNs = 1e9;

/** Everything that stories of one run are told from, beside the events. */
export interface StoryWorld {
  readonly timeline: readonly TimelineEntry[];
  readonly workers: readonly WorkerInfo[];
  readonly log: boolean;
}

export async function storyWorldOf(source: HistorySource): Promise<StoryWorld> {
  const timeline = (await source.timeline()).filter(({ type }) => told.has(type));
  return { timeline, workers: source.workers, log: source.storeKind === 'log' };
}

const told: ReadonlySet<TimelineEntry['type']> = new Set(['fault', 'leader', 'worker', 'audit', 'closed']);

/** A queue is one partition; of a log the client, a receipt, a consumer or the audit must have named it. null: nobody did. */
export function partitionOf(events: readonly HistoryEvent[], { log }: Pick<StoryWorld, 'log'>): number | null {
  if (!log) return 0;
  return events.find(({ kind, partition }) => partition !== noPartition && !ranges.has(kind))?.partition ?? null;
}

/** Kinds of events that stand for a stretch of sequences. */
export const ranges: ReadonlySet<number> = new Set([eventKinds.reserved, eventKinds.released]);

export function exposedWords({ timeline }: Pick<StoryWorld, 'timeline'>, { producer, sequence }: MessageId): string | null {
  const closed = timeline.find((entry) => entry.type === 'closed' && entry.producer === producer && sequence >= entry.from && sequence < entry.to);
  return closed?.type !== 'closed' ? null : `one of the ${closed.to - closed.from} messages of a closed publish, exposed to the fault that followed`;
}

/** @param own in the order of time. */
export function chaptersOf(own: readonly HistoryEvent[], world: StoryWorld): readonly StoryChapter[] {
  const { timeline, workers, log } = world;
  const partition = partitionOf(own, world);
  const told = own.map((event): StoryChapter => ({ timeMs: event.timeNs / 1e6, of: 'message', words: wordsOf(event, workers), leader: leaderAt(timeline, partition, event.timeNs) }));
  // A number is reserved long before, and the audit comes long after: what happened in between is not all about this message.
  const lived = own.filter(({ kind }) => !audited.has(kind) && !ranges.has(kind));
  const [first, last] = [lived[0]?.timeNs ?? Infinity, lived.at(-1)?.timeNs ?? -Infinity];
  const missing = !own.some(({ kind }) => (log ? audited : ended).has(kind));
  const until = (missing ? Math.max(last, endOfNextFault(timeline, last)) : last) + marginNs;
  const around = timeline.filter(({ timeNs }) => timeNs >= first - marginNs && timeNs <= until).flatMap((entry) => chapterOf(entry, partition));
  const looked = missing ? timeline.filter((entry) => entry.type === 'audit' && entry.conclusive) : [];
  const audit = looked.map(({ timeNs }): StoryChapter => ({ timeMs: timeNs / 1e6, of: 'message', words: 'the audit did not find it', leader: leaderAt(timeline, partition, timeNs) }));
  return [...told, ...around, ...audit].toSorted((a, b) => a.timeMs - b.timeMs);
}

/** On a queue; a log keeps what was processed. A message that is nowhere went away later than its own events tell: the fault that came next belongs to its story. */
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
