// One word a message: everything that is known about an id without looking at times and offsets.

export const flag = {
  reserved: 1 << 0,
  released: 1 << 1,
  acknowledged: 1 << 2,
  handedOver: 1 << 3,
  failed: 1 << 4,
  indeterminate: 1 << 5,
  returned: 1 << 6,
  unreceipted: 1 << 7,
  /** An acknowledgement named a partition and an offset. */
  receipt: 1 << 8,
  delivered: 1 << 10,
  deliveredAgain: 1 << 11,
  /** The broker flagged a delivery as a repetition. */
  redelivered: 1 << 12,
  processed: 1 << 13,
  processedAgain: 1 << 14,
  settled: 1 << 15,
  stored: 1 << 16,
  storedAgain: 1 << 17,
  /** Consumers would still get it. */
  owed: 1 << 18,
  deadLettered: 1 << 19,
  lost: 1 << 20,
  exposed: 1 << 21,
  /** Chosen as an example: its story is collected. */
  chosen: 1 << 22,
  /** Exposed as part of a closed publish. */
  inClosed: 1 << 24,
  /** The consumer refused it for good. */
  rejected: 1 << 23,
} as const;

/** In a policy without acknowledgements the base is what was handed over. */
export const baseFlags = flag.acknowledged | flag.handedOver;
export const seenFlags = flag.delivered | flag.stored;

/** How the attempts of one id fold: any ok wins, then anything unknown, then failure. */
export type Fold = 'none' | 'ok' | 'info' | 'fail';

/**
 * An attempt without an outcome is unknown, and so is a sequence that was reserved, not given back, and never heard of again.
 * @param attempts how many began; @param outcomes how many ended.
 */
export function foldOf(flags: number, attempts: number, outcomes: number): Fold {
  if ((flags & baseFlags) !== 0) return 'ok';
  if ((flags & flag.indeterminate) !== 0 || attempts > outcomes) return 'info';
  if ((flags & flag.failed) !== 0) return 'fail';
  return (flags & (flag.reserved | flag.released)) === flag.reserved ? 'info' : 'none';
}

/** Reserved and not given back, or used all the same: it may be somewhere. */
export const mayExist = (flags: number, attempts: number): boolean =>
  attempts > 0 || (flags & (flag.reserved | flag.released)) === flag.reserved;
