import { expect, test } from 'vitest';
import type { ClusterSpec } from '../../model/scenario.ts';
import { rabbitmq } from './index.ts';

const start = (changes: Partial<ClusterSpec>) => {
  const progress: string[] = [];
  const spec: ClusterSpec = { broker: 'rabbitmq', version: '4.3', nodes: 1, properties: {}, file: null, defects: {}, ...changes };
  const cluster = rabbitmq.startCluster({ spec, runId: 'rabbitmq-start', keep: false, signal: AbortSignal.timeout(100_000), onProgress: (line) => progress.push(line) });
  return { cluster, progress };
};

test('a value that the broker refuses is told with the broker\'s own line', async () => {
  const { cluster } = start({ properties: { heartbeat: 'banana' } });
  await expect(cluster).rejects.toMatchObject({ code: 'E_BROKER_SETTING', message: expect.stringContaining('banana'), detail: expect.stringContaining('heartbeat') });
});

test('a setting that does not exist is told with its name', async () => {
  const { cluster } = start({ file: { path: 'rabbitmq.conf', text: 'no.such.setting = 5\n' } });
  await expect(cluster).rejects.toMatchObject({ code: 'E_BROKER_SETTING', detail: expect.stringContaining('no.such.setting') });
});

test('a listener of the user is overridden loudly and the node starts', async () => {
  const { cluster, progress } = start({ properties: { 'listeners.tcp.default': '5673' } });
  await using started = await cluster;
  expect(progress.filter((line) => line.includes('listeners.tcp.default = 5673 is overridden'))).toHaveLength(1);
  expect(started.configuration).toContainEqual({ scope: 'broker', key: 'listeners.tcp.default', value: '5672', source: 'harness', overridden: '5673' });
  expect((await started.health(null, AbortSignal.timeout(10_000))).healthy).toBe(true);
});
