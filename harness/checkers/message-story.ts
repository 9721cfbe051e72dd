// The story of one message, told from the events and the timeline alone: no record and no judgement is needed.
import { eventKinds, type HistoryEvent } from '../model/event.ts';
import type { EventBatch, HistorySource } from '../model/history.ts';
import type { MessageId } from '../model/message.ts';
import type { Scenario } from '../model/scenario.ts';
import type { MessageStory } from '../model/story.ts';
import { eventAt } from './event-columns.ts';
import { tell } from './stories.ts';
import { chaptersOf, exposedWords, partitionOf, ranges, storyWorldOf, type StoryWorld } from './story-chapters.ts';

/** Events of one message: one that was delivered a million times must not fill the memory. */
const mostKept = 1_000;
/** Sequences before and after it among which its neighbours are looked for. */
const widestLook = 10_000;

export interface StoryOptions {
  /** Messages before and after it that are told in brief. */
  readonly neighbours: number;
}

export async function tellMessage(source: HistorySource, id: MessageId, { neighbours }: StoryOptions): Promise<MessageStory> {
  const reach = Math.min(widestLook, neighbours * sequencesApart(source.plan.scenario));
  const events = await eventsOf(source, id.producer, Math.max(0, id.sequence - reach), id.sequence + reach);
  const world = await storyWorldOf(source);
  const audit = world.timeline.find((entry) => entry.type === 'audit');
  const summaryOf = (own: readonly HistoryEvent[]): string => tell(own.filter(({ kind }) => kind !== eventKinds.reserved), world.log, audit?.conclusive === true);
  const own = events.get(id.sequence) ?? [];
  return {
    ...id,
    scenario: source.plan.scenario.name,
    known: own.length > 0,
    summary: own.length === 0 ? 'no event of the history names it' : summaryOf(own),
    exposed: exposedWords(world, id),
    chapters: own.length === 0 ? [] : chaptersOf(own, world),
    neighbours: nearest(events, id.sequence, neighbours, world).map((sequence) => ({ producer: id.producer, sequence, summary: summaryOf(events.get(sequence)!) })),
    incomplete: source.integrity.whole ? null : source.integrity.detail,
  };
}

/** A producer goes from partition to partition, one a publish: so far apart are two messages of one partition, and twice that where the client chooses. */
const sequencesApart = ({ destination, producer: { batch } }: Scenario): number => (destination.partitions === 1 ? 1 : 2 * destination.partitions * batch);

/** Sequences of the same partition on both sides of it, in their order; of any partition where its own is not known. */
function nearest(events: ReadonlyMap<number, readonly HistoryEvent[]>, sequence: number, count: number, world: StoryWorld): readonly number[] {
  const place = partitionOf(events.get(sequence) ?? [], world);
  const beside = [...events].filter(([other, list]) => other !== sequence && (place === null || partitionOf(list, world) === place)).map(([other]) => other).toSorted((a, b) => a - b);
  const before = beside.filter((other) => other < sequence);
  return [...before.slice(Math.max(0, before.length - count)), ...beside.filter((other) => other > sequence).slice(0, count)];
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

const ofNoMessage: ReadonlySet<number> = new Set([eventKinds.assigned, eventKinds.revoked, eventKinds.stranger]);

function keep(batch: EventBatch, row: number, from: number, to: number, found: Map<number, HistoryEvent[]>): void {
  const [kind, first] = [batch.kind[row]!, batch.sequence[row]!];
  if (ofNoMessage.has(kind)) return;
  const last = ranges.has(kind) ? first + batch.offset[row]! - 1 : first;
  for (let sequence = Math.max(first, from); sequence <= Math.min(last, to); sequence++) {
    const list = found.get(sequence) ?? [];
    if (list.length < mostKept) list.push(eventAt(batch, row));
    found.set(sequence, list);
  }
}
