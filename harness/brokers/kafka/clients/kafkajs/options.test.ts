import { expect, test } from 'vitest';
import type { ConsumerSpec, ProducerSpec } from '../../../../model/scenario.ts';
import { describeOptions } from '../describe-options.ts';
import { consumerOptions, producerOptions } from './options.ts';

const producer = (policy: object, options: object = {}): ProducerSpec =>
  ({ driver: 'kafkajs', program: null, count: 1, inFlight: 1, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', policy: { ...policy }, options: { ...options } });
const consumer = (settle: ConsumerSpec['settle'], options: object = {}): ConsumerSpec =>
  ({ driver: 'kafkajs', program: null, count: 1, start: 'steady', settle, prefetch: 1, handlerMs: 0, refuse: null, policy: {}, options: { ...options } });

test.each([['all', -1], [1, 1], [0, 0]])('acks %s is sent as %i', (acks, sent) => {
  expect(producerOptions(producer({ acks })).send['acks']).toBe(sent);
});

test('the user\'s options win over ours, each in the place where kafkajs takes it', () => {
  const { client, producer: own, send } = producerOptions(producer({}, { requestTimeout: 9, metadataMaxAge: 8, compression: 'gzip' }));
  expect([client['requestTimeout'], own['metadataMaxAge'], send['compression']]).toEqual([9, 8, 'gzip']);
});

test('policy fields cannot be undone by options', () => {
  const { producer: own, send } = producerOptions(producer({ idempotent: true }, { idempotent: false, acks: 0 }));
  expect([own['idempotent'], send['acks']]).toEqual([true, -1]);
});

test('idempotence means one request under way unless the user says otherwise', () => {
  expect(producerOptions(producer({ idempotent: true })).producer['maxInFlightRequests']).toBe(1);
  expect(producerOptions(producer({ idempotent: true }, { maxInFlightRequests: 5 })).producer['maxInFlightRequests']).toBe(5);
  expect(producerOptions(producer({})).producer['maxInFlightRequests']).toBeUndefined();
});

test('only automatic settling lets kafkajs commit by itself', () => {
  expect(consumerOptions(consumer('automatic')).run['autoCommit']).toBe(true);
  expect(consumerOptions(consumer('after-processing')).run['autoCommit']).toBe(false);
  expect(consumerOptions(consumer('before-processing')).run['autoCommit']).toBe(false);
});

test('what is told of the options hides secrets at any depth', () => {
  const told = describeOptions(producerOptions(producer({}, { sasl: { mechanism: 'aws', secretAccessKey: 'hunter2', password: 'hunter3' }, clientId: 'shown' })));
  expect(told).not.toMatch(/hunter/);
  expect(told).toContain('shown');
});
