import { expect, test } from 'vitest';
import { LeaderfallError } from './errors.ts';
import { untilAborted, waitUntil } from './wait.ts';

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

test('a wait that a limit of time ends says what it waited for and what it last saw, not that its last look was ended too', async () => {
  const end = new AbortController();
  const limit = new LeaderfallError('E_TIMEOUT', 'The heal phase took too long', { hint: 'Give it more.' });
  let looks = 0;
  const observe = async () => {
    if (++looks === 1) return { done: false, seen: 'kafka-2 does not answer' } as const;
    end.abort(limit);
    throw limit;
  };
  const waiting = waitUntil(observe, { describe: 'all brokers to be back', timeoutMs: 60_000, intervalMs: 1, signal: end.signal });
  await expect(waiting).rejects.toMatchObject({
    code: 'E_TIMEOUT', message: 'The heal phase took too long: it waited for all brokers to be back; last seen: kafka-2 does not answer', hint: 'Give it more.', cause: limit,
  });
});

test('work that does not look at its signal is not waited for: the reason is the signal\'s own, with what was waited for where that is a limit of time', async () => {
  const endless = new Promise<never>(() => {});
  const interrupt = new LeaderfallError('E_INTERRUPTED', 'enough');
  const limit = new LeaderfallError('E_TIMEOUT', 'too long');
  await expect(untilAborted(endless, AbortSignal.abort(interrupt), 'the end')).rejects.toBe(interrupt);
  await expect(untilAborted(endless, AbortSignal.abort(limit), 'the end')).rejects.toMatchObject({ message: 'too long: it waited for the end' });
  await expect(untilAborted(endless, AbortSignal.abort(limit))).rejects.toBe(limit);
});
