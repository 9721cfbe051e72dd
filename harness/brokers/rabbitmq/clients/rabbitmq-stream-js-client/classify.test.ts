import { expect, test } from 'vitest';
import { classify, PublishRefused } from './classify.ts';

const ended = (error: unknown, closedBy: string | null = null) => classify({ kind: 'error', error, returned: false, closedBy });

test('a publish error says its code and proves nothing', () => {
  expect(ended(new PublishRefused(6))).toEqual({ outcome: 'info', error: { name: 'PublishRefused', message: 'the broker answered with publish error 6 (stream not available)' } });
  expect(ended(new PublishRefused(99))).toMatchObject({ outcome: 'info', error: { message: 'the broker answered with publish error 99' } });
});

test('a lost connection leaves the attempt unknown, with the reason', () => {
  expect(ended(new Error('x'), 'the stream moved')).toEqual({ outcome: 'info', error: { name: 'ConnectionLost', message: 'the stream moved' } });
});

test('only what was never written has failed', () => {
  expect(classify({ kind: 'not-written', error: new Error('no session') })).toMatchObject({ outcome: 'fail', error: { name: 'NotWritten' } });
  expect(classify({ kind: 'confirmed', returned: false })).toEqual({ outcome: 'ok' });
});
