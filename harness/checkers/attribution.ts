// Whose doing a loss was. Never a guess: two causes that overlap, or none that shows, are undecided.
import type { Cause } from '../model/facts.ts';
import type { ConsumerSpec } from '../model/scenario.ts';
import type { Conflicts } from './client-truth.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { StoreTally } from './store-tally.ts';
import type { Tally } from './tally.ts';
import type { ClosedRange } from './timeline-facts.ts';

/** What the plan and the timeline say that bears on causes. */
export interface Circumstances {
  readonly settle: ConsumerSpec['settle'];
  /** A consumer's process ended. */
  readonly consumerGone: boolean;
  /** A node was struck: its connections, and what was on them, went with it. */
  readonly nodeStruck: boolean;
  /** The destination may drop messages by itself (TTL, length): which ones it does not say. */
  readonly mayDrop: boolean;
  /** The destination gives up on messages that were delivered too often. */
  readonly limitsDeliveries: boolean;
  readonly closed: readonly ClosedRange[];
}

export function causeOf(tally: Tally, conflicts: Conflicts, columns: ProducerColumns, sequence: number, circumstances: Circumstances): Cause {
  const known = columns.flags[sequence]!;
  // Found in a dead-letter target: proof by itself.
  if ((known & flag.deadLettered) !== 0) return 'policy';
  return tally.log ? causeOnLog(tally.store, conflicts, columns, sequence) : causeOnQueue(known, columns.producer, sequence, circumstances);
}

function causeOnLog(store: StoreTally, conflicts: Conflicts, columns: ProducerColumns, sequence: number): Cause {
  const known = columns.flags[sequence]!;
  const stored = (known & flag.stored) !== 0;
  const client = (known & flag.unreceipted) !== 0 || conflicts.has(columns, sequence);
  const receipt = (known & flag.receipt) !== 0 && !client;
  const retained = !receipt || columns.receiptOffset[sequence]! >= store.startOf(columns.partition[sequence]!);
  return theOne({
    client: client && !stored,
    broker: receipt && retained && !stored,
    // Stored, not owed: committed past. Not stored, settled: committed past as well.
    consumer: stored || (known & flag.settled) !== 0,
    policy: receipt && !retained && !stored,
  });
}

/** A confirm is the receipt of a queue; without confirms a closed publish that the broker has read is one. */
function causeOnQueue(known: number, producer: number, sequence: number, circumstances: Circumstances): Cause {
  const { closed, nodeStruck } = circumstances;
  const settled = (known & flag.settled) !== 0;
  if (!settled && (mayBeDropped(known, circumstances) || settlementUnknown(known, circumstances))) return 'undecided';
  const client = (known & flag.unreceipted) !== 0;
  const told = (known & flag.returned) !== 0;
  const inClosed = () => closed.some((range) => range.complete && range.producer === producer && sequence >= range.from && sequence < range.to);
  const read = !client && !told && ((known & flag.acknowledged) !== 0 || inClosed());
  const onTheWay = !settled && forgottenWhenSent(circumstances);
  return theOne({ client, broker: read && !settled && (!onTheWay || nodeStruck), consumer: settled || onTheWay, policy: false });
}

const mayBeDropped = (known: number, { mayDrop, limitsDeliveries }: Circumstances): boolean =>
  mayDrop || (limitsDeliveries && (known & flag.redelivered) !== 0);

/** Settled before it was handled, by a process that ended: what it told the broker last is not on record. */
const settlementUnknown = (known: number, { settle, consumerGone }: Circumstances): boolean =>
  settle === 'before-processing' && consumerGone && (known & flag.delivered) !== 0;

/** With automatic settling the broker forgets a message when it sends it: on a connection that broke it is gone. */
const forgottenWhenSent = ({ settle, consumerGone, nodeStruck }: Circumstances): boolean =>
  settle === 'automatic' && (consumerGone || nodeStruck);

function theOne(evidence: Readonly<Record<Exclude<Cause, 'undecided'>, boolean>>): Cause {
  const causes = (Object.keys(evidence) as (keyof typeof evidence)[]).filter((cause) => evidence[cause]);
  return causes.length === 1 ? causes[0]! : 'undecided';
}

/** Over all lost ids. */
export function attribute(tally: Tally, lost: number, conflicts: Conflicts, circumstances: Circumstances): Record<Cause, number> {
  const counts: Record<Cause, number> = { client: 0, broker: 0, consumer: 0, policy: 0, undecided: 0 };
  if (lost === 0) return counts;
  for (const columns of tally.producers) {
    for (let sequence = 0; sequence < columns.length; sequence++) {
      if ((columns.flags[sequence]! & flag.lost) !== 0) counts[causeOf(tally, conflicts, columns, sequence, circumstances)]++;
    }
  }
  return counts;
}
