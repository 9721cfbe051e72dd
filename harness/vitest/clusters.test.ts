// Clusters are shared while tests run, and gone afterwards, whatever ends them. On the embedded broker.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';
import { startTicksOf } from '../engine/owner.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { ClusterSpec } from '../model/scenario.ts';
import { waitUntil } from '../model/wait.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import { folderOf } from '../run/run-folders.ts';
import { test } from './fixtures.ts';
import { SharedClusters } from './shared-clusters.ts';
import { makePlayScenario } from './scenario-fixture.ts';
import { makeStartCluster } from './test-cluster.ts';
import { TestLife } from './test-life.ts';

const timeout = 60_000;
const out = mkdtempSync(join(tmpdir(), 'leaderfall-vitest-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const short = defineScenario({ name: 'short', cluster: { broker: 'memory' }, producer: { ratePerSecond: 300 }, steady: { acknowledged: 20 }, steps: [{ wait: { acknowledged: 20 } }], contract: { lost: 'forbidden' } });
const endless = { ...short, name: 'endless', steps: [{ kind: 'wait', trigger: { elapsedMs: 50_000 } }] } as const;
const provisionOf = (run: RunRecord): string => run.phases.find(({ phase }) => phase === 'provision')!.detail;
const lifeOf = (timeoutMs: number, signal = new AbortController().signal): TestLife =>
  new TestLife({ task: { timeout: timeoutMs, result: { state: 'run', startTime: Date.now() } }, signal } as unknown as ConstructorParameters<typeof TestLife>[0]);

async function untilGone(what: string, isGone: () => boolean): Promise<void> {
  await waitUntil(async () => (isGone() ? { done: true, value: undefined } : { done: false, seen: 'still there' }), { describe: `${what} to be gone`, timeoutMs: 20_000, signal: new AbortController().signal });
}

describe('the fixtures', () => {
  let first: RunRecord;

  test('play a scenario into the folder that was named', { timeout }, async ({ scenario, expect }) => {
    first = await scenario(short, { out, seed: 'one' });
    expect(first).toMatchObject({ seed: 'one', judgement: { verdict: 'upheld' } });
    expect(folderOf(first)?.startsWith(out)).toBe(true);
  });

  test('share one cluster among tests, in both ways of using it, and heal it after each', { timeout }, async ({ scenario, cluster }) => {
    const { nodes, endpoints } = await cluster({ broker: 'memory' });
    const [second, third] = await scenario(short, { out, repeat: 2 });
    expect([first, second!, third!].map(provisionOf).map((detail) => detail.split(' ').slice(0, 2).join(' '))).toEqual(['a new', 'the shared', 'the shared']);
    expect(endpoints).toEqual(nodes.map(({ endpoint }) => endpoint));
    await nodes[0]!.kill();
  });

  test('give the next test a cluster that is whole', { timeout }, async ({ cluster }) => {
    const memory = await cluster({ broker: 'memory' });
    expect(await memory.nodes[0]!.status()).toBe('running');
    const queue = await memory.destination({ answer: 'after-processing' });
    expect((await memory.leader(queue)).id).toBe('memory-1');
  });

  test('run the twin too, and let it show the power of the fault', { timeout }, async ({ scenario }) => {
    const lossy = { ...short, name: 'lossy', contract: { lost: 'required' } } as const;
    const run = await scenario(short, { out, twin: lossy });
    expect(run.judgement.power).toMatchObject({ twin: 'lossy', state: 'not-shown' });
    expect(run.judgement.verdict).toBe('inconclusive');
  });

  test('refuse a second cluster beside one in use, and a cluster that cannot be', { timeout }, async ({ scenario, cluster }) => {
    await cluster({ broker: 'memory' });
    const other = defineScenario({ name: 'other', cluster: { broker: 'memory', defects: { losesEvery: 10 } }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'allowed' } });
    await expect(scenario(other, { out })).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringContaining('At most one cluster is up at a time') });
    await expect(cluster({ broker: 'memory', nodes: 3 })).rejects.toMatchObject({ code: 'E_CONTRADICTION', message: expect.stringContaining('cluster.nodes') });
  });
});

test('a cluster that is held is no other one for a spec whose settings stand in another order', async () => {
  await using clusters = new SharedClusters();
  const spec: ClusterSpec = { broker: 'memory', version: 'embedded', nodes: 1, properties: { a: '1', b: '2' }, file: null, defects: {} };
  const { signal } = new AbortController();
  using _held = clusters.hold(spec);
  expect(await clusters.use({ ...spec, properties: { b: '2', a: '1' } }, signal, async () => 'shared')).toBe('shared');
  await expect(clusters.use({ ...spec, properties: { b: '3', a: '1' } }, signal, async () => 'shared')).rejects.toMatchObject({ code: 'E_USAGE' });
});

describe('a test that ends early', () => {
  test('ends its run in good order, and the error names the phase', { timeout }, async () => {
    await using clusters = new SharedClusters();
    const life = lifeOf(8_000);
    const startedAt = Date.now();
    await expect(makePlayScenario(clusters, life)(endless, { out })).rejects.toMatchObject({ code: 'E_TIMEOUT', message: expect.stringMatching(/^The test's limit of 8000 ms is over: endless was at "chaos"\nhint: Give it more/) });
    expect(Date.now() - startedAt).toBeLessThan(8_000);
    await life.end();
    expect(readdirSync(out).filter((name) => name !== 'latest').map((name) => existsSync(join(out, name, 'suite.json')))).not.toContain(false);
  });

  test('ends a run that it did not wait for', { timeout }, async () => {
    await using clusters = new SharedClusters();
    const life = lifeOf(60_000);
    const forgotten = makePlayScenario(clusters, life)(endless, { out });
    const outcome = expect(forgotten).rejects.toMatchObject({ message: expect.stringContaining('The test ended before this did') });
    await life.end();
    await outcome;
  });

  test('removes a cluster that cannot be healed', { timeout }, async () => {
    await using clusters = new SharedClusters();
    const life = lifeOf(60_000);
    const memory = await makeStartCluster(clusters, life)({ broker: 'memory' });
    const folder = join(memory.endpoints[0]!, '..');
    rmSync(folder, { recursive: true });
    await memory.nodes[0]!.kill();
    await life.end();
    const next = lifeOf(60_000);
    const fresh = await makeStartCluster(clusters, next)({ broker: 'memory' });
    expect(await fresh.nodes[0]!.status()).toBe('running');
    expect(fresh.endpoints).not.toEqual(memory.endpoints);
    await next.end();
  });
});

test('a worker that is killed leaves neither a process nor a folder behind', { timeout }, async () => {
  const own = mkdtempSync(join(tmpdir(), 'leaderfall-doomed-'));
  const doomed = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('testing/doomed.ts', import.meta.url))], { env: { ...process.env, TMPDIR: own }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = await once(doomed.stdout, 'data') as [Buffer];
  const server = Number(pid.toString());
  expect(startTicksOf(server)).toBeDefined();
  doomed.kill('SIGKILL');
  await untilGone('the frozen server', () => startTicksOf(server) === undefined);
  await untilGone('its folder', () => readdirSync(own).length === 0);
  rmSync(own, { recursive: true });
});
