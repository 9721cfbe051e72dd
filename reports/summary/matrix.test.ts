import { expect, test } from 'vitest';
import type { Contract } from '../../harness/model/contract.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { asScenario, versionSuite } from '../testing/sample-matrix.ts';
import { requiredRun, safeTwinRun, upheldRun, upheldSuite } from '../testing/sample-records.ts';
import { entriesUnder } from './matrix-entries.ts';
import { matricesOf, type Matrix } from './matrix.ts';
import { roleOf } from './role.ts';
import { suiteSentence, summarise } from './summarise.ts';

const [kafka, rabbitmq] = matricesOf(versionSuite) as readonly [Matrix, Matrix];

const rolesUnder = (runs: readonly RunRecord[], fault: number) => entriesUnder(matricesOf({ ...upheldSuite, runs })[0]!, fault).map(({ policy, role }) => [policy, role]);

test('rows are policies, columns faults, the quiet day first', () => {
  expect(kafka).toMatchObject({ heading: 'kafka', broker: 'kafka', versions: ['3.9', '4.1', '4.3'] });
  expect(kafka.faults[0]).toBe('baseline');
  expect(kafka.rows.map(({ policy }) => policy)).toEqual(['acks-all', 'acks-1', 'acks-all-elr', 'power-loss', 'commit-before']);
  for (const { cells } of kafka.rows) expect(cells).toHaveLength(kafka.faults.length * 3);
});

test('an unsafe twin stands right after its safe partner, whichever ran first', () => {
  const runs = [asScenario(requiredRun, 'kafka/a-unsafe/kill', '4.1', 'kafka/z-safe/kill'), asScenario(upheldRun, 'kafka/other/kill', '4.1'), asScenario(safeTwinRun, 'kafka/z-safe/kill', '4.1', 'kafka/a-unsafe/kill')];
  expect(rolesUnder(runs, 0)).toEqual([['other', 'safe'], ['z-safe', 'safe'], ['a-unsafe', 'unsafe-twin']]);
});

test('a policy that must show something and is nobody\'s twin is not called one', () => {
  const runs = [asScenario(requiredRun, 'kafka/a-unsafe/kill', '4.1'), asScenario(safeTwinRun, 'kafka/z-safe/kill', '4.1', 'kafka/a-unsafe/kill'), asScenario(requiredRun, 'kafka/b-alone/kill', '4.1')];
  expect(rolesUnder(runs, 0)).toEqual([['z-safe', 'safe'], ['a-unsafe', 'unsafe-twin'], ['b-alone', 'shows-itself']]);
});

test('a safe policy that must redeliver is not called unsafe, and a policy is a twin only under the faults under which it is one', () => {
  const asking = (name: string, contract: Contract, twin: string | null): RunRecord => {
    const run = asScenario(upheldRun, name, '4.1', twin);
    return { ...run, scenario: { ...run.scenario, contract } };
  };
  const runs = [
    asking('memory/settle-after/kill', { lost: 'forbidden', redelivered: 'required' }, 'memory/automatic/kill'),
    asking('memory/automatic/kill', { lost: 'required', redelivered: 'allowed' }, 'memory/settle-after/kill'),
    asking('memory/settle-after/kill-unsettled', { lost: 'forbidden', processedTwice: 'required' }, null),
    asking('memory/automatic/kill-unprocessed', { lost: 'required' }, null),
  ];
  expect(rolesUnder(runs, 0)).toEqual([['settle-after', 'shows-itself'], ['automatic', 'unsafe-twin']]);
  expect([rolesUnder(runs, 1), rolesUnder(runs, 2)]).toEqual([[['settle-after', 'shows-itself']], [['automatic', 'shows-itself']]]);
});

test('of a twin that is not there its partner\'s contract tells which side it is', () => {
  const alone = (contract: Contract): string => roleOf({ ...upheldRun, scenario: { ...upheldRun.scenario, contract, twin: 'elsewhere' } }, []);
  expect([alone({ lost: 'required' }), alone({ lost: 'forbidden', redelivered: 'required' }), alone({ lost: 'forbidden' })]).toEqual(['unsafe-twin', 'shows-itself', 'safe']);
});

test('under a fault stand only policies and versions that have anything', () => {
  const runs = [asScenario(upheldRun, 'kafka/a/kill', '3.9'), asScenario(upheldRun, 'kafka/a/kill', '4.1'), asScenario(upheldRun, 'kafka/a/stop', '4.1')];
  const [matrix] = matricesOf({ ...upheldSuite, runs, notApplicable: [{ name: 'kafka/a/freeze', version: '3.9', reason: 'not there' }] });
  expect(matrix!.faults.map((fault, index) => [fault, entriesUnder(matrix!, index).flatMap(({ cells }) => cells.map(({ version }) => version))])).toEqual([['kill', ['3.9', '4.1']], ['stop', ['4.1']], ['freeze', ['3.9']]]);
});

test('each version has its own cell, lowest first as numbers, not as letters', () => {
  expect(rabbitmq.versions).toEqual(['3.10', '4.0', '4.3']);
  const cells = rabbitmq.rows[0]!.cells.slice(0, 3).map((cell) => (cell?.kind === 'run' ? cell.summary.result : null));
  expect(cells).toEqual(['upheld', 'violated', 'upheld']);
});

test('what does not apply and what could not run has its reason in its place', () => {
  const cells = [...kafka.rows, ...rabbitmq.rows].flatMap((row) => row.cells);
  expect(cells.filter((cell) => cell?.kind === 'not-applicable')).toHaveLength(2);
  const notRun = kafka.rows.find(({ policy }) => policy === 'power-loss')!.cells.filter((cell) => cell !== null);
  expect(notRun).toEqual(Array.from({ length: 3 }, () => ({ kind: 'not-run', reason: 'needs loop-mounted data directories' })));
});

test('a fault belongs to the family of the last that is injected, a quiet day to none, and one that nobody ran is known by what was said of it', () => {
  const family = (fault: string) => kafka.families[kafka.faults.indexOf(fault)];
  expect([family('baseline'), family('leader-kill'), family('leader-kill-behind')]).toEqual(['none', 'process', 'process']);
  expect(family('all-nodes')).toBe('other');
  const notRunnable = [{ name: 'kafka/acks-all/power-loss', reason: 'no disks', families: ['storage' as const] }];
  expect(matricesOf({ ...upheldSuite, runs: [], notRunnable })[0]!.families).toEqual(['storage']);
});

test('names without policy and fault, and those about clients, have no place in a matrix', () => {
  const named = (name: string) => matricesOf({ ...upheldSuite, runs: [asScenario(upheldRun, name, '4.1')] });
  for (const name of ['mine', 'mine/kill', 'client-truth/kafkajs/kill', 'a/b/<script>']) expect(named(name)).toEqual([]);
  expect(named('kafka/a/b')).toHaveLength(1);
});

test('a scenario on three versions is three lines, each named; on one version none is', () => {
  const lines = summarise(versionSuite).filter(({ name }) => name === 'kafka/acks-all/leader-kill');
  expect(lines.map(({ version }) => version)).toEqual(['kafka 3.9', 'kafka 4.1', 'kafka 4.3']);
  expect(summarise(upheldSuite).map(({ version }) => version).join('')).toBe('');
  expect(suiteSentence(versionSuite)).toBe('20 of 22 scenarios, counted per version, did what their contract says; 1 violated it and 1 is inconclusive. 1 more could not run here. 2 more do not apply to their version. This is shard 1/2 of what was chosen.');
});
