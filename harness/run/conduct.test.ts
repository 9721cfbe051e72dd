// What goes wrong after a run was played: a teardown that is late or fails, and a history that cannot be sealed. What was found before stands.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../model/run-record.ts';
import type { ClusterSpec, Phase } from '../model/scenario.ts';
import { ClusterPool, type Acquired } from './cluster-pool.ts';
import { Bench, countOf, memoryScenario } from './testing/bench.ts';
import type { SuiteResult } from './run-suite.ts';

const loses = { defects: { losesEvery: 7 } };

/** Runs one scenario and does something in its folder when a phase begins. */
async function played(scenario: Parameters<typeof memoryScenario>[1], phase: Phase, strike: (folder: string, bench: Bench) => void, pool?: ClusterPool): Promise<{ readonly run: RunRecord; readonly suite: SuiteResult['suite'] }> {
  using bench = new Bench();
  let suiteFolder = '';
  const { suite } = await bench.run([memoryScenario('mine/struck', scenario)], {
    ...(pool === undefined ? {} : { pool }),
    onProgress(event) {
      if (event.type === 'suite-begin') suiteFolder = event.folder;
      if (event.type === 'phase' && event.phase === phase && event.edge === 'begin') strike(join(suiteFolder, 'mine-struck'), bench);
    },
  });
  return { run: suite.runs[0]!, suite };
}

/** Its clusters take longer to clear a destination away than a teardown may. */
class SlowPool extends ClusterPool {
  override async acquire(spec: ClusterSpec, signal: AbortSignal): Promise<Acquired> {
    const acquired = await super.acquire(spec, signal);
    return { ...acquired, cluster: Object.assign(acquired.cluster, { deleteDestination: () => delay(8_000) }) };
  }
}

/** The first reading of its logs takes longer than a teardown may, and ends in the middle of the next run. */
class SlowLogsPool extends ClusterPool {
  #slow = true;

  override async acquire(spec: ClusterSpec, signal: AbortSignal): Promise<Acquired> {
    const acquired = await super.acquire(spec, signal);
    if (this.#slow) {
      const { cluster } = acquired;
      const collectLogs = cluster.collectLogs.bind(cluster);
      Object.assign(cluster, { collectLogs: async (folder: string) => { await delay(4_500); return await collectLogs(folder, AbortSignal.timeout(5_000)); } });
      this.#slow = false;
    }
    return acquired;
  }
}

const unsealable = (folder: string): void => { mkdirSync(join(folder, 'messages.arrow.partial')); };

describe('a verdict stands', () => {
  test('where teardown took longer than its bound, which is told as just that', { timeout: 60_000 }, async () => {
    await using pool = new SlowPool({ suiteId: 'slow', keep: false, onProgress: () => {} });
    const { run, suite } = await played({ ...loses, bounds: { teardownMs: 1_000 } }, 'teardown', () => {}, pool);
    expect(run.error).toMatchObject({ code: 'E_TIMEOUT', phase: 'teardown', message: 'The teardown phase took longer than its bound of 1000 ms' });
    expect(run.phases.find(({ phase }) => phase === 'teardown')).toMatchObject({ ok: false, detail: run.error!.message });
    expect([run.status, run.judgement.verdict, suite.exitCode]).toEqual(['completed', 'violated', 1]);
    expect(countOf(run, 'lost')).toBeGreaterThan(0);
  });

  test('where teardown failed: no logs could be kept', { timeout: 60_000 }, async () => {
    const { run, suite } = await played(loses, 'teardown', (folder) => writeFileSync(join(folder, 'logs'), ''));
    expect(run.error).toMatchObject({ phase: 'teardown', message: expect.stringContaining('EEXIST') });
    expect(run.phases.find(({ phase }) => phase === 'teardown')).toMatchObject({ ok: false });
    expect([run.status, run.judgement.verdict, suite.exitCode]).toEqual(['completed', 'violated', 1]);
    expect(run.judgement.sentence).toMatch(/lost/);
  });

  test('with its own reason where it is that nothing was proved', { timeout: 60_000 }, async () => {
    const { run } = await played({ steps: [{ wait: { acknowledged: 100_000 } }], bounds: { stepMs: 500 } }, 'teardown', (folder) => writeFileSync(join(folder, 'logs'), ''));
    expect([run.error!.phase, run.judgement.verdict]).toEqual(['teardown', 'inconclusive']);
    expect(run.judgement.sentence).toMatch(/^Inconclusive: gate steps failed /);
  });
});

test('a teardown that ends late takes nothing from the run that follows', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  await using pool = new SlowLogsPool({ suiteId: 'late', keep: false, onProgress: () => {} });
  const { suite } = await bench.run([
    memoryScenario('mine/first', { bounds: { teardownMs: 500 } }),
    memoryScenario('mine/second', { steps: [{ wait: { elapsedMs: 5_000 } }], bounds: { teardownMs: 20_000 } }),
  ], { pool });
  expect(suite.runs.map(({ error }) => error?.phase ?? null)).toEqual(['teardown', null]);
  expect(suite.runs[1]).toMatchObject({ status: 'completed', judgement: { verdict: 'upheld' } });
});

describe('where the history cannot be sealed', () => {
  test('what ended the run is the error, and the other its detail', { timeout: 60_000 }, async () => {
    const { run, suite } = await played({ steps: [{ wait: { elapsedMs: 8_000 } }] }, 'chaos', (folder, bench) => { unsealable(folder); bench.interrupts.abort(); });
    expect(run).toMatchObject({ status: 'interrupted', facts: null, error: { code: 'E_INTERRUPTED', phase: 'chaos', detail: expect.stringMatching(/^Also, in phase judge: E_INTERNAL: .*EISDIR/) } });
    expect([suite.verdict, suite.exitCode]).toEqual(['interrupted', 130]);
  });

  test.each<[string, Parameters<typeof memoryScenario>[1], Phase]>([
    ['found', { consumer: { handlerMs: 20 }, bounds: { drainMs: 300 } }, 'drain'],
    ['did not clear away', {}, 'teardown'],
  ])('that is the error, and what the run %s its detail: nothing of it was judged', { timeout: 60_000 }, async (_, scenario, phase) => {
    const { run, suite } = await played(scenario, 'teardown', (folder) => { unsealable(folder); writeFileSync(join(folder, 'logs'), ''); });
    expect(run).toMatchObject({ status: 'failed', facts: null, error: { code: 'E_INTERNAL', phase: 'judge', message: expect.stringContaining('EISDIR'), detail: expect.stringContaining(`Also, in phase ${phase}: `) } });
    expect([run.judgement.verdict, suite.exitCode]).toEqual(['inconclusive', 70]);
  });
});
