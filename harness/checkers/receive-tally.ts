// Consumers' events: deliveries, handlers' ends, settlements, and how positions moved.
import { eventKinds, noOffset, noSequence } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { Eras } from './eras.ts';
import { ErrorCounts } from './error-counts.ts';
import { EventColumns } from './event-columns.ts';
import type { Ids } from './ids.ts';
import { flag } from './message-flags.ts';
import { PositionTally } from './position-tally.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { RunClock } from './run-clock.ts';
import { Bins } from './series.ts';
import type { StoreTally } from './store-tally.ts';

export class ReceiveTally {
  readonly errors = new ErrorCounts();
  readonly positions = new PositionTally();
  readonly deliveredBins = new Bins();
  /** Deliveries of an id after its first. */
  readonly repeats = new EventColumns();
  deliveries = 0;
  flagged = 0;
  processed = 0;
  corrupted = 0;
  strangers = 0;
  readonly #ids: Ids;
  readonly #log: boolean;
  readonly #eras: Eras;
  readonly #store: StoreTally;
  readonly #ticksPerNs: number;
  readonly #consumers = new Uint8Array(256);
  #rank = 0;

  constructor(ids: Ids, log: boolean, strikesNs: readonly number[], store: StoreTally, { ticksPerNs }: RunClock) {
    this.#ids = ids;
    this.#log = log;
    this.#eras = new Eras(strikesNs);
    this.#store = store;
    this.#ticksPerNs = ticksPerNs;
  }

  /** How many consumers were given anything. */
  get consumers(): number {
    return this.#consumers.reduce((sum, one) => sum + one, 0);
  }

  /** Per partition of a log: the offset after the last one that anybody was given. */
  get afterLastDelivered(): readonly number[] {
    const next: number[] = [];
    const reach = (partition: number, offset: number) => { if (offset !== noOffset && offset >= (next[partition] ?? 0)) next[partition] = offset + 1; };
    for (const { flags, deliveredPartition, deliveredOffset, length } of this.#ids.producers) {
      for (let id = 0; id < length; id++) if ((flags[id]! & flag.delivered) !== 0) reach(deliveredPartition[id]!, deliveredOffset[id]!);
    }
    for (let row = 0; row < this.repeats.length; row++) reach(this.repeats.partition[row]!, this.repeats.offset[row]!);
    return next;
  }

  /** Takes rows `from` … `to − 1` while they are a consumer's; returns the first that is not. */
  take(rows: EventBatch, from: number, to: number, secondLook: boolean): number {
    let row = from;
    while (row < to && isConsumers(rows.kind[row]!)) {
      const columns = this.#ids.list[rows.producer[row]!];
      const next = columns === undefined ? row : this.#ordinary(columns, rows, row, to, secondLook);
      if (next === row) this.#other(rows, row++, secondLook);
      else row = next;
    }
    return row;
  }

  /** The loop that most events go through: first deliveries, ends of handlers and settlements of known ids of one producer. */
  #ordinary(columns: ProducerColumns, rows: EventBatch, from: number, to: number, secondLook: boolean): number {
    const { kind, producer, sequence, timeNs, partition, offset, attempt } = rows;
    const { producer: own, length, flags, firstDelivered, deliveredEra, processedEra, deliveredPartition, deliveredOffset, deliveredAttempt, place } = columns;
    const eras = this.#eras;
    const ticksPerNs = this.#ticksPerNs;
    let row = from;
    for (; row < to; row++) {
      const what = kind[row]!;
      const id = sequence[row]!;
      if (producer[row] !== own || id >= length) break;
      if (what === eventKinds.settled) {
        flags[id]! |= flag.settled;
      } else if (what === eventKinds.processed) {
        this.processed++;
        flags[id]! |= (flags[id]! & flag.processed) === 0 ? flag.processed : flag.processedAgain;
        const era = eras.at(timeNs[row]!) + 1;
        if (processedEra[id] === 0 || era < processedEra[id]!) processedEra[id] = era;
      } else if (what === eventKinds.delivered && (flags[id]! & flag.delivered) === 0) {
        if (!secondLook) this.#arrived(rows, row);
        flags[id]! |= flag.delivered;
        deliveredEra[id] = eras.at(timeNs[row]!) + 1;
        firstDelivered[id] = timeNs[row]! * ticksPerNs;
        deliveredPartition[id] = partition[row]!;
        deliveredOffset[id] = this.#log ? offset[row]! : 0;
        deliveredAttempt[id] = attempt[row]!;
        if (!this.#log) place[id] = ++this.#rank;
      } else {
        break;
      }
    }
    return row;
  }

  #other(rows: EventBatch, row: number, secondLook: boolean): void {
    const kind = rows.kind[row]!;
    const sequence = rows.sequence[row]!;
    if (!secondLook) this.#notice(kind, rows, row);
    if (sequence === noSequence || kind === eventKinds.corrupted || kind === eventKinds.requeued) return;
    let columns = this.#ids.list[rows.producer[row]!];
    if (columns === undefined || sequence >= columns.length) columns = this.#ids.admit(rows, row);
    if (columns === undefined) return;
    if (kind === eventKinds.rejected) columns.flags[sequence]! |= flag.rejected;
    else if (kind === eventKinds.delivered || kind === eventKinds.redelivered) this.#delivered(columns, sequence, rows, row);
    else this.#ordinary(columns, rows, row, row + 1, secondLook);
  }

  /** What counts whoever sent it. */
  #notice(kind: number, rows: EventBatch, row: number): void {
    switch (kind) {
      case eventKinds.delivered: return this.#arrived(rows, row);
      case eventKinds.redelivered: this.flagged++; return this.#arrived(rows, row);
      case eventKinds.corrupted: this.corrupted++; return;
      case eventKinds.stranger: this.strangers++; return this.#store.occupy(rows.partition[row]!, rows.offset[row]!);
      case eventKinds.assigned:
      case eventKinds.revoked: return this.positions.assignment(kind, rows, row);
    }
  }

  #arrived(rows: EventBatch, row: number): void {
    if (rows.code[row] !== 0) this.errors.add(rows.actor[row]!, rows.code[row]!);
    this.deliveries++;
    this.deliveredBins.add(rows.timeNs[row]!);
    this.#consumers[rows.actor[row]!] = 1;
    if (this.#log) this.positions.delivery(rows, row);
  }

  #delivered(columns: ProducerColumns, sequence: number, rows: EventBatch, row: number): void {
    const flagged = rows.kind[row] === eventKinds.redelivered;
    const known = columns.flags[sequence]!;
    columns.flags[sequence] = known | flag.delivered | (flagged ? flag.redelivered : 0) | ((known & flag.delivered) === 0 ? 0 : flag.deliveredAgain);
    const era = this.#eras.at(rows.timeNs[row]!) + 1;
    if ((known & flag.delivered) === 0 || era < columns.deliveredEra[sequence]!) columns.deliveredEra[sequence] = era;
    const ticks = (rows.timeNs[row]! * this.#ticksPerNs) >>> 0;
    if ((known & flag.delivered) === 0 || ticks < columns.firstDelivered[sequence]!) columns.firstDelivered[sequence] = ticks;
    if ((known & flag.delivered) !== 0) return this.repeats.copy(rows, row);
    columns.deliveredPartition[sequence] = rows.partition[row]!;
    columns.deliveredOffset[sequence] = this.#log ? rows.offset[row]! : Number(flagged);
    columns.deliveredAttempt[sequence] = rows.attempt[row]!;
    if (!this.#log) columns.place[sequence] = ++this.#rank;
  }
}

const isConsumers = (kind: number): boolean => kind > eventKinds.unreceipted && kind !== eventKinds.stored && kind !== eventKinds.deadLettered;
