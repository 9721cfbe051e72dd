import { expect, test } from 'vitest';
import { Handover } from './handover.ts';

const never = new AbortController().signal;
const options = (timeoutMs: number, signal: AbortSignal = never) => ({ describe: 'something', timeoutMs, signal });

test('whoever gives waits until it was taken, in order', async () => {
  const handover = new Handover<number>();
  const events: string[] = [];
  const given = [1, 2].map((item) => handover.give(item).then(() => events.push(`taken ${item}`)));
  expect(await handover.take(options(1000))).toBe(1);
  await given[0];
  expect(events).toEqual(['taken 1']);
  expect(await handover.take(options(1000))).toBe(2);
});

test('whoever takes first waits for the gift', async () => {
  const handover = new Handover<string>();
  const taken = handover.take(options(1000));
  void handover.give('late');
  await expect(taken).resolves.toBe('late');
});

test('nothing in time is an error that says what was waited for', async () => {
  await expect(new Handover().take(options(5))).rejects.toMatchObject({ code: 'E_TIMEOUT', message: expect.stringContaining('something') });
});

test('a failure and an abort end the wait', async () => {
  const failing = new Handover();
  const taken = failing.take(options(1000));
  failing.fail(new Error('crashed'));
  await expect(taken).rejects.toThrow('crashed');
  const controller = new AbortController();
  const aborted = new Handover().take(options(1000, controller.signal));
  controller.abort(new Error('interrupted'));
  await expect(aborted).rejects.toThrow('interrupted');
});

test('after it was closed nobody waits to be taken from', async () => {
  const handover = new Handover<number>();
  const before = handover.give(1);
  handover.close();
  await before;
  await expect(handover.give(2)).resolves.toBeUndefined();
});
