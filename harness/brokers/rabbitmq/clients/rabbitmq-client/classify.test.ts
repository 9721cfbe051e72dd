import { expect, test } from 'vitest';
import { classify, provesNothingWritten } from './classify.ts';

/** The library's errors are told apart by their codes. */
const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const ended = (error: unknown) => classify({ kind: 'error', error, returned: false, closedBy: null });

test('a confirm is ok, and says so when the broker returned the message first', () => {
  expect(classify({ kind: 'confirmed', returned: false })).toEqual({ outcome: 'ok' });
  expect(classify({ kind: 'confirmed', returned: true })).toEqual({ outcome: 'ok', returned: true });
  expect(classify({ kind: 'handed-over' })).toEqual({ outcome: 'ok', handedOver: true });
});

test('a nack proves nothing', () => {
  expect(ended(coded('NACK', 'message rejected by server'))).toMatchObject({ outcome: 'info', error: { name: 'Nacked' } });
});

test('a lost connection leaves the attempt unknown', () => {
  expect(ended(coded('CONN_CLOSE', 'socket closed unexpectedly by server'))).toMatchObject({ outcome: 'info', error: { name: 'CONN_CLOSE' } });
  expect(ended('what?')).toMatchObject({ outcome: 'info', error: { name: 'SendFailed' } });
});

test('only waiting in vain for a connection proves that nothing was written', () => {
  expect(provesNothingWritten(coded('TIMEOUT', 'channel aquisition timed out'))).toBe(true);
  expect(provesNothingWritten(coded('CONN_CLOSE', 'closed'))).toBe(false);
  expect(classify({ kind: 'not-written', error: new Error('no channel') })).toMatchObject({ outcome: 'fail', error: { name: 'NotWritten' } });
});
