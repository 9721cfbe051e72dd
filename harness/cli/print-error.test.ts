import { expect, test } from 'vitest';
import { LeaderfallError } from '../model/errors.ts';
import { printError } from './print-error.ts';

function printed(error: unknown): string {
  let text = '';
  printError({ stdout: { write: () => {} }, stderr: { write: (part) => { text += part; } }, env: {}, nowMs: () => 0 }, error);
  return text;
}

test('an error shows its code, message, evidence and next action', () => {
  expect(printed(new LeaderfallError('E_NOT_READY', 'kafka-2 is not ready', { detail: 'line 1\nline 2', hint: 'Look at its log.' })))
    .toBe('error[E_NOT_READY]: kafka-2 is not ready\n  line 1\n  line 2\nhint: Look at its log.\n');
});

test('an error of unknown origin is internal and shows its stack', () => {
  const text = printed(new TypeError('x is not a function'));
  expect(text).toContain('error[E_INTERNAL]: x is not a function');
  expect(text).toContain('print-error.test.ts');
});

test('no password passes', () => {
  expect(printed(new LeaderfallError('E_TIMEOUT', 'no answer from amqp://me:hunter2@localhost', { detail: 'password=hunter2' }))).not.toContain('hunter2');
});
