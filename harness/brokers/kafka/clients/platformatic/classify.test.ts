import { AuthenticationError, MultipleErrors, NetworkError, ProtocolError, ResponseError, TimeoutError, UserError } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { classify, producedIn } from './classify.ts';

// The library's own classes, so that a change of their shape is noticed here.
const produceKey = 0;
const answered = (...names: readonly string[]): Error =>
  new ResponseError(produceKey, 11, Object.fromEntries(names.map((name, position) => [`/responses/0/partition_responses/${position}`, [name as never, null]])), {});
const tried = (...errors: readonly Error[]): Error => new MultipleErrors(`produce failed ${errors.length} times.`, [...errors]);
const outer = (...errors: readonly Error[]): Error => new MultipleErrors('Producing messages failed.', [...errors]);

test.each(['MESSAGE_TOO_LARGE', 'TOPIC_AUTHORIZATION_FAILED', 'INVALID_REQUIRED_ACKS', 'NOT_ENOUGH_REPLICAS', 'INVALID_RECORD'])('%s at the first try proves that nothing was stored', (name) => {
  expect(classify(outer(answered(name)), false)).toMatchObject({ outcome: 'fail', error: { name: `PLT_KFK_MULTIPLE/${name}` } });
});

test('the same refusal proves nothing once an earlier try may have been stored', () => {
  expect(classify(outer(answered('MESSAGE_TOO_LARGE')), true).outcome).toBe('info');
});

test.each(['NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'REQUEST_TIMED_OUT', 'UNKNOWN_TOPIC_OR_PARTITION', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'DUPLICATE_SEQUENCE_NUMBER', 'KAFKA_STORAGE_ERROR'])(
  '%s never proves anything', (name) => {
    expect(classify(outer(answered(name)), false).outcome).toBe('info');
    expect(classify(new ProtocolError(name as never), false).outcome).toBe('info');
  });

test('one refusal beside one that proves nothing proves nothing', () => {
  expect(classify(outer(answered('MESSAGE_TOO_LARGE', 'NOT_LEADER_OR_FOLLOWER')), false).outcome).toBe('info');
  expect(classify(outer(tried(new TimeoutError('Request timed out'), answered('NOT_ENOUGH_REPLICAS'))), false).outcome).toBe('info');
});

test.each([
  ['a timeout', new TimeoutError('Request timed out')],
  ['a connection that broke', new NetworkError('Connection closed')],
  ['a reset connection', new NetworkError('Connection to b:1 failed.', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })],
  ['any error', new Error('boom')],
  ['an aggregate of nothing', new MultipleErrors('none', [])],
  ['a thrown string', 'boom'],
  ['nothing', undefined],
])('%s is indeterminate', (_, error) => {
  expect(classify(error, false).outcome).toBe('info');
});

test.each([
  ['a refused connection', new NetworkError('Connection to b:1 failed.', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })],
  ['a client that was closed before', new NetworkError('Client is closed.', { closed: true })],
  ['a message that the library refuses', new UserError('Failed to serialize a message.')],
  ['credentials that are refused', new AuthenticationError('SASL authentication failed.')],
])('%s was never sent', (_, error) => {
  expect(classify(error, false).outcome).toBe('fail');
  expect(classify(error, true).outcome).toBe('info');
});

test('the partitions that a failed send did store are read from what the library tells', () => {
  const error = Object.assign(outer(new TimeoutError('Request timed out')), { produced: { offsets: [{ topic: 't', partition: 3, offset: 12n }, { topic: 't', partition: 4, offset: 0n }] } });
  expect([...producedIn(error)]).toEqual([[3, 12], [4, 0]]);
  expect([...producedIn(new Error('boom'))]).toEqual([]);
  expect([...producedIn(Object.assign(new Error('boom'), { produced: {} }))]).toEqual([]);
});
