// The demo, the smoke tests, the exact client finding and the exact faults of disks and answers on real clusters, as the command line runs them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSuite } from '../harness/index.ts';
import type { RunRecord, SuiteRecord } from '../harness/model/run-record.ts';
import { inClusterOrder } from '../harness/scenario/families.ts';
import { disagreements } from '../reports/testing/told-numbers.ts';
import { recorded, recount, setUpTools } from '../tests/examples/recount.ts';
import { suites } from './index.ts';

const out = 'reports/runs/tests';
const clientFinding = ['client-truth/kafkajs-multi-partition/leader-frozen-then-killed', 'client-truth/platformatic-multi-partition/leader-frozen-then-killed'];
const lostResponse = ['kafka/acks-all/lost-response', 'kafka/idempotent/lost-response'];
const powerLoss = ['kafka/acks-all/power-loss-all', 'kafka/acks-all-flushed/power-loss-all', 'rabbitmq/classic-confirms/power-loss-all', 'rabbitmq/quorum-confirms/power-loss-all'];
const exact = new Set([...clientFinding, ...lostResponse, ...powerLoss]);
const chosen = inClusterOrder(suites.filter(({ name, tags }) => tags.includes('demo') || tags.includes('smoke') || exact.has(name)));
let suite: SuiteRecord;
let noTools: string | null;

beforeAll(async () => {
  noTools = await setUpTools();
  const onProgress: Parameters<typeof runSuite>[0]['onProgress'] = (event) => {
    if (event.type === 'scenario-end') process.stderr.write(`${event.record.judgement.verdict} ${event.record.scenario.name}: ${event.record.judgement.sentence}\n`);
  };
  ({ suite } = await runSuite({ scenarios: chosen, seed: 'tests', out, command: 'vitest', signal: AbortSignal.timeout(1_180_000), onProgress }));
}, 1_200_000);

afterAll(() => {
  // Kept for a look when something failed.
  if (suite?.exitCode === 0) rmSync(out, { recursive: true, force: true });
});

const recordOf = (name: string): RunRecord => suite.runs.find(({ scenario }) => scenario.name === name)!;
const folderOf = (name: string): string => {
  const { runId } = recordOf(name);
  return join(out, 'latest', suite.folders?.[runId] ?? runId);
};
const count = (record: RunRecord, measure: string): number => record.facts!.measures.find((fact) => fact.measure === measure)!.count;

describe.each(chosen.map(({ name }) => name))('%s', (name) => {
  test('does what its contract says', () => {
    const { judgement } = recordOf(name);
    expect(judgement.verdict, `${judgement.sentence}\nreport: ${out}/latest/report.html`).toBe('upheld');
  });

  test('accounts for every message', () => {
    expect(recordOf(name).facts!.accounting).toMatchObject({ addsUp: true, unseen: 0 });
  });

  test('tells the same numbers in every format', () => {
    expect(disagreements(folderOf(name))).toEqual([]);
  });

  test('has the numbers in run.json that DuckDB counts in messages.arrow', async ({ skip }) => {
    if (noTools !== null) skip(noTools);
    const folder = folderOf(name);
    expect(await recount('duckdb', folder)).toMatchObject(recorded(folder));
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

test('what kafkajs says of a send over several brokers is not so, and the report blames the client', () => {
  const [kafkajs, other] = clientFinding.map(recordOf);
  expect(count(kafkajs!, 'lost')).toBeGreaterThanOrEqual(20);
  expect(kafkajs!.facts!.attribution.client).toBe(count(kafkajs!, 'lost'));
  expect(count(other!, 'lost')).toBe(0);
});

test('what a consumer settled before it handled it is lost with it, and the report blames the consumer', () => {
  const record = recordOf('kafka/commit-before/consumer-kill-holding');
  expect(count(record, 'settledUnprocessed')).toBe(count(record, 'lost'));
  expect(record.facts!.attribution.consumer).toBe(count(record, 'lost'));
});

test('a response that never arrives stores its hundred messages twice, and once where the broker knows their numbers', () => {
  expect(lostResponse.map((name) => count(recordOf(name), 'duplicated'))).toEqual([100, 0]);
});

test('a cluster that loses power forgets every message that it acknowledged and had not forced to a disk, and none that it had', () => {
  const [kafka, flushed, classic, quorum] = powerLoss.map(recordOf);
  for (const unsynced of [kafka!, classic!]) {
    expect(unsynced.facts!.exposedSet).toMatchObject({ lostNotExposed: 0, exposedNotLost: 0 });
    expect(count(unsynced, 'lost')).toBeGreaterThanOrEqual(1_000);
  }
  expect([flushed!, quorum!].map((synced) => count(synced, 'lost'))).toEqual([0, 0]);
});

test('scenarios with an equal cluster spec share one cluster, and one whose disks failed serves nothing more', () => {
  const provisions = suite.runs.map(({ phases }) => phases.find(({ phase }) => phase === 'provision')!.detail);
  expect(provisions.filter((detail) => detail.startsWith('a new cluster'))).toHaveLength(new Set(chosen.filter(({ name }) => !powerLoss.includes(name)).map(({ cluster }) => JSON.stringify(cluster))).size + powerLoss.length);
});
