// The heart: for every message, what became of it. One walk over the columns; sets as in design.md, section 6.
import type { Accounting, Totals } from '../model/facts.ts';
import type { Findings } from './findings.ts';
import { baseFlags, flag, foldOf, mayExist, seenFlags } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Retention } from './retention.ts';
import type { Tally } from './tally.ts';

type Counts = { -readonly [Key in keyof Totals]: number };
type Classes = { processed: number; deadLettered: number; stuck: number; lost: number; unseen: number };

export interface Delivery {
  readonly totals: Totals;
  readonly accounting: Accounting;
  /** Erased ids that retention or compaction may have removed for all that is known: they are not counted. */
  readonly maybeRemoved: number;
}

export interface DeliveryInput {
  readonly tally: Tally;
  readonly retention: Retention;
  /** Drain and audit are complete: what is nowhere is lost, otherwise it is unseen. */
  readonly concluded: boolean;
  readonly auditComplete: boolean;
}

export function accountForAll(input: DeliveryInput, findings: Findings): Delivery {
  const { tally } = input;
  const walk = new Walk(input, findings);
  for (const columns of tally.producers) walk.through(columns);
  return walk.result();
}

class Walk {
  readonly #tally: Tally;
  readonly #retention: Retention;
  readonly #concluded: boolean;
  readonly #auditComplete: boolean;
  readonly #findings: Findings;
  readonly #totals: Counts = {
    reserved: 0, attempted: 0, attempts: 0, acknowledged: 0, handedOver: 0, failed: 0, indeterminate: 0, deliveries: 0,
    deliveredIds: 0, processedIds: 0, settledIds: 0, storedRecords: 0, storedIds: 0, deadLetteredIds: 0,
  };
  readonly #classes: Classes = { processed: 0, deadLettered: 0, stuck: 0, lost: 0, unseen: 0 };
  #maybeRemoved = 0;

  constructor({ tally, retention, concluded, auditComplete }: DeliveryInput, findings: Findings) {
    this.#tally = tally;
    this.#retention = retention;
    this.#concluded = concluded;
    this.#auditComplete = auditComplete;
    this.#findings = findings;
  }

  through(columns: ProducerColumns): void {
    const { flags, attempts, length } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      const known = flags[sequence]!;
      this.#count(known, attempts[sequence]!);
      if ((known & baseFlags) !== 0) this.#account(columns, sequence, known);
      else this.#notAccepted(columns, sequence, known);
      if ((known & flag.delivered) !== 0 && !mayExist(known, attempts[sequence]!)) {
        this.#findings.add('phantom', columns, sequence);
      }
      if ((known & flag.processed) === 0 && this.#isSettled(known)) this.#findings.add('settledUnprocessed', columns, sequence);
    }
  }

  result(): Delivery {
    const { acknowledged, handedOver } = this.#totals;
    const baseCount = acknowledged + handedOver;
    const { processed, deadLettered, stuck, lost, unseen } = this.#classes;
    const accounting: Accounting = {
      base: handedOver > 0 ? 'handed over' : 'acknowledged',
      baseCount, processed, deadLettered, stuck, lost, unseen,
      addsUp: processed + deadLettered + stuck + lost + unseen === baseCount,
    };
    const totals = { ...this.#totals, attempts: this.#tally.publish.attempts, deliveries: this.#tally.receive.deliveries, storedRecords: this.#tally.store.records };
    return { totals, accounting, maybeRemoved: this.#maybeRemoved };
  }

  #count(known: number, attempts: number): void {
    const totals = this.#totals;
    if (mayExist(known, attempts)) totals.reserved++;
    if (attempts > 0) totals.attempted++;
    if ((known & flag.acknowledged) !== 0) totals.acknowledged++;
    else if ((known & flag.handedOver) !== 0) totals.handedOver++;
    if ((known & flag.delivered) !== 0) totals.deliveredIds++;
    if ((known & flag.processed) !== 0) totals.processedIds++;
    if ((known & flag.settled) !== 0) totals.settledIds++;
    if ((known & flag.stored) !== 0) totals.storedIds++;
    if ((known & flag.deadLettered) !== 0) totals.deadLetteredIds++;
  }

  /** The broker takes it for done: settled, or in the log behind the position that consumers have reached. */
  #isSettled(known: number): boolean {
    if ((known & flag.settled) !== 0) return true;
    return this.#tally.log && this.#auditComplete && (known & (flag.stored | flag.owed)) === flag.stored;
  }

  /** The classes are asked for one by one, so that the sum asserts that they are disjoint and complete. */
  #account(columns: ProducerColumns, sequence: number, known: number): void {
    const processed = (known & flag.processed) !== 0;
    const owed = (known & flag.owed) !== 0;
    const aside = !processed && (known & flag.deadLettered) !== 0;
    const missing = !processed && !aside;
    if (processed) this.#classes.processed++;
    if (aside) this.#add('deadLettered', columns, sequence);
    if (this.#concluded && missing && owed) this.#add('stuck', columns, sequence);
    if (this.#concluded && missing && !owed) this.#add('lost', columns, sequence);
    if (!this.#concluded && missing) this.#add('unseen', columns, sequence);
    if ((known & flag.returned) !== 0) this.#findings.add('unroutable', columns, sequence);
    if (this.#tally.log && this.#auditComplete && (known & flag.stored) === 0) this.#erased(columns, sequence);
  }

  #add(measure: 'deadLettered' | 'stuck' | 'lost' | 'unseen', columns: ProducerColumns, sequence: number): void {
    this.#classes[measure]++;
    if (measure === 'lost') columns.flags[sequence]! |= flag.lost;
    this.#findings.add(measure, columns, sequence);
  }

  /** What retention or compaction removed is no broker's fault. */
  #erased(columns: ProducerColumns, sequence: number): void {
    const removed = this.#retention.removed(columns, sequence);
    if (removed === 'no') this.#findings.add('erased', columns, sequence);
    else if (removed === 'unknown') this.#maybeRemoved++;
  }

  #notAccepted(columns: ProducerColumns, sequence: number, known: number): void {
    const fold = foldOf(known, columns.attempts[sequence]!, columns.outcomes[sequence]!);
    if (fold === 'info') {
      this.#totals.indeterminate++;
      this.#findings.add('indeterminate', columns, sequence);
      if ((known & seenFlags) !== 0) this.#findings.add('recovered', columns, sequence);
    } else if (fold === 'fail') {
      this.#totals.failed++;
      this.#findings.add('failed', columns, sequence);
      if ((known & flag.delivered) !== 0) this.#findings.add('ghost', columns, sequence);
    }
  }
}
