// A machine that lacks what faults need: nothing is started for them, the rest runs, and every record says what was left out and why.
import { expect, test } from 'vitest';
import type { CapabilitiesHere } from '../engine/docker/capabilities-here.ts';
import type { MachineNeed } from '../model/machine-needs.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { renderJunit } from '../../reports/junit/junit.ts';
import { renderSuiteMarkdown } from '../../reports/markdown/markdown.ts';
import { renderSuite } from '../../reports/render.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import { judgeAgain } from './judge-again.ts';
import { runScenario } from './run-suite.ts';
import { Bench, jsonOnly, memoryScenario } from './testing/bench.ts';

const without = (...lacking: readonly MachineNeed[]): CapabilitiesHere => async (needs) =>
  new Map(needs.map((need) => [need, lacking.includes(need) ? { ok: false, reason: `a machine without ${need}` } : { ok: true, reason: 'tried' }]));

const cut = defineScenario({ name: 'kafka/mine/cut', cluster: { broker: 'kafka' }, steps: [{ inject: 'replication-cut', target: { leader: 0 } }, { heal: 'replication-cut' }], contract: { lost: 'forbidden' } });
const plain = defineScenario({ name: 'kafka/mine/kill', cluster: { broker: 'kafka' }, steps: [{ inject: 'kill', target: { leader: 0 } }, { heal: 'kill' }], contract: { lost: 'forbidden' } });
const onDisks: Scenario = { ...plain, name: 'kafka/mine/power-loss', cluster: { ...plain.cluster, equipment: ['disk'] } };

test('beside a run that was upheld: not runnable scenarios are listed with version, lack and reason, and the exit code is that of the environment', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  const said: string[] = [];
  const { suite, folder } = await bench.run([cut, memoryScenario('mine/calm'), onDisks], {
    capabilities: without('replication-cut', 'disk'), onProgress(event) { if (event.type === 'message') said.push(event.text); },
  });
  expect(suite.runs.map(({ scenario, judgement }) => [scenario.name, judgement.verdict])).toEqual([['mine/calm', 'upheld']]);
  expect(suite).toMatchObject({ verdict: 'environment', exitCode: 4, notRunnable: [
    { name: cut.name, version: cut.cluster.version, lacks: 'replication-cut', reason: 'this machine lacks replication-cut: a machine without replication-cut' },
    { name: onDisks.name, version: onDisks.cluster.version, lacks: 'disk', reason: 'this machine lacks disk: a machine without disk' },
  ] });
  expect(said.filter((text) => text.startsWith('not runnable here: '))).toHaveLength(2);
  const again = await judgeAgain({ folders: [folder], render: jsonOnly });
  expect(again.suite).toMatchObject({ verdict: 'environment', exitCode: 4, notRunnable: suite.notRunnable });
});

test('where it is allowed the runs decide, also when they are judged again', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  const { suite, folder } = await bench.run([cut, memoryScenario('mine/calm')], { capabilities: without('replication-cut'), allowNotRunnable: true });
  expect(suite).toMatchObject({ verdict: 'upheld', exitCode: 0, allowsNotRunnable: true, notRunnable: [{ name: cut.name }] });
  expect((await judgeAgain({ folders: [folder], render: jsonOnly })).suite).toMatchObject({ exitCode: 0, allowsNotRunnable: true });
});

test('every format names it with the reason; JUnit counts it as skipped, and nothing counts it as passed', async () => {
  using bench = new Bench();
  const { suite } = await bench.run([cut, onDisks], { capabilities: without('replication-cut', 'disk'), allowNotRunnable: true });
  expect(suite).toMatchObject({ runs: [], verdict: 'environment', exitCode: 4 });
  const files = renderSuite(suite);
  for (const name of ['report.html', 'junit.xml', 'summary.md', 'suite.json']) expect(files[name], name).toContain('this machine lacks disk: a machine without disk');
  expect(renderJunit(suite)).toMatch(/<testsuites[^>]* tests="2" failures="0" errors="0" skipped="2"/);
  expect(renderSuiteMarkdown(suite)).toContain('`kafka/mine/power-loss`: this machine lacks disk');
});

test('the versions are told apart where there are several', () => {
  const suite = { runs: [], notApplicable: [], notRunnable: ['3.9', '4.1'].map((version) => ({ name: cut.name, version, lacks: 'disk', reason: 'none' })) } satisfies Partial<SuiteRecord>;
  expect([...renderJunit(suite).matchAll(/<testsuite name="([^"]+)"/g)].map(([, name]) => name)).toEqual(['kafka/mine/cut (kafka 3.9)', 'kafka/mine/cut (kafka 4.1)']);
});

test('a caller who wants one run gets the reason as an error', async () => {
  using bench = new Bench();
  const refused = runScenario(onDisks, { seed: 'x', render: jsonOnly, command: 'test', out: bench.out, capabilities: without('disk'), signal: bench.interrupts.signal, onProgress: () => {} });
  await expect(refused).rejects.toMatchObject({ code: 'E_CAPABILITY', message: 'kafka/mine/power-loss is not runnable here: this machine lacks disk: a machine without disk' });
});

test('a machine that lacks nothing is not asked for more than the scenarios need, and one that is not needed is not asked', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  const capabilities: CapabilitiesHere = () => { throw new Error('nobody needs this'); };
  const { suite } = await bench.run([memoryScenario('mine/calm')], { capabilities });
  expect(suite).toMatchObject({ exitCode: 0, notRunnable: [] });
});
