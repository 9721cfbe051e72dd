import { expect, test } from 'vitest';
import { LeaderfallError } from './errors.ts';
import { waitUntil } from './wait.ts';

const notYet = async () => ({ done: false, seen: 'nothing yet' }) as const;

test('an abort during the pause between two looks ends the wait with the signal\'s own reason', async () => {
  const end = new AbortController();
  const reason = new LeaderfallError('E_INTERRUPTED', 'enough');
  const waiting = waitUntil(notYet, { describe: 'the impossible', timeoutMs: 60_000, intervalMs: 60_000, signal: end.signal });
  setImmediate(() => end.abort(reason));
  await expect(waiting).rejects.toBe(reason);
});

test('a wait that gives up says what it waited for, how long, and what it last saw', async () => {
  const waiting = waitUntil(notYet, { describe: 'the impossible', timeoutMs: 10, intervalMs: 1, signal: new AbortController().signal, hint: 'Give up.' });
  await expect(waiting).rejects.toMatchObject({ code: 'E_TIMEOUT', message: 'Waited 10 ms for the impossible; last seen: nothing yet', hint: 'Give up.' });
});

test('a look that fails is not the end: its error is what was last seen', async () => {
  let looks = 0;
  const observe = async () => {
    if (++looks < 3) throw new Error('not there');
    return { done: true, value: looks } as const;
  };
  expect(await waitUntil(observe, { describe: 'the third look', timeoutMs: 10_000, intervalMs: 1, signal: new AbortController().signal })).toBe(3);
});
