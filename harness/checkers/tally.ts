// The one pass over all events: sorts each into the columns of its message. Everything here is order-independent
// between workers, for sealing does not promise whose events come first.
import { eventKinds } from '../model/event.ts';
import type { EventBatch, HistorySource } from '../model/history.ts';
import { contentOf, type BatchContent } from './batch-content.ts';
import { keepingPolicyOf, positionPolicyOf } from './circumstances.ts';
import { Ids } from './ids.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { PublishTally } from './publish-tally.ts';
import { ReceiveTally } from './receive-tally.ts';
import { RunClock } from './run-clock.ts';
import { StoreTally } from './store-tally.ts';
import type { TimelineFacts } from './timeline-facts.ts';

/**
 * Rows that the loops take at a time. V8 compiles a function well once it was called often; a loop of a million rows that
 * is called rarely is compiled again and again while it runs (on-stack replacement), which took three times as long.
 */
export const stretchRows = 4_096;

export class Tally {
  readonly log: boolean;
  readonly ids: Ids;
  readonly clock: RunClock;
  readonly publish: PublishTally;
  readonly receive: ReceiveTally;
  readonly store: StoreTally;
  /** What each batch holds, so that a second look need not read them all. */
  readonly contents: BatchContent[] = [];

  constructor(source: Pick<HistorySource, 'storeKind' | 'workers' | 'plan'>, timeline: TimelineFacts) {
    this.log = source.storeKind === 'log';
    this.ids = new Ids(source.workers);
    this.clock = new RunClock(timeline.endNs);
    this.publish = new PublishTally(this.ids, this.log, timeline, keepingPolicyOf(source.plan.scenario).placed, this.clock);
    this.store = new StoreTally(this.ids, this.log, timeline.positions, positionPolicyOf(source.plan.scenario));
    this.receive = new ReceiveTally(this.ids, this.log, timeline.strikesNs, this.store, this.clock);
  }

  consume(batch: EventBatch): void {
    const rows = sameShape(batch);
    this.ids.events += rows.length;
    this.contents.push(contentOf(rows));
    this.#inStretches(rows, false);
  }

  /** After the last batch: gives what was set aside its second look. */
  finish(): void {
    this.#inStretches(sameShape(this.ids.secondLook()), true);
    this.publish.finish();
    // Where nobody keeps positions with the broker, a consumer's position is where it was.
    if (!this.store.positionsKept) this.store.moveTo(this.receive.afterLastDelivered);
  }

  get producers(): readonly ProducerColumns[] {
    return this.ids.producers;
  }

  #inStretches(rows: EventBatch, secondLook: boolean): void {
    for (let from = 0; from < rows.length; from += stretchRows) {
      this.#sort(rows, from, Math.min(rows.length, from + stretchRows), secondLook);
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
}

/** Batches from different readers get one hidden class, so that the loops stay monomorphic. */
const sameShape = ({ length, kind, timeNs, producer, sequence, attempt, partition, offset, actor, code }: EventBatch): EventBatch =>
  ({ length, kind, timeNs, producer, sequence, attempt, partition, offset, actor, code });
