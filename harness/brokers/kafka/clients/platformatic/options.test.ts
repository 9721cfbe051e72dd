import { expect, test } from 'vitest';
import { consumerSpec, producerSpec } from '../../testing/support.ts';
import { describeOptions } from '../describe-options.ts';
import { consumerOptions, producerOptions } from './options.ts';

const producer = (policy: object, options: object = {}) => producerOptions({ ...producerSpec(policy, 'platformatic'), options: { ...options } });

test.each([['all', -1], [1, 1], [0, 0]])('acks %s is told to each send as %i, for the constructor\'s is not used', (acks, sent) => {
  expect(producer({ acks }).send).toEqual({ acks: sent });
  expect(producer({ acks }).producer).not.toHaveProperty('acks');
});

test('a scenario may show what becomes of acks that only the constructor was told', () => {
  const { producer: own, send } = producer({ acks: 'all' }, { acksTold: 'constructor' });
  expect([own['acks'], send]).toEqual([-1, {}]);
  expect(own).not.toHaveProperty('acksTold');
});

test('the user\'s options win over ours, and policy fields over both', () => {
  const { producer: own } = producer({ idempotent: true, retries: 7 }, { requestTimeout: 9, retries: 1, idempotent: false });
  expect([own['requestTimeout'], own['retries'], own['idempotent']]).toEqual([9, 7, true]);
});

test('pauses between tries double up to the longest', () => {
  const delay = producer({ retryInitialMs: 100, retryMaxMs: 350 }).producer['retryDelay'] as (client: unknown, operation: string, attempt: number) => number;
  expect([1, 2, 3, 9].map((attempt) => delay(null, 'produce', attempt))).toEqual([100, 200, 350, 350]);
});

test('only automatic settling lets the library commit by itself', () => {
  expect(consumerOptions(consumerSpec('automatic')).consume['autocommit']).toBe(1000);
  expect(consumerOptions(consumerSpec('after-processing')).consume['autocommit']).toBe(false);
  expect(consumerOptions(consumerSpec('before-processing')).consume['autocommit']).toBe(false);
});

test('one request may last as long as a rebalance', () => {
  expect(consumerOptions({ ...consumerSpec('automatic'), policy: { rebalanceTimeoutMs: 20_000 } }).consumer['requestTimeout']).toBe(21_000);
  expect(consumerOptions({ ...consumerSpec('automatic'), policy: { rebalanceTimeoutMs: 100, requestTimeoutMs: 5000 } }).consumer['requestTimeout']).toBe(5000);
});

test('what is told of the options hides secrets and names the pauses', () => {
  const told = describeOptions(producer({}, { sasl: { mechanism: 'PLAIN', password: 'hunter3' }, clientId: 'shown' }));
  expect(told).not.toMatch(/hunter/);
  expect(told).toContain('shown');
  expect(told).toContain('100 ms doubled up to 1000 ms');
});
