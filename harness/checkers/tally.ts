// The one pass over all events: sorts each into the columns of its message. Everything here is order-independent
// between workers, for sealing does not promise whose events come first.
import { eventKinds } from '../model/event.ts';
import type { EventBatch, HistorySource } from '../model/history.ts';
import { Ids } from './ids.ts';
import type { EventColumns } from './event-columns.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { PublishTally } from './publish-tally.ts';
import { ReceiveTally } from './receive-tally.ts';
import { StoreTally } from './store-tally.ts';
import type { TimelineFacts } from './timeline-facts.ts';

/**
 * Rows that the loops take at a time. V8 compiles a function well once it was called often; a loop of a million rows that
 * is called rarely is compiled again and again while it runs (on-stack replacement), which took three times as long.
 */
const stretchRows = 4_096;
/** Errors are counted per role (producer, consumer), actor and code. */
const codes = 256;

export class Tally {
  readonly log: boolean;
  readonly ids: Ids;
  readonly publish: PublishTally;
  readonly receive: ReceiveTally;
  readonly store: StoreTally;
  readonly #errors = new Uint32Array(2 * codes * codes);

  constructor(source: Pick<HistorySource, 'storeKind' | 'workers'>, timeline: TimelineFacts) {
    this.log = source.storeKind === 'log';
    this.ids = new Ids(source.workers);
    this.publish = new PublishTally(this.ids, this.log, timeline);
    this.store = new StoreTally(this.ids, this.log, timeline.positions);
    this.receive = new ReceiveTally(this.ids, this.log, timeline.strikesNs, this.store);
  }

  consume(batch: EventBatch): void {
    this.#inStretches(sameShape(batch), false);
  }

  /** After the last batch: gives what was set aside its second look. */
  finish(): void {
    this.#inStretches(sameShape(this.ids.takeAside()), true);
    this.ids.rankAll();
  }

  get producers(): readonly ProducerColumns[] {
    return this.ids.producers;
  }

  /** After `finish`: deliveries and records with ids that no producer of this run can have used. */
  get outsiders(): EventColumns {
    return this.ids.aside;
  }

  errorCount(role: 'producer' | 'consumer', actor: number, code: number): number {
    return this.#errors[errorSlot(role === 'consumer', actor, code)]!;
  }

  #inStretches(rows: EventBatch, secondLook: boolean): void {
    for (let from = 0; from < rows.length; from += stretchRows) {
      const to = Math.min(rows.length, from + stretchRows);
      if (!secondLook) this.#countErrors(rows, from, to);
      this.#sort(rows, from, to, secondLook);
    }
  }

  /** Events of one worker are contiguous, so each loop runs for a long stretch before the next takes over. */
  #sort(rows: EventBatch, from: number, to: number, secondLook: boolean): void {
    for (let row = from; row < to; ) {
      const kind = rows.kind[row]!;
      if (kind <= eventKinds.unreceipted) row = this.publish.take(rows, row, to);
      else if (kind === eventKinds.stored || kind === eventKinds.deadLettered) row = this.store.take(rows, row, to, secondLook);
      else row = this.receive.take(rows, row, to, secondLook);
    }
  }

  #countErrors({ code, kind, actor }: EventBatch, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      if (code[row] !== 0) this.#errors[errorSlot(kind[row]! > eventKinds.unreceipted, actor[row]!, code[row]!)]!++;
    }
  }
}

const errorSlot = (consumer: boolean, actor: number, code: number): number => ((consumer ? codes : 0) + actor) * codes + code;

/** Batches from different readers get one hidden class, so that the loops stay monomorphic. */
const sameShape = ({ length, kind, timeNs, producer, sequence, attempt, partition, offset, actor, code }: EventBatch): EventBatch =>
  ({ length, kind, timeNs, producer, sequence, attempt, partition, offset, actor, code });
