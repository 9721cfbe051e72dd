// A test's limit is either long enough, or told to be too short in words that help.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limitTime, requireTime } from './time-limit.ts';

test('Vitest\'s default limit is refused before anything starts, with what to write instead', () => {
  expect(() => requireTime(5_000, 'kafka', 'A scenario')).toThrow(expect.objectContaining({
    code: 'E_USAGE', message: "A scenario on kafka cannot end within this test's limit of 5000 ms", hint: expect.stringContaining('test(name, { timeout: 180_000 }, …)'),
  }));
});

test.each([[0], [8_000], [Number.POSITIVE_INFINITY]])('%d ms is taken for the embedded broker', (timeoutMs) => {
  expect(() => requireTime(timeoutMs, 'memory', 'A scenario')).not.toThrow();
});

test('a limit aborts before the test\'s own does, and says what was going on', async () => {
  using limit = limitTime(600, Date.now(), 'memory', () => 'it drained');
  expect(limit.signal.aborted).toBe(false);
  await new Promise((resolve) => { limit.signal.addEventListener('abort', resolve); });
  expect(limit.signal.reason).toMatchObject({ code: 'E_TIMEOUT', message: "The test's limit of 600 ms is over: it drained" });
});

test('a limit that is disposed of, or that is none, never aborts', async () => {
  const ended = limitTime(501, Date.now(), 'memory', () => '');
  ended[Symbol.dispose]();
  using none = limitTime(0, Date.now(), 'memory', () => '');
  await delay(50);
  expect([ended.signal.aborted, none.signal.aborted]).toEqual([false, false]);
});
