// A user's file that is only type-checked, against the package as it is published: every line marked as an error must be one.
import { contracts, defineScenario, runScenario, suites, type RunRecord } from 'leaderfall';
import { expect, test, type TestCluster } from 'leaderfall/vitest';

test('types of the fixtures', async ({ scenario, cluster }) => {
  const run: RunRecord = await scenario(suites[0]!, { seed: 'a', out: 'runs', twin: suites[1]! });
  const runs: readonly RunRecord[] = await scenario(suites[0]!, { repeat: 2 });
  // @ts-expect-error one record without `repeat`
  const none: readonly RunRecord[] = await scenario(suites[0]!);
  const kafka: TestCluster<'kafka'> = await cluster({ broker: 'kafka', version: '4.1', properties: { 'num.io.threads': 2 } });
  const topic = await kafka.destination({ partitions: 3 });
  await (await kafka.leader(topic, { partition: 2 })).kill();
  // @ts-expect-error only the embedded broker has this field
  await kafka.destination({ answer: 'on-accept' });
  // @ts-expect-error no such broker
  await cluster({ broker: 'activemq' });
  return [run, runs, none];
});

test('types of the matchers', async () => {
  const run = await runScenario(defineScenario({ name: 'a', cluster: { broker: 'memory' }, steps: [], contract: contracts.atLeastOnce() }));
  expect(run).toUphold();
  expect(run).toUphold({ ...contracts.atLeastOnce(), duplicated: { max: 50 } });
  expect(run).not.toHaveLost('exposed');
  expect(run).toHaveDuplicated({ max: 50 });
  expect(run).toHaveCounted('redelivered', { min: 1, max: 9 });
  expect(run).toBeViolated();
  expect(run).not.toBeInconclusive();
  await expect(runScenario(suites[0]!)).resolves.toHaveLost(0);
  // @ts-expect-error no such expectation
  expect(run).toHaveLost('all');
  // @ts-expect-error only losses can be compared with the exposed
  expect(run).toHaveDuplicated('exposed');
  // @ts-expect-error no such measure
  expect(run).toHaveCounted('losses', 0);
  // @ts-expect-error no such measure
  expect(run).toUphold({ losses: 'forbidden' });
});
