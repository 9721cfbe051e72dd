import { expect, test } from 'vitest';
import { TurnBatches } from './turn-batches.ts';

test('what arrives in one turn is one batch, batches do not overlap, and the order is kept', async () => {
  const seen: number[][] = [];
  let working = 0;
  const batches = new TurnBatches<number>(async (batch) => {
    expect(++working).toBe(1);
    seen.push([...batch]);
    if (seen.length === 1) batches.put(4);
    await new Promise((resolve) => { setImmediate(resolve); });
    working--;
  });
  for (const item of [1, 2, 3]) batches.put(item);
  await batches.idle();
  batches.put(5);
  await batches.idle();
  expect(seen).toEqual([[1, 2, 3], [4], [5]]);
});
