// The audit for runs in which both libraries are under test: each reads everything, and they must have read the same.
import { createHash, type Hash } from 'node:crypto';
import type { StoredRecord } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';

/** @throws LeaderfallError `E_NOT_READY` after the last record, where the two have not read the same. */
export async function* readTwice(shown: AsyncIterable<StoredRecord>, other: AsyncIterable<StoredRecord>): AsyncGenerator<StoredRecord> {
  const [mine, theirs] = [new Digest(), new Digest()];
  for await (const record of shown) {
    mine.add(record);
    yield record;
  }
  for await (const record of other) theirs.add(record);
  const [one, two] = [mine.words(), theirs.words()];
  if (one === two) return;
  throw new LeaderfallError('E_NOT_READY', 'The two libraries that audit this run have not read the same records', {
    hint: 'Something still wrote to the topic, or one of the libraries reads wrongly: run again.',
    detail: `one:   ${one}\nother: ${two}`,
  });
}

/** Offsets and contents of each partition, in order. */
class Digest {
  readonly #partitions = new Map<number, { readonly hash: Hash; count: number }>();

  add({ partition, offset, payload }: StoredRecord): void {
    const entry = this.#partitions.get(partition) ?? { hash: createHash('sha256'), count: 0 };
    entry.hash.update(`${offset}:`).update(payload);
    entry.count += 1;
    this.#partitions.set(partition, entry);
  }

  words(): string {
    const words = [...this.#partitions].sort(([left], [right]) => left - right).map(([partition, { hash, count }]) => `${partition}: ${count} records ${hash.digest('hex').slice(0, 16)}`);
    return words.join('; ');
  }
}
