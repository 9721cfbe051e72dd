// The shipped suites as Vitest tests: the same definitions as the command line runs, on real clusters.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSuite } from '../harness/index.ts';
import type { RunRecord, SuiteRecord } from '../harness/model/run-record.ts';
import { suites } from './index.ts';

const out = 'reports/runs/tests';
const demo = suites.filter(({ tags }) => tags.includes('demo'));
let suite: SuiteRecord;

beforeAll(async () => {
  const onProgress: Parameters<typeof runSuite>[0]['onProgress'] = (event) => {
    if (event.type === 'scenario-end') process.stderr.write(`${event.record.judgement.verdict} ${event.record.scenario.name}: ${event.record.judgement.sentence}\n`);
  };
  ({ suite } = await runSuite({ scenarios: demo, seed: 'tests', out, command: 'vitest', signal: AbortSignal.timeout(580_000), onProgress }));
}, 600_000);

afterAll(() => {
  // Kept for a look when something failed.
  if (suite?.exitCode === 0) rmSync(out, { recursive: true, force: true });
});

const recordOf = (name: string): RunRecord => suite.runs.find(({ scenario }) => scenario.name === name)!;
const count = (record: RunRecord, measure: string): number => record.facts!.measures.find((fact) => fact.measure === measure)!.count;

describe.each(demo.map(({ name }) => name))('%s', (name) => {
  test('does what its contract says', () => {
    const { judgement } = recordOf(name);
    expect(judgement.verdict, `${judgement.sentence}\nreport: ${out}/latest/report.html`).toBe('upheld');
  });

  test('accounts for every message', () => {
    expect(recordOf(name).facts!.accounting).toMatchObject({ addsUp: true, unseen: 0 });
  });
});

test('acks=1 loses exactly the thousand messages that only the leader had', () => {
  const record = recordOf('kafka/acks-1/leader-kill-behind');
  expect(count(record, 'lost')).toBe(1_000);
  expect(record.facts!.exposedSet).toMatchObject({ exposed: 1_000, lostAndExposed: 1_000, lostNotExposed: 0, exposedNotLost: 0 });
});

test('the idempotent producer duplicates nothing although its leader is killed', () => {
  expect(count(recordOf('kafka/idempotent/leader-kill'), 'duplicated')).toBe(0);
});

test('what a classic queue took without confirms is lost with its node', () => {
  expect(count(recordOf('rabbitmq/classic-no-confirms/home-node-kill'), 'lost')).toBeGreaterThanOrEqual(1);
});

test('scenarios with an equal cluster spec share one cluster', () => {
  const provisions = suite.runs.map(({ phases }) => phases.find(({ phase }) => phase === 'provision')!.detail);
  expect(provisions.filter((detail) => detail.startsWith('a new cluster'))).toHaveLength(3);
});
