// Producers' events: reservations, attempts and their ends, receipts.
import { eventKinds, noOffset, noPartition } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { shortestGapNs } from './availability.ts';
import { Bitset } from './bitset.ts';
import { Eras } from './eras.ts';
import { LatencyHistogram } from './latency.ts';
import { flag } from './message-flags.ts';
import { OutcomeGrid } from './outcome-grid.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { Bins } from './series.ts';
import { doubtfulTerm, Terms } from './terms.ts';
import type { TimelineFacts } from './timeline-facts.ts';

export class PublishTally {
  readonly grid: OutcomeGrid;
  readonly latency = new LatencyHistogram();
  readonly acceptedBins = new Bins();
  readonly failedBins = new Bins();
  readonly indeterminateBins = new Bins();
  /** Per fault of the timeline: when an attempt first failed, stayed unknown or came late; Infinity: never. */
  readonly detectedNs: Float64Array;
  attempts = 0;
  acceptedBeforeFault = 0;
  acceptedAfterHeal = 0;
  conflicts = 0;
  readonly #log: boolean;
  readonly #eras: Eras;
  readonly #terms: Terms;
  readonly #struckNs: readonly number[];
  readonly #firstStruckNs: number;
  readonly #healedNs: number;
  /** Per partition and term: offsets that a receipt named, and those that two receipts named. */
  readonly #named: Bitset[][] = [];
  readonly #conflicting: Bitset[][] = [];

  constructor(log: boolean, timeline: TimelineFacts) {
    this.#log = log;
    this.#eras = new Eras(timeline.strikesNs);
    this.#terms = new Terms(timeline);
    this.grid = new OutcomeGrid(timeline.endNs);
    this.#struckNs = timeline.faults.map(({ struckNs }) => struckNs ?? Infinity);
    this.#firstStruckNs = Math.min(Infinity, ...this.#struckNs);
    this.#healedNs = this.#firstStruckNs === Infinity ? -Infinity : (timeline.healedNs ?? Infinity);
    this.detectedNs = new Float64Array(this.#struckNs.length).fill(Infinity);
  }

  event(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    if (sequence >= columns.length) columns.extend(sequence + 1);
    switch (rows.kind[row]) {
      case eventKinds.sent: return this.#sent(columns, sequence, rows.timeNs[row]!, rows.partition[row]!);
      case eventKinds.acknowledged: return this.#accepted(columns, sequence, flag.acknowledged, rows, row);
      case eventKinds.handedOver: return this.#accepted(columns, sequence, flag.handedOver, rows, row);
      case eventKinds.failed: return this.#refused(columns, sequence, flag.failed, rows, row);
      case eventKinds.indeterminate: return this.#refused(columns, sequence, flag.indeterminate, rows, row);
      case eventKinds.reserved: return mark(columns, sequence, rows.offset[row]!, flag.reserved);
      case eventKinds.released: return mark(columns, sequence, rows.offset[row]!, flag.released);
      case eventKinds.returned: columns.flags[sequence]! |= flag.returned; return;
      case eventKinds.unreceipted: columns.flags[sequence]! |= flag.unreceipted; return;
    }
  }

  /** Whether the receipt of this id names a place that another id's receipt names too, under the same leader. */
  inConflict(columns: ProducerColumns, sequence: number): boolean {
    if ((columns.flags[sequence]! & flag.receipt) === 0) return false;
    const slots = this.#conflicting[columns.partition[sequence]!]?.[columns.receiptTerm[sequence]!];
    return slots?.has(columns.receiptOffset[sequence]!) ?? false;
  }

  #sent(columns: ProducerColumns, sequence: number, timeNs: number, partition: number): void {
    this.attempts++;
    if (columns.attempts[sequence] === 0) {
      if (sequence < columns.lastBegun) columns.outOfSequence = true;
      else columns.lastBegun = sequence;
      columns.sentEra[sequence] = this.#eras.at(timeNs) + 1;
    }
    if (columns.attempts[sequence]! < 255) columns.attempts[sequence]!++;
    columns.sentUs[sequence] = microseconds(timeNs);
    if (partition !== noPartition) columns.partition[sequence] = partition;
  }

  #accepted(columns: ProducerColumns, sequence: number, as: number, rows: EventBatch, row: number): void {
    const timeNs = rows.timeNs[row]!;
    columns.flags[sequence]! |= as;
    const era = this.#ended(columns, sequence, timeNs);
    if (columns.acceptedEra[sequence] === 0) columns.acceptedEra[sequence] = era;
    if (timeNs < this.#firstStruckNs) this.acceptedBeforeFault++;
    if (timeNs >= this.#healedNs) this.acceptedAfterHeal++;
    this.acceptedBins.add(timeNs);
    if (rows.partition[row] !== noPartition) columns.partition[sequence] = rows.partition[row]!;
    const latencyUs = (microseconds(timeNs) - columns.sentUs[sequence]!) >>> 0;
    if (as === flag.acknowledged) this.latency.add(latencyUs);
    const sentNs = timeNs - latencyUs * 1_000;
    this.grid.ok(columns.partition[sequence]!, timeNs, sentNs);
    if (timeNs - sentNs > shortestGapNs) this.#detect(sentNs + shortestGapNs, timeNs);
    if (this.#log && rows.offset[row] !== noOffset) this.#receipt(columns, sequence, timeNs, rows.offset[row]!);
  }

  #refused(columns: ProducerColumns, sequence: number, as: number, rows: EventBatch, row: number): void {
    const timeNs = rows.timeNs[row]!;
    columns.flags[sequence]! |= as;
    this.#ended(columns, sequence, timeNs);
    (as === flag.failed ? this.failedBins : this.indeterminateBins).add(timeNs);
    const partition = rows.partition[row] === noPartition ? columns.partition[sequence]! : rows.partition[row]!;
    const latencyUs = (microseconds(timeNs) - columns.sentUs[sequence]!) >>> 0;
    this.grid.bad(partition, timeNs, timeNs - latencyUs * 1_000);
    this.#detect(timeNs, timeNs);
  }

  /** Returns the era of the end, plus one. */
  #ended(columns: ProducerColumns, sequence: number, timeNs: number): number {
    if (columns.outcomes[sequence]! < 255) columns.outcomes[sequence]!++;
    const era = this.#eras.at(timeNs) + 1;
    if (era > columns.outcomeEra[sequence]!) columns.outcomeEra[sequence] = era;
    return era;
  }

  /** An attempt that ended at `endNs` was in trouble from `shownNs` on: the first to tell of every fault struck by then. */
  #detect(shownNs: number, endNs: number): void {
    for (let fault = 0; fault < this.#struckNs.length; fault++) {
      const struckNs = this.#struckNs[fault]!;
      if (struckNs <= endNs) this.detectedNs[fault] = Math.min(this.detectedNs[fault]!, Math.max(shownNs, struckNs));
    }
  }

  #receipt(columns: ProducerColumns, sequence: number, timeNs: number, offset: number): void {
    const partition = columns.partition[sequence]!;
    const term = this.#terms.at(partition, timeNs);
    const again = (columns.flags[sequence]! & flag.receipt) !== 0 && columns.receiptOffset[sequence] === offset;
    columns.flags[sequence]! |= flag.receipt;
    columns.receiptOffset[sequence] = offset;
    columns.receiptTerm[sequence] = term;
    if (term === doubtfulTerm || !slotsOf(this.#named, partition, term).add(offset) || again) return;
    slotsOf(this.#conflicting, partition, term).add(offset);
    columns.flags[sequence]! |= flag.conflict;
    this.conflicts++;
  }
}

/** Modulo 2³²: differences are right as long as they are below 71 minutes. */
const microseconds = (timeNs: number): number => (timeNs / 1_000) >>> 0;

const slotsOf = (slots: Bitset[][], partition: number, term: number): Bitset => ((slots[partition] ??= [])[term] ??= new Bitset());

function mark(columns: ProducerColumns, from: number, count: number, as: number): void {
  columns.extend(from + count);
  for (let sequence = from; sequence < from + count; sequence++) columns.flags[sequence]! |= as;
}
