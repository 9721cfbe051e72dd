// `leaderfall/vitest`: Vitest's `test` with the fixtures `scenario` and `cluster`, and its `expect` with matchers that judge runs.
// Importing it is enough to get the matchers, as a setup file too.
import { expect } from 'vitest';
import { matchers } from './matchers.ts';

expect.extend(matchers);

export { expect };
export { it, test, type LeaderfallFixtures } from './fixtures.ts';
export { matchers, type LeaderfallMatchers } from './matchers.ts';
export type { CountExpectation } from './expectation.ts';
export type { PlayScenario, ScenarioOptions } from './scenario-fixture.ts';
export type { ClusterInput, LeaderOptions, StartCluster, TestCluster, TestNode } from './test-cluster.ts';
