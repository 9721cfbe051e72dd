// Producers' events: reservations, attempts and their ends, receipts.
import { eventKinds, noOffset, noPartition } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { shortestGapNs } from './availability.ts';
import { Eras } from './eras.ts';
import { ErrorCounts } from './error-counts.ts';
import type { Ids } from './ids.ts';
import { LatencyHistogram } from './latency.ts';
import { flag } from './message-flags.ts';
import { OutcomeGrid } from './outcome-grid.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { Bins } from './series.ts';
import { Terms } from './terms.ts';
import type { TimelineFacts } from './timeline-facts.ts';

export class PublishTally {
  readonly grid: OutcomeGrid;
  readonly errors = new ErrorCounts();
  readonly latency = new LatencyHistogram();
  readonly failedBins = new Bins();
  readonly indeterminateBins = new Bins();
  /** Per fault of the timeline: when an attempt first failed, stayed unknown or came late; Infinity: never. */
  readonly detectedNs: Float64Array;
  attempts = 0;
  acceptedBeforeFault = 0;
  acceptedAfterHeal = 0;
  readonly #ids: Ids;
  readonly #log: boolean;
  readonly #eras: Eras;
  readonly #terms: Terms;
  readonly #struckNs: readonly number[];
  readonly #firstStruckNs: number;
  readonly #healedNs: number;

  constructor(ids: Ids, log: boolean, timeline: TimelineFacts) {
    this.#ids = ids;
    this.#log = log;
    this.#eras = new Eras(timeline.strikesNs);
    this.#terms = new Terms(timeline);
    this.grid = new OutcomeGrid(timeline.endNs);
    this.#struckNs = timeline.faults.map(({ struckNs }) => struckNs ?? Infinity);
    this.#firstStruckNs = Math.min(Infinity, ...this.#struckNs);
    this.#healedNs = this.#firstStruckNs === Infinity ? -Infinity : (timeline.healedNs ?? Infinity);
    this.detectedNs = new Float64Array(this.#struckNs.length).fill(Infinity);
  }

  /** Takes rows `from` … `to − 1` while they are a producer's; returns the first that is not. */
  take(rows: EventBatch, from: number, to: number): number {
    const { kind, producer, sequence, actor, code } = rows;
    const { list } = this.#ids;
    let row = from;
    for (; row < to; row++) {
      const what = kind[row]!;
      if (what > eventKinds.unreceipted) break;
      let columns = list[producer[row]!];
      if (columns === undefined || sequence[row]! >= columns.length) columns = this.#ids.own(producer[row]!, sequence[row]!);
      if (code[row] !== 0) this.errors.add(actor[row]!, code[row]!);
      if (what === eventKinds.sent) this.#sent(columns, rows, row);
      else if (what === eventKinds.acknowledged || what === eventKinds.handedOver) this.#accepted(columns, rows, row);
      else this.#other(columns, what, rows, row);
    }
    return row;
  }

  #sent(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    const timeNs = rows.timeNs[row]!;
    this.attempts++;
    if (columns.attempts[sequence] === 0) {
      if (sequence < columns.lastBegun) columns.outOfSequence = true;
      else columns.lastBegun = sequence;
      columns.sentEra[sequence] = this.#eras.at(timeNs) + 1;
    }
    if (columns.attempts[sequence]! < 255) columns.attempts[sequence]!++;
    columns.sentUs[sequence] = microseconds(timeNs);
    if (rows.partition[row] !== noPartition) columns.partition[sequence] = rows.partition[row]!;
  }

  #accepted(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    const timeNs = rows.timeNs[row]!;
    const acknowledged = rows.kind[row] === eventKinds.acknowledged;
    columns.flags[sequence]! |= acknowledged ? flag.acknowledged : flag.handedOver;
    this.#ended(columns, sequence, timeNs);
    if (timeNs < this.#firstStruckNs) this.acceptedBeforeFault++;
    if (timeNs >= this.#healedNs) this.acceptedAfterHeal++;
    if (rows.partition[row] !== noPartition) columns.partition[sequence] = rows.partition[row]!;
    const latencyUs = (microseconds(timeNs) - columns.sentUs[sequence]!) >>> 0;
    if (acknowledged) this.latency.add(latencyUs);
    this.grid.ok(columns.partition[sequence]!, timeNs, latencyUs);
    if (latencyUs > shortestGapNs / 1_000) this.#detect(timeNs - latencyUs * 1_000 + shortestGapNs, timeNs);
    if (this.#log && rows.offset[row] !== noOffset) this.#receipt(columns, sequence, timeNs, rows.offset[row]!);
  }

  #other(columns: ProducerColumns, kind: number, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    switch (kind) {
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
    this.#ended(columns, sequence, timeNs);
    (as === flag.failed ? this.failedBins : this.indeterminateBins).add(timeNs);
    const partition = rows.partition[row] === noPartition ? columns.partition[sequence]! : rows.partition[row]!;
    this.grid.bad(partition, timeNs, (microseconds(timeNs) - columns.sentUs[sequence]!) >>> 0);
    this.#detect(timeNs, timeNs);
  }

  #ended(columns: ProducerColumns, sequence: number, timeNs: number): void {
    if (columns.outcomes[sequence]! < 255) columns.outcomes[sequence]!++;
    const era = this.#eras.at(timeNs) + 1;
    if (era > columns.outcomeEra[sequence]!) columns.outcomeEra[sequence] = era;
  }

  /** An attempt that ended at `endNs` was in trouble from `shownNs` on: the first to tell of every fault struck by then. */
  #detect(shownNs: number, endNs: number): void {
    for (let fault = 0; fault < this.#struckNs.length; fault++) {
      const struckNs = this.#struckNs[fault]!;
      if (struckNs <= endNs) this.detectedNs[fault] = Math.min(this.detectedNs[fault]!, Math.max(shownNs, struckNs));
    }
  }

  #receipt(columns: ProducerColumns, sequence: number, timeNs: number, offset: number): void {
    columns.flags[sequence]! |= flag.receipt;
    columns.receiptOffset[sequence] = offset;
    columns.receiptTerm[sequence] = this.#terms.at(columns.partition[sequence]!, timeNs);
  }
}

/** Modulo 2³²: differences are right as long as they are below 71 minutes. */
const microseconds = (timeNs: number): number => (timeNs / 1_000) >>> 0;

function mark(columns: ProducerColumns, from: number, count: number, as: number): void {
  columns.extend(from + count);
  for (let sequence = from; sequence < from + count; sequence++) columns.flags[sequence]! |= as;
}
