import { expect, test } from 'vitest';
import { classify } from './classify.ts';

test('a confirm is ok, and says so when the broker returned the message first', () => {
  expect(classify({ kind: 'confirmed', returned: false })).toEqual({ outcome: 'ok' });
  expect(classify({ kind: 'confirmed', returned: true })).toEqual({ outcome: 'ok', returned: true });
});

test('without confirms a publish is only handed over', () => {
  expect(classify({ kind: 'handed-over' })).toEqual({ outcome: 'ok', handedOver: true });
});

test('a nack proves nothing', () => {
  const nacked = classify({ kind: 'error', error: new Error('message nacked'), returned: false, closedBy: null });
  expect(nacked).toMatchObject({ outcome: 'info', error: { name: 'Nacked' } });
});

test('a channel that closed leaves the attempt unknown and tells why it closed', () => {
  const closed = classify({ kind: 'error', error: new Error('channel closed'), returned: false, closedBy: 'Unexpected close' });
  expect(closed).toMatchObject({ outcome: 'info', error: { name: 'ChannelClosed', message: 'Unexpected close' } });
});

test('a return without a confirm stays unknown, and is not forgotten', () => {
  expect(classify({ kind: 'no-confirm', waitedMs: 1_000, returned: true })).toMatchObject({ outcome: 'info', returned: true, error: { name: 'ConfirmTimeout' } });
});

test('only an attempt of which nothing was written has failed', () => {
  expect(classify({ kind: 'not-written', error: new Error('no channel') })).toMatchObject({ outcome: 'fail', error: { name: 'NotWritten' } });
});
