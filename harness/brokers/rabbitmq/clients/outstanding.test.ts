import { expect, test } from 'vitest';
import { Outstanding } from './outstanding.ts';

const signal = AbortSignal.timeout(10_000);

test('an answer ends its attempt, and a later one changes nothing', async () => {
  const outstanding = new Outstanding(5_000);
  const attempt = outstanding.begin(null);
  outstanding.answered(attempt, null, null);
  outstanding.answered(attempt, new Error('message nacked'), null);
  await expect(attempt.end).resolves.toEqual({ kind: 'confirmed', returned: false });
  outstanding.end();
});

test('a return marks the attempt with its id and no other', async () => {
  const outstanding = new Outstanding(5_000);
  const [first, second] = [outstanding.begin('1'), outstanding.begin('2')];
  outstanding.returned('2');
  outstanding.returned('3');
  for (const attempt of [first, second]) outstanding.answered(attempt, null, null);
  await expect(first.end).resolves.toMatchObject({ returned: false });
  await expect(second.end).resolves.toMatchObject({ returned: true });
  outstanding.end();
});

test('silence ends an attempt at its own deadline', async () => {
  const outstanding = new Outstanding(50);
  await expect(outstanding.begin(null).end).resolves.toMatchObject({ kind: 'no-confirm', waitedMs: 50 });
  await outstanding.empty(signal);
  outstanding.end();
});

test('closing leaves what is under way unknown', async () => {
  const outstanding = new Outstanding(5_000);
  const attempt = outstanding.begin(null);
  outstanding.end();
  await expect(attempt.end).resolves.toMatchObject({ kind: 'error' });
});

test('empty waits for what is under way and not for what was never written', async () => {
  const outstanding = new Outstanding(200);
  outstanding.forget(outstanding.begin('1'));
  await outstanding.empty(signal);
  const attempt = outstanding.begin(null);
  let emptied = false;
  const empty = outstanding.empty(signal).then(() => { emptied = true; });
  expect(emptied).toBe(false);
  outstanding.answered(attempt, null, null);
  await empty;
  expect(emptied).toBe(true);
  outstanding.end();
});
