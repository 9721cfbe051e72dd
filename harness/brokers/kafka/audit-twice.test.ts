import { expect, test } from 'vitest';
import type { StoredRecord } from '../../model/cluster.ts';
import { readTwice } from './audit-twice.ts';

const record = (partition: number, offset: number, text = `${partition}/${offset}`): StoredRecord =>
  ({ partition, offset, payload: Buffer.from(text), redelivered: false, deadLettered: false });
async function* of(...records: readonly StoredRecord[]): AsyncGenerator<StoredRecord> {
  yield* records;
}
async function offsets(read: AsyncIterable<StoredRecord>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { offset } of read) found.push(offset);
  return found;
}

test('what both read is told once, whatever the order of the partitions', async () => {
  expect(await offsets(readTwice(of(record(0, 1), record(1, 5), record(0, 2)), of(record(1, 5), record(0, 1), record(0, 2))))).toEqual([1, 5, 2]);
});

test.each([
  ['one record less', of(record(0, 1))],
  ['another content', of(record(0, 1), record(0, 2, 'other'))],
  ['another offset', of(record(0, 1), record(0, 3, '0/2'))],
  ['another partition', of(record(0, 1), record(1, 2, '0/2'))],
])('%s is an error', async (_, other) => {
  await expect(offsets(readTwice(of(record(0, 1), record(0, 2)), other))).rejects.toMatchObject({ code: 'E_NOT_READY', detail: expect.stringContaining('records') });
});
