// The history's vocabulary: what can happen to a message, as fixed-width records of 24 bytes.

/**
 * What an event says. The numbers are the file format: never reuse one.
 * "handedOver" is the base where a policy has no acknowledgements (acks=0, no confirms).
 */
export const eventKinds = {
  /** Sequences `sequence` … `sequence + offset − 1` may be used from now on. Without an outcome they are indeterminate. */
  reserved: 1,
  /** Sequences `sequence` … `sequence + offset − 1` were reserved and certainly never sent. */
  released: 2,
  /** An attempt begins; `partition` where the client chose one. */
  sent: 3,
  /** The broker acknowledged; `partition` and `offset` are the receipt where there is one. */
  acknowledged: 4,
  /** The client took it without error and the policy asks for no acknowledgement. */
  handedOver: 5,
  /** Proof that this attempt was not executed. */
  failed: 6,
  /** It may or may not have happened. */
  indeterminate: 7,
  /** The broker returned it as unroutable; an acknowledgement may follow. */
  returned: 8,
  /** The client library claimed success for it, yet its answer lacks the message, or does not cover what was asked for (client truth). */
  unreceipted: 9,
  /** In a consumer process, before its handler starts. */
  delivered: 10,
  /** The same, and the broker flagged it as delivered before. */
  redelivered: 11,
  /** The handler finished. */
  processed: 12,
  /** Settled with the broker: acknowledged or committed past. */
  settled: 13,
  /** The body does not match its checksum; a `delivered` or `stored` event precedes it. */
  corrupted: 14,
  /** The audit found it: readable in the log, or remaining in the queue. */
  stored: 15,
  /** The audit found it in a dead-letter target. */
  deadLettered: 16,
  /** A consumer got `partition`, starting at `offset`. No message. */
  assigned: 17,
  /** A consumer gave `partition` up. No message. */
  revoked: 18,
  /** A payload that no producer of this run wrote. No message. */
  stranger: 19,
  /** The consumer told the broker to drop it or dead-letter it. */
  rejected: 20,
  /** The consumer told the broker to take it back and deliver it again. */
  requeued: 21,
} as const;

export type EventName = keyof typeof eventKinds;
export type EventKind = (typeof eventKinds)[EventName];

export const eventNames: Readonly<Record<number, EventName>> = Object.fromEntries(
  Object.entries(eventKinds).map(([name, kind]) => [kind, name as EventName]),
);

/** One record. Columns of `messages.arrow` carry the same names. */
export interface HistoryEvent {
  readonly kind: EventKind;
  /** Nanoseconds since the run began, on CLOCK_MONOTONIC. */
  readonly timeNs: number;
  readonly producer: number;
  readonly sequence: number;
  /** Counts from 1; 255 means 255 or more; 0 where it does not apply. */
  readonly attempt: number;
  /** Partition, or 0 for a queue; `noPartition` where it does not apply. */
  readonly partition: number;
  /** Offset in the partition, or a count (reserved, released); `noOffset` where it does not apply. */
  readonly offset: number;
  /** Index of the worker that saw it: producer or consumer index; 0 for the audit. */
  readonly actor: number;
  /** Index into the worker's error table; 0 means none. */
  readonly code: number;
}

export const noPartition = 0xffff;
export const noOffset = 0xffff_ffff;
/** No message: assigned, revoked, stranger. */
export const noSequence = 0xffff_ffff;
export const recordBytes = 24;
