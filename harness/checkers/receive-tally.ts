// Consumers' events: deliveries, handlers' ends, settlements, and how positions moved.
import { eventKinds } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { Eras } from './eras.ts';
import { EventColumns } from './event-columns.ts';
import { flag } from './message-flags.ts';
import { PositionTally } from './position-tally.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { Bins } from './series.ts';

export class ReceiveTally {
  readonly positions = new PositionTally();
  readonly deliveredBins = new Bins();
  /** Deliveries of an id after its first. */
  readonly repeats = new EventColumns();
  deliveries = 0;
  flagged = 0;
  processed = 0;
  #rank = 0;
  readonly #log: boolean;
  readonly #eras: Eras;
  readonly #consumers = new Uint8Array(256);

  constructor(log: boolean, strikesNs: readonly number[]) {
    this.#log = log;
    this.#eras = new Eras(strikesNs);
  }

  /** How many consumers were given anything. */
  get consumers(): number {
    return this.#consumers.reduce((sum, one) => sum + one, 0);
  }

  /** Once for each delivery, whoever sent it. */
  arrival(kind: number, rows: EventBatch, row: number): void {
    this.deliveries++;
    if (kind === eventKinds.redelivered) this.flagged++;
    this.deliveredBins.add(rows.timeNs[row]!);
    this.#consumers[rows.actor[row]!] = 1;
    if (this.#log) this.positions.delivery(rows, row);
  }

  event(columns: ProducerColumns, rows: EventBatch, row: number): void {
    const sequence = rows.sequence[row]!;
    switch (rows.kind[row]) {
      case eventKinds.redelivered:
        columns.flags[sequence]! |= flag.redelivered;
        return this.#delivered(columns, sequence, rows, row);
      case eventKinds.delivered: return this.#delivered(columns, sequence, rows, row);
      case eventKinds.processed: return this.#processed(columns, sequence, rows.timeNs[row]!);
      case eventKinds.settled: columns.flags[sequence]! |= flag.settled; return;
    }
  }

  #delivered(columns: ProducerColumns, sequence: number, rows: EventBatch, row: number): void {
    if ((columns.flags[sequence]! & flag.delivered) !== 0) {
      columns.flags[sequence]! |= flag.deliveredAgain;
      this.repeats.copy(rows, row);
      return;
    }
    columns.flags[sequence]! |= flag.delivered;
    columns.deliveredPartition[sequence] = rows.partition[row]!;
    columns.deliveredOffset[sequence] = this.#log ? rows.offset[row]! : Number(rows.kind[row] === eventKinds.redelivered);
    columns.deliveredAttempt[sequence] = rows.attempt[row]!;
    if (!this.#log) columns.place[sequence] = ++this.#rank;
  }

  #processed(columns: ProducerColumns, sequence: number, timeNs: number): void {
    this.processed++;
    const flags = columns.flags[sequence]!;
    columns.flags[sequence] = flags | ((flags & flag.processed) === 0 ? flag.processed : flag.processedAgain);
    const era = this.#eras.at(timeNs) + 1;
    if (columns.processedEra[sequence] === 0 || era < columns.processedEra[sequence]!) columns.processedEra[sequence] = era;
  }
}
