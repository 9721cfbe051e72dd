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

/** The outcome with the partition, where that is known. */
export const placed = (outcome: PublishOutcome, partition: number | null): PublishOutcome => (partition === null ? outcome : { ...outcome, partition });
