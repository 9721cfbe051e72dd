import { expect, test } from 'vitest';
import { upheldRun } from '../testing/sample-records.ts';
import { clientOf } from './client.ts';

const withDrivers = (producer: string, consumer: string) => clientOf({
  ...upheldRun, scenario: { ...upheldRun.scenario, producer: { ...upheldRun.scenario.producer, driver: producer }, consumer: { ...upheldRun.scenario.consumer, driver: consumer } },
});

test('a client is its package and version; one that only consumes is named beside it', () => {
  expect(withDrivers('kafkajs', 'kafkajs')).toBe('kafkajs 2.2.4');
  expect(withDrivers('platformatic', 'kafkajs')).toBe('@platformatic/kafka 2.12.1, consuming with kafkajs 2.2.4');
  expect(withDrivers('unheard-of', 'unheard-of')).toBe('unheard-of');
});

test('a program of the user’s is its command', () => {
  const program = { command: ['python3', 'producer.py'], folder: '/', environment: {} };
  expect(clientOf({ ...upheldRun, scenario: { ...upheldRun.scenario, producer: { ...upheldRun.scenario.producer, driver: 'program', program } } })).toBe('program python3 producer.py, consuming with kafkajs 2.2.4');
});
