// How often consumers were given one message, for the few lost ones that came more than once.
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';

/** Looks through the repetitions once, when it is first asked. */
export function countDeliveries(tally: Tally): (columns: ProducerColumns, sequence: number) => number {
  let repeated: ReadonlyMap<number, number> | null = null;
  return (columns, sequence) => {
    repeated ??= repetitions(tally);
    return 1 + (repeated.get(tally.ids.rank(tally.ids.list.indexOf(columns), sequence)) ?? 0);
  };
}

function repetitions({ ids, receive: { repeats: { length, producer, sequence } } }: Tally): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    const rank = ids.rank(producer[row]!, sequence[row]!);
    counts.set(rank, (counts.get(rank) ?? 0) + 1);
  }
  return counts;
}
