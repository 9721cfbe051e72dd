// Consumers' events: deliveries, handlers' ends, settlements, and how positions moved.
import { eventKinds, noSequence } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { Eras } from './eras.ts';
import { ErrorCounts } from './error-counts.ts';
import { EventColumns } from './event-columns.ts';
import type { Ids } from './ids.ts';
import { flag } from './message-flags.ts';
import { PositionTally } from './position-tally.ts';
import type { ProducerColumns } from './producer-columns.ts';
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
  readonly #consumers = new Uint8Array(256);
  #rank = 0;

  constructor(ids: Ids, log: boolean, strikesNs: readonly number[], store: StoreTally) {
    this.#ids = ids;
    this.#log = log;
    this.#eras = new Eras(strikesNs);
    this.#store = store;
  }

  /** How many consumers were given anything. */
  get consumers(): number {
    return this.#consumers.reduce((sum, one) => sum + one, 0);
  }

  /** Takes rows `from` … `to − 1` while they are a consumer's; returns the first that is not. */
  take(rows: EventBatch, from: number, to: number, secondLook: boolean): number {
    const { kind, producer, sequence } = rows;
    const { list } = this.#ids;
    let row = from;
    for (; row < to; row++) {
      const what = kind[row]!;
      if (what <= eventKinds.unreceipted || what === eventKinds.stored || what === eventKinds.deadLettered) break;
      const id = sequence[row]!;
      if (!secondLook && what !== eventKinds.processed && what !== eventKinds.settled) this.#notice(what, rows, row);
      if (id === noSequence || what === eventKinds.corrupted) continue;
      let columns = list[producer[row]!];
      if (columns === undefined || id >= columns.length) columns = this.#ids.admit(rows, row);
      if (columns === undefined) continue;
      if (what === eventKinds.settled) columns.flags[id]! |= flag.settled;
      else if (what === eventKinds.processed) this.#handled(columns, id, rows.timeNs[row]!);
      else this.#delivered(columns, id, rows, row);
    }
    return row;
  }

  /** What counts whoever sent it. */
  #notice(kind: number, rows: EventBatch, row: number): void {
    if (rows.code[row] !== 0) this.errors.add(rows.actor[row]!, rows.code[row]!);
    switch (kind) {
      case eventKinds.delivered: return this.#arrived(rows, row);
      case eventKinds.redelivered: this.flagged++; return this.#arrived(rows, row);
      case eventKinds.corrupted: this.corrupted++; return;
      case eventKinds.stranger: this.strangers++; return this.#store.occupy(rows.partition[row]!, rows.offset[row]!);
      default: return this.positions.assignment(kind, rows, row);
    }
  }

  #arrived(rows: EventBatch, row: number): void {
    this.deliveries++;
    this.deliveredBins.add(rows.timeNs[row]!);
    this.#consumers[rows.actor[row]!] = 1;
    if (this.#log) this.positions.delivery(rows, row);
  }

  #delivered(columns: ProducerColumns, sequence: number, rows: EventBatch, row: number): void {
    const flagged = rows.kind[row] === eventKinds.redelivered;
    const known = columns.flags[sequence]!;
    columns.flags[sequence] = known | flag.delivered | (flagged ? flag.redelivered : 0) | ((known & flag.delivered) === 0 ? 0 : flag.deliveredAgain);
    if ((known & flag.delivered) !== 0) return this.repeats.copy(rows, row);
    columns.deliveredPartition[sequence] = rows.partition[row]!;
    columns.deliveredOffset[sequence] = this.#log ? rows.offset[row]! : Number(flagged);
    columns.deliveredAttempt[sequence] = rows.attempt[row]!;
    if (!this.#log) columns.place[sequence] = ++this.#rank;
  }

  #handled(columns: ProducerColumns, sequence: number, timeNs: number): void {
    this.processed++;
    const known = columns.flags[sequence]!;
    columns.flags[sequence] = known | ((known & flag.processed) === 0 ? flag.processed : flag.processedAgain);
    const era = this.#eras.at(timeNs) + 1;
    if (columns.processedEra[sequence] === 0 || era < columns.processedEra[sequence]!) columns.processedEra[sequence] = era;
  }
}
