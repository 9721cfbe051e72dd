import { expect, test } from 'vitest';
import { SequenceReserve } from './sequence-reserve.ts';
import { Segment } from './testing/segment.ts';

const block = 512;

test('a sequence is on disk before it is given out, a block at a time', () => {
  using segment = new Segment('producer');
  const reserve = new SequenceReserve(segment.recorder, 3);
  expect([reserve.take(), segment.onFile.length]).toEqual([0, 1]);
  for (let nth = 1; nth < block; nth++) reserve.take();
  expect(segment.onFile.length).toBe(1);
  expect([reserve.take(), reserve.next]).toEqual([block, block + 1]);
  expect(segment.onFile.map(({ kind, sequence, offset }) => [kind, sequence, offset])).toEqual([['reserved', 0, block], ['reserved', block, block]]);
});

test('what was reserved and never used is given back, once', () => {
  using segment = new Segment('producer');
  const reserve = new SequenceReserve(segment.recorder, 0);
  reserve.take();
  reserve.take();
  reserve.release();
  reserve.release();
  expect(segment.story).toEqual([`reserved 0+${block}`, `released 2+${block - 2}`]);
});

test('a block that was used up, and a reserve that was never touched, give nothing back', () => {
  using segment = new Segment('producer');
  const reserve = new SequenceReserve(segment.recorder, 0);
  reserve.release();
  for (let nth = 0; nth < block; nth++) reserve.take();
  reserve.release();
  expect(segment.story).toEqual([`reserved 0+${block}`]);
});
