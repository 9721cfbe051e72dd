// Producers' events: reservations, attempts and their ends, receipts.
import { eventKinds, noOffset, noPartition } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { shortestGapNs } from './availability.ts';
import { Eras } from './eras.ts';
import { ErrorCounts } from './error-counts.ts';
import type { Ids } from './ids.ts';
import { LatencyGrid } from './latency-grid.ts';
import { flag } from './message-flags.ts';
import { Moment, type Edges, type Surroundings } from './moment.ts';
import { OutcomeGrid } from './outcome-grid.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { RunClock } from './run-clock.ts';
import { Bins } from './series.ts';
import { Terms } from './terms.ts';
import type { TimelineFacts } from './timeline-facts.ts';

/** Waits from here on are told to the grid: safely below the shortest gap. */
const slowUs = shortestGapNs / 1_000 / 2;
/** Longer waits of one message, of more than 71 minutes, are told as this. */
const mostUs = 0xffff_ffff;

export class PublishTally {
  readonly grid: OutcomeGrid;
  readonly errors = new ErrorCounts();
  readonly latency: LatencyGrid;
  readonly failedBins = new Bins();
  readonly indeterminateBins = new Bins();
  attempts = 0;
  /** Acceptances that name no partition. */
  unplaced = 0;
  readonly #ids: Ids;
  readonly #log: boolean;
  readonly #ticksPerNs: number;
  readonly #tickUs: number;
  readonly #around: Surroundings;
  readonly #moments: Moment[] = [];
  #current: ProducerColumns | null = null;
  readonly #struckNs: readonly number[];
  readonly #placed: boolean;
  /** By partition, or `noPartition`; per fault of the timeline. */
  readonly #detectedNs = new Map<number, Float64Array>();

  /** @param placed the partition of an attempt that named none is on record. */
  constructor(ids: Ids, log: boolean, timeline: TimelineFacts, placed: boolean, { ticksPerNs, tickNs }: RunClock) {
    this.#ids = ids;
    this.#log = log;
    this.#placed = placed;
    this.#ticksPerNs = ticksPerNs;
    this.#tickUs = tickNs / 1_000;
    this.grid = new OutcomeGrid(timeline.endNs);
    this.#struckNs = timeline.faults.map(({ struckNs }) => struckNs ?? Infinity);
    const firstStruckNs = Math.min(Infinity, ...this.#struckNs);
    const healedNs = firstStruckNs === Infinity ? -Infinity : (timeline.healedNs ?? Infinity);
    this.#around = { grid: this.grid, eras: new Eras(timeline.strikesNs), terms: new Terms(timeline), edges: { firstStruckNs, healedNs } };
    this.latency = new LatencyGrid(timeline.endNs, this.#around.edges);
  }

  /** Takes rows `from` … `to − 1` while they are a producer's; returns the first that is not. */
  take(rows: EventBatch, from: number, to: number): number {
    let row = from;
    while (row < to && rows.kind[row]! <= eventKinds.unreceipted) {
      const columns = this.#ids.own(rows.producer[row]!, rows.sequence[row]!);
      if (columns !== this.#current) this.#leaveMoments();
      this.#current = columns;
      const next = this.#sentAndAccepted(columns, rows, row, to);
      if (next === row) this.#other(columns, rows, row++);
      else row = next;
    }
    return row;
  }

  /** After the last event. */
  finish(): void {
    this.#leaveMoments();
  }

  get edges(): Edges {
    return this.#around.edges;
  }

  get terms(): Terms {
    return this.#around.terms;
  }

  /** When an attempt first failed, stayed unknown or came late after the strike of a fault, by its index in the timeline; Infinity: never. On any partition where none is named. */
  detectedNs(fault: number, partition?: number): number {
    if (partition !== undefined) return this.#detectedNs.get(partition)?.[fault] ?? Infinity;
    return Math.min(Infinity, ...[...this.#detectedNs.values()].map((times) => times[fault]!));
  }

  /** Acceptances before the first fault struck, and after the last was over; without a fault all of them are both. */
  get acceptedBeforeFault(): number {
    return this.#moments.reduce((sum, moment) => sum + moment.acceptedBeforeFault, 0);
  }

  get acceptedAfterHeal(): number {
    return this.#moments.reduce((sum, moment) => sum + moment.acceptedAfterHeal, 0);
  }

  /**
   * The loop that most events go through: one producer's attempts that end well. Arrays are taken out of their objects
   * once, and nothing is called for the ordinary message: that makes it four times as fast as the plain form.
   */
  #sentAndAccepted(columns: ProducerColumns, rows: EventBatch, from: number, to: number): number {
    const { kind, producer, sequence, timeNs, partition, offset, code } = rows;
    const { producer: own, length, flags, attempts, outcomes, sentUs, firstSent, sentEra, outcomeEra, partition: partitions, receiptOffset, receiptTerm } = columns;
    const { eras } = this.#around;
    const ticksPerNs = this.#ticksPerNs;
    const tickUs = this.#tickUs;
    let moment = this.#moment(partitions[sequence[from]!]!);
    let begun = 0;
    let unplaced = 0;
    let row = from;
    for (; row < to; row++) {
      const what = kind[row]!;
      const id = sequence[row]!;
      const accepted = what === eventKinds.acknowledged || what === eventKinds.handedOver;
      if ((what !== eventKinds.sent && !accepted) || producer[row] !== own || id >= length) break;
      if (code[row] !== 0) this.errors.add(rows.actor[row]!, code[row]!);
      if (partition[row] !== noPartition) partitions[id] = partition[row]!;
      else if (accepted) unplaced++;
      if (!accepted) {
        begun++;
        if (attempts[id] === 0) {
          if (id < columns.lastBegun) columns.outOfSequence = true;
          columns.lastBegun = id;
          sentEra[id] = eras.at(timeNs[row]!) + 1;
          firstSent[id] = timeNs[row]! * ticksPerNs;
        }
        if (attempts[id]! < 255) attempts[id]!++;
        sentUs[id] = microseconds(timeNs[row]!);
        continue;
      }
      if (moment.partition !== partitions[id]) moment = this.#moment(partitions[id]!);
      if (timeNs[row]! < moment.fromNs || timeNs[row]! >= moment.toNs) moment.enter(timeNs[row]!);
      moment.oks++;
      moment.lastOkNs = timeNs[row]!;
      const first = (flags[id]! & flag.acknowledged) === 0;
      flags[id]! |= what === eventKinds.acknowledged ? flag.acknowledged : flag.handedOver;
      if (outcomes[id]! < 255) outcomes[id]!++;
      if (moment.era > outcomeEra[id]!) outcomeEra[id] = moment.era;
      const latencyUs = (microseconds(timeNs[row]!) - sentUs[id]!) >>> 0;
      // What the application waited: from the first attempt, through refusals and outages, to the first acknowledgement.
      if (first && what === eventKinds.acknowledged) this.latency.add(timeNs[row]!, attempts[id]! > 1 ? Math.min(mostUs, ((timeNs[row]! * ticksPerNs - firstSent[id]!) >>> 0) * tickUs) : latencyUs);
      if (latencyUs > slowUs) this.#slow(moment.partition, timeNs[row]!, latencyUs);
      if (offset[row] === noOffset || !this.#log) continue;
      flags[id]! |= flag.receipt;
      receiptOffset[id] = offset[row]!;
      receiptTerm[id] = moment.term;
    }
    this.attempts += begun;
    this.unplaced += unplaced;
    return row;
  }

  /** Times grow only within one worker's events. */
  #leaveMoments(): void {
    for (const moment of this.#moments) moment?.leave();
  }

  #moment(partition: number): Moment {
    return (this.#moments[partition] ??= new Moment(partition, this.#around));
  }

  #slow(partition: number, timeNs: number, latencyUs: number): void {
    const sentNs = timeNs - latencyUs * 1_000;
    this.grid.waited(partition, timeNs, sentNs);
    if (timeNs - sentNs > shortestGapNs) this.#detect(partition, sentNs + shortestGapNs, timeNs);
  }

  /** Everything but the beginning and the good end of an attempt. */
  #other(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    if (rows.code[row] !== 0) this.errors.add(rows.actor[row]!, rows.code[row]!);
    switch (rows.kind[row]) {
      case eventKinds.failed: return this.#refused(columns, flag.failed, rows, row);
      case eventKinds.indeterminate: return this.#refused(columns, flag.indeterminate, rows, row);
      case eventKinds.reserved: return mark(columns, sequence, rows.offset[row]!, flag.reserved);
      case eventKinds.released: return mark(columns, sequence, rows.offset[row]!, flag.released);
      case eventKinds.returned: columns.flags[sequence]! |= flag.returned; return;
      case eventKinds.unreceipted: columns.flags[sequence]! |= flag.unreceipted; return;
    }
  }

  #refused(columns: ProducerColumns, as: number, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    const timeNs = rows.timeNs[row]!;
    columns.flags[sequence]! |= as;
    ended(columns, sequence, this.#around.eras.at(timeNs) + 1);
    (as === flag.failed ? this.failedBins : this.indeterminateBins).add(timeNs);
    const partition = rows.partition[row] === noPartition ? columns.partition[sequence]! : rows.partition[row]!;
    const latencyUs = (microseconds(timeNs) - columns.sentUs[sequence]!) >>> 0;
    this.grid.bad(partition, timeNs, timeNs - latencyUs * 1_000);
    this.#detect(this.#placed || rows.partition[row] !== noPartition ? partition : noPartition, timeNs, timeNs);
  }

  /** An attempt that ended at `endNs` was in trouble from `shownNs` on: the first to tell of every fault struck by then. */
  #detect(partition: number, shownNs: number, endNs: number): void {
    const detectedNs = this.#detectedNs.get(partition) ?? new Float64Array(this.#struckNs.length).fill(Infinity);
    this.#detectedNs.set(partition, detectedNs);
    for (let fault = 0; fault < this.#struckNs.length; fault++) {
      const struckNs = this.#struckNs[fault]!;
      if (struckNs <= endNs) detectedNs[fault] = Math.min(detectedNs[fault]!, Math.max(shownNs, struckNs));
    }
  }
}

/** Modulo 2³²: differences are right as long as they are below 71 minutes. */
const microseconds = (timeNs: number): number => (timeNs / 1_000) | 0;

/** @param era number of the era in which the attempt ended, plus one. */
function ended(columns: ProducerColumns, sequence: number, era: number): void {
  if (columns.outcomes[sequence]! < 255) columns.outcomes[sequence]!++;
  if (era > columns.outcomeEra[sequence]!) columns.outcomeEra[sequence] = era;
}

function mark(columns: ProducerColumns, from: number, count: number, as: number): void {
  columns.extend(from + count);
  for (let sequence = from; sequence < from + count; sequence++) columns.flags[sequence]! |= as;
}
