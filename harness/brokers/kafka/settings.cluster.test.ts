import { expect, test } from 'vitest';
import { startCluster } from './testing/support.ts';

const signal = AbortSignal.timeout(120_000);

test('a misspelt broker setting is refused with the name that was meant', async () => {
  await expect(startCluster({ nodes: 1, properties: { 'num.io.thread': '4' } }, signal)).rejects.toMatchObject({
    code: 'E_BROKER_SETTING',
    message: 'Kafka has no broker setting num.io.thread',
    hint: expect.stringContaining('Did you mean num.io.threads?'),
    detail: expect.stringContaining('kafka-1 runs with: num.io.threads = 4'),
  });
});

test('an invalid value is refused with the broker\'s own log line', async () => {
  await expect(startCluster({ nodes: 1, properties: { 'num.io.threads': 'abc' } }, signal)).rejects.toMatchObject({
    code: 'E_BROKER_SETTING', detail: expect.stringContaining('Invalid value abc for configuration num.io.threads'),
  });
});

test('three replicas on one node are refused by the broker too, and a listener\'s own settings are not taken for misspelt', async () => {
  await using cluster = await startCluster({ nodes: 1, properties: { 'listener.name.external.max.connections': '100' } }, signal);
  const settings = { replicationFactor: 3, minInsyncReplicas: 2, config: {} };
  await expect(cluster.createDestination({ name: 'three', partitions: 1, settings }, signal)).rejects.toMatchObject({ code: 'E_CONTRADICTION' });
  expect(cluster.replicationPort).toBeNull();
});
