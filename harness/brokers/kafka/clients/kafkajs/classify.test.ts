import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { classify } from './classify.ts';

// The library's own classes, so that a change of their shape is noticed here.
const { KafkaJSProtocolError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded, KafkaJSConnectionError, KafkaJSRequestTimeoutError, KafkaJSError } =
  kafkajs as unknown as Record<string, new (error: unknown, options?: object) => Error>;
const protocol = (type: string, retriable = false): Error => new KafkaJSProtocolError!({ type, code: 1, retriable, message: type });
const gaveUp = (error: Error, retryCount: number): Error => new KafkaJSNumberOfRetriesExceeded!(error, { retryCount, retryTime: 100 });

test.each([
  'MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'TOPIC_AUTHORIZATION_FAILED', 'INVALID_REQUIRED_ACKS', 'INVALID_RECORD', 'POLICY_VIOLATION',
])('%s at the first try proves that nothing was stored', (type) => {
  expect(classify(protocol(type), false)).toMatchObject({ outcome: 'fail', error: { name: `KafkaJSProtocolError/${type}` } });
});

test('the same refusal proves nothing once an earlier try may have been stored', () => {
  expect(classify(protocol('MESSAGE_TOO_LARGE'), true).outcome).toBe('info');
});

test('NOT_ENOUGH_REPLICAS is a failure only when the library did not retry', () => {
  expect(classify(gaveUp(protocol('NOT_ENOUGH_REPLICAS', true), 0), false)).toMatchObject({ outcome: 'fail', error: { name: 'KafkaJSNumberOfRetriesExceeded/NOT_ENOUGH_REPLICAS' } });
  expect(classify(gaveUp(protocol('NOT_ENOUGH_REPLICAS', true), 3), false).outcome).toBe('info');
});

test.each([
  'NOT_LEADER_FOR_PARTITION', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'REQUEST_TIMED_OUT', 'UNKNOWN_TOPIC_OR_PARTITION', 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER', 'UNKNOWN', 'KAFKA_STORAGE_ERROR',
])('%s never proves anything', (type) => {
  expect(classify(protocol(type), false).outcome).toBe('info');
  expect(classify(gaveUp(protocol(type, true), 0), false).outcome).toBe('info');
});

test.each([
  ['a timeout', new KafkaJSRequestTimeoutError!('Request Produce timed out')],
  ['a connection that broke', new KafkaJSConnectionError!('Closed connection')],
  ['a reset connection', new KafkaJSConnectionError!('Connection error', { code: 'ECONNRESET' })],
  ['any error', new Error('boom')],
  ['a thrown string', 'boom'],
  ['nothing', undefined],
])('%s is indeterminate', (_, error) => {
  expect(classify(error, false).outcome).toBe('info');
});

test.each([
  ['a refused connection', new KafkaJSConnectionError!('Connection error: connect ECONNREFUSED', { code: 'ECONNREFUSED' })],
  ['a producer that was disconnected before', new KafkaJSError!('The producer is disconnected')],
  ['a message that the library refuses', new KafkaJSNonRetriableError!('Invalid message without value for topic "t": {}')],
])('%s was never sent', (_, error) => {
  expect(classify(error, false).outcome).toBe('fail');
  expect(classify(error, true).outcome).toBe('info');
});
