import { expect, test } from 'vitest';
import { covering, receiptsOf } from './receipts.ts';

test('records of one partition lie in the order of the batch, from its base offset on', () => {
  expect(receiptsOf([0, 1, 0, 1, 0], new Map([[0, 10], [1, 7]]))).toEqual([
    { outcome: 'ok', partition: 0, offset: 10 }, { outcome: 'ok', partition: 1, offset: 7 }, { outcome: 'ok', partition: 0, offset: 11 },
    { outcome: 'ok', partition: 1, offset: 8 }, { outcome: 'ok', partition: 0, offset: 12 },
  ]);
});

test('a partition that the answer lacks was acknowledged without a receipt', () => {
  expect(receiptsOf([0, 1], new Map([[1, 0]]))).toEqual([{ outcome: 'ok', unreceipted: true, partition: 0 }, { outcome: 'ok', partition: 1, offset: 0 }]);
});

test('where the partition is not known there is no receipt either', () => {
  expect(receiptsOf([null], new Map([[0, 5]]))).toEqual([{ outcome: 'ok', unreceipted: true }]);
});

test('a receipt of the leader alone is none where all in-sync replicas were asked for', () => {
  const receipts = [{ outcome: 'ok', partition: 0, offset: 10 }, { outcome: 'info', partition: 1 }] as const;
  expect(covering(receipts, -1, 1)).toEqual([{ outcome: 'ok', partition: 0, offset: 10, unreceipted: true }, { outcome: 'info', partition: 1 }]);
  for (const [asked, sent] of [[-1, -1], [1, 1], [1, -1], [-1, undefined]] as const) expect(covering(receipts, asked, sent)).toEqual(receipts);
});
