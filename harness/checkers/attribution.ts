// Whose doing a loss was. Never a guess: two causes that overlap, or none that shows, are undecided.
import type { Cause } from '../model/facts.ts';
import type { ConsumerSpec } from '../model/scenario.ts';
import type { Conflicts } from './client-truth.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Retention } from './retention.ts';
import type { Tally } from './tally.ts';
import type { ClosedRange } from './timeline-facts.ts';

/** Sequences of a producer below `to` that the broker has read, for it closed the channel cleanly after them; from `from` on. */
export type ReadRange = Pick<ClosedRange, 'producer' | 'from' | 'to'>;

/** What the plan and the timeline say that bears on causes. */
export interface Circumstances {
  readonly settle: ConsumerSpec['settle'];
  /** A group's position is what the client library committed of its own accord, and nothing else moves it. */
  readonly libraryCommits: boolean;
  /** How often a consumer's process ended or was frozen. */
  readonly consumerEnds: number;
  /** A node was struck: its connections, and what was on them, went with it. */
  readonly nodeStruck: boolean;
  /** The way of clients was struck: what is sent to a consumer may not arrive, and its connection may end as often as it likes. */
  readonly clientLinkStruck: boolean;
  /** A node or a link was struck: only then has the broker a reason to lose anything. */
  readonly brokerDisturbed: boolean;
  /** The destination may drop messages by itself (TTL, length): which ones it does not say. */
  readonly mayDrop: boolean;
  /** Returns after which the destination gives up on a message; null: never. */
  readonly deliveryLimit: number | null;
  /** What is rejected or given up goes to another queue. */
  readonly deadLetters: boolean;
  /** On a log whose acknowledgements name no offset. */
  readonly confirmIsReceipt: boolean;
  readonly read: readonly ReadRange[];
}

export interface Evidence {
  readonly tally: Tally;
  readonly conflicts: Conflicts;
  readonly retention: Retention;
  readonly circumstances: Circumstances;
  /** How often consumers were given an id; asked for only where it was given more than once. */
  readonly deliveriesOf: (columns: ProducerColumns, sequence: number) => number;
}

export function causeOf(evidence: Evidence, columns: ProducerColumns, sequence: number): Cause {
  return evidence.tally.log ? causeOnLog(evidence, columns, sequence) : causeOnQueue(evidence, columns, sequence);
}

function causeOnLog({ conflicts, retention, circumstances }: Evidence, columns: ProducerColumns, sequence: number): Cause {
  const known = columns.flags[sequence]!;
  const stored = (known & flag.stored) !== 0;
  const unreceipted = (known & flag.unreceipted) !== 0;
  const client = unreceipted || conflicts.has(columns, sequence);
  const confirmed = circumstances.confirmIsReceipt && (known & flag.returned) === 0 && wasRead(known, columns.producer, sequence, circumstances);
  const receipt = ((known & flag.receipt) !== 0 || confirmed) && !client;
  const removed = stored ? 'no' : retention.removed(columns, sequence);
  // A leader that lacked the record leaves the same gap once retention or compaction has passed: only a delivery shows that it was there.
  const mayHaveBeenCut = removed === 'yes' && circumstances.brokerDisturbed && (known & flag.delivered) === 0;
  // Stored, not owed: committed past; by the library alone, where nobody had been given it.
  const byLibrary = stored && circumstances.libraryCommits && (known & flag.delivered) === 0;
  return theOne({
    client: (client && !stored) || byLibrary,
    broker: receipt && !stored && (removed === 'no' || mayHaveBeenCut),
    // Not stored, settled: committed past as well.
    consumer: (stored && !byLibrary) || (known & flag.settled) !== 0,
    // A receipt that covers less than was asked for tells the place all the same.
    policy: (receipt || (unreceipted && (known & flag.receipt) !== 0)) && removed === 'yes',
  });
}

/** A confirm is the receipt of a queue; without confirms a closed publish that the broker has read is one. */
function causeOnQueue(evidence: Evidence, columns: ProducerColumns, sequence: number): Cause {
  const { circumstances } = evidence;
  const known = columns.flags[sequence]!;
  const client = (known & flag.unreceipted) !== 0;
  const dropped = (known & flag.rejected) !== 0;
  const consumer = (known & flag.settled) !== 0 || (dropped && !circumstances.deadLetters);
  if (consumer) return theOne({ client, broker: false, consumer, policy: false });
  const onTheWay = forgottenWhenSent(circumstances);
  if (gaveUp(evidence, columns, sequence)) return theOne({ client, broker: false, consumer: onTheWay, policy: true });
  // Dead-lettering is not safe by default: on its way to the other queue it is nobody's.
  if (dropped || settlementUnknown(known, circumstances)) return 'undecided';
  const read = !client && (known & flag.returned) === 0 && wasRead(known, columns.producer, sequence, circumstances);
  if (circumstances.mayDrop) return theOne({ client, broker: read && circumstances.brokerDisturbed, consumer: onTheWay, policy: read });
  if (mayHaveGivenUp(known, circumstances)) return 'undecided';
  return theOne({ client, broker: read && (!onTheWay || circumstances.nodeStruck), consumer: onTheWay, policy: false });
}

/** The broker has it: it said so, or it closed the channel cleanly after it. */
function wasRead(known: number, producer: number, sequence: number, { read }: Circumstances): boolean {
  if ((known & flag.acknowledged) !== 0) return true;
  return read.some((range) => range.producer === producer && sequence >= range.from && sequence < range.to);
}

/**
 * Proof that a delivery limit dropped it: it was delivered once more often than it may be returned; or so many consumers went away
 * while nothing happened to the broker, and it was among what they had been given.
 */
function gaveUp({ circumstances, deliveriesOf }: Evidence, columns: ProducerColumns, sequence: number): boolean {
  const { deliveryLimit, consumerEnds, brokerDisturbed } = circumstances;
  const known = columns.flags[sequence]!;
  if (deliveryLimit === null || (known & flag.delivered) === 0) return false;
  if (consumerEnds > deliveryLimit && !brokerDisturbed) return true;
  return (known & flag.deliveredAgain) !== 0 && deliveriesOf(columns, sequence) > deliveryLimit;
}

/** Where the way of clients was struck, deliveries count for the broker that no consumer has seen. */
const mayHaveGivenUp = (known: number, { deliveryLimit, clientLinkStruck }: Circumstances): boolean =>
  deliveryLimit !== null && ((known & flag.redelivered) !== 0 || clientLinkStruck);

/** Settled before it was handled, by a process that ended: what it told the broker last is not on record. */
const settlementUnknown = (known: number, { settle, consumerEnds }: Circumstances): boolean =>
  settle === 'before-processing' && consumerEnds > 0 && (known & flag.delivered) !== 0;

/** With automatic settling the broker forgets a message when it sends it: on a connection that broke it is gone. */
const forgottenWhenSent = ({ settle, consumerEnds, nodeStruck, clientLinkStruck }: Circumstances): boolean =>
  settle === 'automatic' && (consumerEnds > 0 || nodeStruck || clientLinkStruck);

function theOne(evidence: Readonly<Record<Exclude<Cause, 'undecided'>, boolean>>): Cause {
  const causes = (Object.keys(evidence) as (keyof typeof evidence)[]).filter((cause) => evidence[cause]);
  return causes.length === 1 ? causes[0]! : 'undecided';
}

/** Over all lost ids. */
export function attribute(evidence: Evidence, lost: number): Record<Cause, number> {
  const counts: Record<Cause, number> = { client: 0, broker: 0, consumer: 0, policy: 0, undecided: 0 };
  if (lost === 0) return counts;
  for (const columns of evidence.tally.producers) {
    for (let sequence = 0; sequence < columns.length; sequence++) {
      if ((columns.flags[sequence]! & flag.lost) !== 0) counts[causeOf(evidence, columns, sequence)]++;
    }
  }
  return counts;
}
