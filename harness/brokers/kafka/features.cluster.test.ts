import { expect, test } from 'vitest';
import { startCluster } from './testing/support.ts';

const signal = AbortSignal.timeout(170_000);
const key = 'eligible.leader.replicas.version';

/** What Kafka's own tool says of the finalized level. */
async function toldByKafka(version: string, properties: Readonly<Record<string, string>>): Promise<{ readonly recorded: string | undefined; readonly level: string | undefined }> {
  await using cluster = await startCluster({ version, nodes: 1, properties }, signal);
  const described = await cluster.nodes[0]?.exec(['/opt/kafka/bin/kafka-features.sh', '--bootstrap-server', 'localhost:9092', 'describe'], { timeoutMs: 60_000, signal });
  const level = /eligible\.leader\.replicas\.version.*FinalizedVersionLevel: (\d+)/.exec(described?.output ?? '')?.[1];
  return { recorded: cluster.configuration.find((row) => row.key === key)?.value, level };
}

test.each([
  ['are on in a new 4.1 cluster', '4.1', {}, '1'],
  ['can be switched off', '4.1', { [key]: '0' }, '0'],
])('eligible leader replicas %s, and Kafka\'s own tool says so too', async (_, version, properties, expected) => {
  expect(await toldByKafka(version, properties)).toEqual({ recorded: expected, level: expected });
});
