// The one pass over all events: sorts each into the columns of its message. Everything here is order-independent
// between workers, for sealing does not promise whose events come first.
import { invariant } from '../model/errors.ts';
import { eventKinds, noSequence } from '../model/event.ts';
import type { EventBatch, HistorySource } from '../model/history.ts';
import { EventColumns } from './event-columns.ts';
import { ProducerColumns } from './producer-columns.ts';
import { PublishTally } from './publish-tally.ts';
import { ReceiveTally } from './receive-tally.ts';
import { StoreTally } from './store-tally.ts';
import type { TimelineFacts } from './timeline-facts.ts';

/** Errors are counted per role (producer, consumer), actor and code. */
const codes = 256;

export class Tally {
  readonly log: boolean;
  readonly publish: PublishTally;
  readonly receive: ReceiveTally;
  readonly store: StoreTally;
  strangers = 0;
  corrupted = 0;
  /** Ids that no producer of this run can have used, however the header came to say so. */
  readonly outsiders = new EventColumns();
  readonly #producers: (ProducerColumns | undefined)[] = [];
  readonly #firstRanks: number[] = [];
  readonly #errors = new Uint32Array(2 * codes * codes);
  /** Far beyond what is known so far; looked at again once all reservations are known. */
  #setAside = new EventColumns();

  constructor(source: Pick<HistorySource, 'storeKind' | 'workers'>, timeline: TimelineFacts) {
    this.log = source.storeKind === 'log';
    for (const { role, index } of source.workers) if (role === 'producer') this.#producers[index] ??= new ProducerColumns(index);
    this.publish = new PublishTally(this.log, timeline);
    this.receive = new ReceiveTally(this.log, timeline.strikesNs);
    this.store = new StoreTally(this.log, timeline.positions);
  }

  consume(batch: EventBatch): void {
    const rows = sameShape(batch);
    for (let row = 0; row < rows.length; row++) {
      if (rows.code[row] !== 0) this.#countError(rows, row);
      const kind = rows.kind[row]!;
      if (kind <= eventKinds.unreceipted) this.publish.event(this.#columnsOfOwn(rows.producer[row]!), rows, row);
      else this.#sighting(kind, rows, row);
    }
  }

  /** After the last batch: gives what was set aside its second look. */
  finish(): void {
    const again = this.#setAside;
    this.#setAside = this.outsiders;
    const rows = sameShape(again.slice(0, again.length));
    for (let row = 0; row < rows.length; row++) this.#sort(rows.kind[row]!, rows, row);
    let rank = 0;
    for (const { producer, length } of this.producers) {
      this.#firstRanks[producer] = rank;
      rank += length;
    }
  }

  /** In the order of their index; a producer that did nothing is there with length 0. */
  get producers(): readonly ProducerColumns[] {
    return this.#producers.filter((columns) => columns !== undefined);
  }

  columns(producer: number): ProducerColumns | undefined {
    return this.#producers[producer];
  }

  /** A dense number for each id; valid once every event was seen. */
  rank(producer: number, sequence: number): number {
    return this.#firstRanks[producer]! + sequence;
  }

  ofRank(rank: number): { readonly columns: ProducerColumns; readonly sequence: number } {
    const columns = this.producers.findLast(({ producer, length }) => length > 0 && this.#firstRanks[producer]! <= rank);
    invariant(columns !== undefined, `rank ${rank} belongs to a producer`);
    return { columns, sequence: rank - this.#firstRanks[columns.producer]! };
  }

  errorCount(role: 'producer' | 'consumer', actor: number, code: number): number {
    return this.#errors[errorSlot(role === 'consumer', actor, code)]!;
  }

  /** What a consumer or the audit saw. */
  #sighting(kind: number, rows: EventBatch, row: number): void {
    if (rows.sequence[row] === noSequence) {
      if (kind === eventKinds.stranger) this.#stranger(rows, row);
      else this.receive.positions.assignment(kind, rows, row);
      return;
    }
    if (kind === eventKinds.delivered || kind === eventKinds.redelivered) this.receive.arrival(kind, rows, row);
    else if (kind === eventKinds.stored) this.store.arrival(rows, row);
    else if (kind === eventKinds.deadLettered) this.store.deadLetters++;
    else if (kind === eventKinds.corrupted) this.corrupted++;
    this.#sort(kind, rows, row);
  }

  #sort(kind: number, rows: EventBatch, row: number): void {
    const columns = this.#producers[rows.producer[row]!];
    const sequence = rows.sequence[row]!;
    if (columns === undefined || !columns.believes(sequence)) {
      this.#setAside.copy(rows, row);
      return;
    }
    columns.extend(sequence + 1);
    if (kind === eventKinds.stored || kind === eventKinds.deadLettered) this.store.event(columns, rows, row);
    else this.receive.event(columns, rows, row);
  }

  /** A record all the same: consumers pass over its offset. */
  #stranger(rows: EventBatch, row: number): void {
    this.strangers++;
    if (this.log) this.store.occupy(rows.partition[row]!, rows.offset[row]!);
  }

  #columnsOfOwn(producer: number): ProducerColumns {
    return (this.#producers[producer] ??= new ProducerColumns(producer));
  }

  #countError(rows: EventBatch, row: number): void {
    const consumer = rows.kind[row]! > eventKinds.unreceipted;
    this.#errors[errorSlot(consumer, rows.actor[row]!, rows.code[row]!)]!++;
  }
}

const errorSlot = (consumer: boolean, actor: number, code: number): number => ((consumer ? codes : 0) + actor) * codes + code;

/** Batches from different readers get one hidden class, so that the loops stay monomorphic. */
const sameShape = ({ length, kind, timeNs, producer, sequence, attempt, partition, offset, actor, code }: EventBatch): EventBatch =>
  ({ length, kind, timeNs, producer, sequence, attempt, partition, offset, actor, code });
