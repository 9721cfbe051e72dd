// What no worker of a run can have recorded is refused before anything makes room for it: a damaged or foreign file
// must not decide how much memory is used. What payloads tell (ids in deliveries and finds) may be anybody's and is left alone.
import { eventKinds, noOffset, noPartition } from '../model/event.ts';
import type { EventBatch, WorkerInfo } from '../model/history.ts';
import type { Plan } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';

export interface Limits {
  /** 1 where a worker produced under that index. */
  readonly producers: Uint8Array;
  /** A producer's own sequences lie below this. */
  readonly sequences: number;
  readonly partitions: number;
  readonly offsets: number;
  readonly latestNs: number;
}

const firstKind = Math.min(...Object.values(eventKinds));
const lastKind = Math.max(...Object.values(eventKinds));
/** Producers reserve in blocks, and leave the rest of one where they are killed. */
const unusedSequences = 1 << 20;
/** Logs have records of their own between messages, such as the ends of transactions. */
const foreignOffsets = 1 << 24;
const offsetsAnEvent = 16;
/** Workers outlive a tool that is killed for a moment; the timeline ends with the tool. */
const afterTimelineNs = 3_600e9;

/** A program of the user's own may name any partition and offset: what it claims is evidence. */
export function limitsOf(plan: Plan, workers: readonly WorkerInfo[], timeline: readonly TimelineEntry[], events: number): Limits {
  const producers = new Uint8Array(noPartition + 1);
  for (const { role, index } of workers) if (role === 'producer') producers[index] = 1;
  const { scenario } = plan;
  const ownClients = scenario?.producer?.program === null && scenario.consumer.program === null;
  const endNs = timeline.reduce((latest, { timeNs }) => Math.max(latest, timeNs), 0);
  return {
    producers,
    sequences: events + unusedSequences,
    partitions: ownClients ? Math.max(1, scenario.destination?.partitions ?? noPartition) : noPartition,
    offsets: ownClients ? events * offsetsAnEvent + foreignOffsets : noOffset,
    latestNs: 2 * endNs + afterTimelineNs,
  };
}

/** The first thing that cannot be, in words; null: nothing. */
export function implausible(batch: EventBatch, limits: Limits): string | null {
  for (let from = 0; from < batch.length; from += stretchRows) {
    const to = Math.min(batch.length, from + stretchRows);
    if (isPlausible(batch, from, to, limits)) continue;
    for (let row = from; row < to; row++) if (!isPlausible(batch, row, row + 1, limits)) return describe(batch, row, limits);
  }
  return null;
}

/** Short and called often, so that it is compiled well (see the tally of the checkers). */
const stretchRows = 4_096;

/** A plain loop for each column: several times as fast as one over all of them. */
const isPlausible = ({ kind, timeNs, partition, offset, producer, sequence }: EventBatch, from: number, to: number, { producers, sequences, partitions, offsets, latestNs }: Limits): boolean =>
  areKinds(kind, from, to) && areTimes(timeNs, from, to, latestNs) && areBelow(partition, from, to, partitions, noPartition) && areBelow(offset, from, to, offsets, noOffset)
  && areOwn(kind, producer, sequence, offset, from, to, producers, sequences);

function areKinds(kind: Uint8Array, from: number, to: number): boolean {
  let lowest = firstKind;
  let highest = lastKind;
  for (let row = from; row < to; row++) {
    const what = kind[row]!;
    if (what < lowest) lowest = what;
    if (what > highest) highest = what;
  }
  return lowest === firstKind && highest === lastKind;
}

function areTimes(timeNs: Float64Array, from: number, to: number, latestNs: number): boolean {
  let wrong = 0;
  for (let row = from; row < to; row++) if (!(timeNs[row]! >= 0 && timeNs[row]! <= latestNs)) wrong++;
  return wrong === 0;
}

function areBelow(values: Uint16Array | Uint32Array, from: number, to: number, limit: number, none: number): boolean {
  let wrong = 0;
  for (let row = from; row < to; row++) if (values[row]! >= limit && values[row] !== none) wrong++;
  return wrong === 0;
}

function areOwn(kind: Uint8Array, producer: Uint16Array, sequence: Uint32Array, offset: Uint32Array, from: number, to: number, producers: Uint8Array, sequences: number): boolean {
  let wrong = 0;
  for (let row = from; row < to; row++) {
    const what = kind[row]!;
    if (what > eventKinds.unreceipted) continue;
    const count = what <= eventKinds.released ? offset[row]! : 1;
    if (producers[producer[row]!] === 0 || sequence[row]! + count > sequences) wrong++;
  }
  return wrong === 0;
}

function describe(batch: EventBatch, row: number, { producers, partitions, latestNs }: Limits): string {
  const kind = batch.kind[row]!;
  const timeNs = batch.timeNs[row]!;
  if (kind < firstKind || kind > lastKind) return `an event of kind ${kind}, which is none`;
  if (!(timeNs >= 0 && timeNs <= latestNs)) return `an event at ${timeNs / 1e9} s, which is not in the run`;
  if (batch.partition[row]! >= partitions && batch.partition[row] !== noPartition) return `an event of partition ${batch.partition[row]} of ${partitions}`;
  if (kind <= eventKinds.unreceipted && producers[batch.producer[row]!] === 0) return `an event of producer ${batch.producer[row]}, which did not run`;
  return `an event of message ${batch.producer[row]}:${batch.sequence[row]} at offset ${batch.offset[row]}, which is beyond what so many events can come to`;
}
