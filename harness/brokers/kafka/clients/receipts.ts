// From a produce answer to one outcome a message: the records of one partition lie in the order of the batch, from the base offset on. Pure.
import type { PublishOutcome } from '../../../model/outcome.ts';

/**
 * @param partitions of each message of the batch, in its order; null: not known.
 * @param baseOffsets what the answer tells, by partition. A message whose partition it lacks was acknowledged without a receipt.
 */
export function receiptsOf(partitions: readonly (number | null)[], baseOffsets: ReadonlyMap<number, number>): readonly PublishOutcome[] {
  const taken = new Map<number, number>();
  return partitions.map((partition) => {
    const base = partition === null ? undefined : baseOffsets.get(partition);
    if (partition === null || base === undefined) return placed({ outcome: 'ok', unreceipted: true }, partition);
    const position = taken.get(partition) ?? 0;
    taken.set(partition, position + 1);
    return { outcome: 'ok', partition, offset: base + position };
  });
}

/**
 * A receipt covers what was asked for, or it is none: one that stands for the leader alone, where all in-sync replicas were to answer,
 * is the library's word and not the broker's.
 * @param asked acks that the library was told, wherever that was.
 * @param sent acks that it put into its request; undefined: not known, and then nothing is held against it.
 */
export function covering(receipts: readonly PublishOutcome[], asked: number, sent: number | undefined): readonly PublishOutcome[] {
  if (asked !== allInSync || sent === undefined || sent === allInSync) return receipts;
  return receipts.map((receipt) => (receipt.outcome === 'ok' ? { ...receipt, unreceipted: true } : receipt));
}

const allInSync = -1;

/** The outcome with the partition, where that is known. */
export const placed = (outcome: PublishOutcome, partition: number | null): PublishOutcome => (partition === null ? outcome : { ...outcome, partition });
