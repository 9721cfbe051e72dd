import { expect, test } from 'vitest';
import { hedge } from './hedge.ts';

const options = (patienceMs: number, signal: AbortSignal = new AbortController().signal) => ({ describe: 'answer', patienceMs, signal });
const silence = (): Promise<string> => new Promise(() => {});
const fails = (): Promise<string> => Promise.reject(new Error('refused'));

test('the first that answers is enough: nobody else is asked', async () => {
  let asked = 0;
  await expect(hedge([async () => 'a', async () => `${++asked}`], options(10_000))).resolves.toBe('a');
  expect(asked).toBe(0);
});

test('a failure brings the next at once, without waiting for patience to end', async () => {
  await expect(hedge([fails, async () => 'b'], options(10_000))).resolves.toBe('b');
});

test('silence brings the next after a moment', async () => {
  await expect(hedge([silence, async () => 'b'], options(1))).resolves.toBe('b');
});

test('when all failed the error tells each failure', async () => {
  await expect(hedge([fails, fails], options(1))).rejects.toMatchObject({ code: 'E_TIMEOUT', message: 'Nobody could answer', detail: expect.stringMatching(/refused\n.*refused/) });
});

test('nobody to ask is a failure, not a wait', async () => {
  await expect(hedge([], options(1))).rejects.toMatchObject({ code: 'E_TIMEOUT' });
});

test('a straggler that fails after somebody answered brings nobody else', async () => {
  const { promise: late, reject } = Promise.withResolvers<string>();
  let asked = 0;
  await expect(hedge([() => late, async () => 'b', async () => `${++asked}`], options(1))).resolves.toBe('b');
  reject(new Error('too late'));
  await late.catch(() => {});
  expect(asked).toBe(0);
});

test('an abort ends the wait with its reason', async () => {
  const controller = new AbortController();
  const waiting = hedge([silence], options(10_000, controller.signal));
  controller.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
});
