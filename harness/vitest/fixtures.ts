// Vitest's `test` with two fixtures more. Whatever a test began is gone when it has ended, and every cluster when its worker ends.
import { test as base } from 'vitest';
import { makePlayScenario, type PlayScenario } from './scenario-fixture.ts';
import { SharedClusters } from './shared-clusters.ts';
import { makeStartCluster, type StartCluster } from './test-cluster.ts';
import { TestLife } from './test-life.ts';

export interface LeaderfallFixtures {
  /** `const run = await scenario(defineScenario({ … }))`. */
  readonly scenario: PlayScenario;
  /** `const kafka = await cluster({ broker: 'kafka' })`. */
  readonly cluster: StartCluster;
}

/**
 * A worker's clusters outlive its tests: with `isolate: false` and `fileParallelism: false` files share them too, otherwise each file
 * has its own. Tests that use the fixtures need a `timeout` above Vitest's default of 5 s.
 */
export const test = base
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from the pattern which fixtures are used.
  .extend('leaderfallClusters', { scope: 'worker' }, ({}, { onCleanup }) => {
    const clusters = new SharedClusters();
    onCleanup(() => clusters[Symbol.asyncDispose]());
    return clusters;
  })
  .extend('leaderfallTest', ({ task, signal }, { onCleanup }) => {
    const life = new TestLife({ task, signal });
    onCleanup(() => life.end());
    return life;
  })
  .extend('scenario', ({ leaderfallClusters, leaderfallTest }): PlayScenario => makePlayScenario(leaderfallClusters, leaderfallTest))
  .extend('cluster', ({ leaderfallClusters, leaderfallTest }): StartCluster => makeStartCluster(leaderfallClusters, leaderfallTest));

export const it = test;
