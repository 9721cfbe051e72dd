// The whole pipeline against brokers with known defects: what the embedded broker does wrong is what the judgement says, in number and cause.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunRecord } from '../model/run-record.ts';
import { contracts } from '../verdict/presets.ts';
import { Bench, countOf, failedGates, memoryScenario, shown } from './testing/bench.ts';

const every = 7;
/** Consumers that come late find everything in the queue: a defect of order has neighbours to swap with. */
const late = { start: 'drain' } as const;
const scenarios = [
  memoryScenario('clean/one'),
  memoryScenario('clean/after-processing', { destination: { answer: 'after-processing' } }),
  memoryScenario('clean/automatic', { consumer: { settle: 'automatic', handlerMs: 4 } }),
  memoryScenario('defect/loses', { defects: { losesEvery: every } }),
  memoryScenario('defect/loses-as-it-must', { defects: { losesEvery: every }, contract: contracts.mustLose() }),
  memoryScenario('defect/duplicates', { defects: { duplicatesEvery: every }, contract: contracts.exactlyOnce() }),
  memoryScenario('defect/reorders', { defects: { reordersEvery: every }, consumer: late, contract: { lost: 'forbidden', reordered: 'forbidden' } }),
  memoryScenario('defect/corrupts', { defects: { corruptsEvery: every } }),
  memoryScenario('defect/false-acks', { defects: { falseAcksEvery: every } }),
  memoryScenario('defect/never-confirms', { defects: { neverConfirmsAfter: 60 }, steps: [{ wait: { attempted: 80, elapsedMs: 3_000 } }, { inject: 'pause', target: { node: 'memory-1' } }, { heal: 'pause' }], bounds: { recoverMs: 1_200 } }),
  memoryScenario('defect/silent', { defects: { silentAfter: 60 }, consumer: { handlerMs: 10 }, steps: [{ wait: { elapsedMs: 200 } }], bounds: { recoverMs: 500, drainMs: 1_500, auditMs: 300 } }),
];

const bench = new Bench();
const runs = new Map<string, RunRecord>();
/** Two suites side by side: each waits more than it works. */
beforeAll(async () => {
  const halves = [scenarios.slice(0, 5), scenarios.slice(5)];
  const results = await Promise.all(halves.map((half) => bench.run(half)));
  for (const { suite } of results) for (const run of suite.runs) runs.set(run.scenario.name, run);
}, 120_000);
afterAll(() => bench[Symbol.dispose]());

const runOf = (name: string): RunRecord => runs.get(name)!;
const baseOf = (name: string): number => runOf(name).facts!.accounting.baseCount;

test.each(['clean/one', 'clean/after-processing', 'clean/automatic'])('%s: a broker without defects is upheld, shows nothing else, and every message is accounted for', (name) => {
  const { judgement, facts, status, error } = runOf(name);
  expect([status, error, judgement.verdict]).toEqual(['completed', null, 'upheld']);
  expect(shown(runOf(name))).toEqual(['unavailableMs'].filter(() => countOf(runOf(name), 'unavailableMs') > 0));
  expect(judgement.gates.every(({ passed }) => passed)).toBe(true);
  const { baseCount, processed } = facts!.accounting;
  expect(facts!.accounting).toEqual({ base: 'acknowledged', baseCount, processed, deadLettered: 0, stuck: 0, lost: 0, unseen: 0, addsUp: true });
  expect(processed).toBe(baseCount);
  expect(baseCount).toBeGreaterThan(170);
  expect(facts!.totals).toMatchObject({ acknowledged: baseCount, attempts: baseCount, deliveries: baseCount, processedIds: baseCount, settledIds: baseCount, storedRecords: 0 });
});

test('every seventh message lost: exactly that many are lost, exactly those, by the broker, and at-least-once is violated', () => {
  const run = runOf('defect/loses');
  const lost = Math.floor(baseOf('defect/loses') / every);
  expect(lost).toBeGreaterThan(20);
  expect(run.judgement.verdict).toBe('violated');
  expect(run.judgement.sentence).toContain('lost');
  expect(run.facts!.accounting).toMatchObject({ lost, processed: run.facts!.accounting.baseCount - lost, stuck: 0, unseen: 0, addsUp: true });
  expect(run.facts!.attribution).toEqual({ client: 0, broker: lost, consumer: 0, policy: 0, undecided: 0 });
  const { examples } = run.facts!.measures.find(({ measure }) => measure === 'lost')!;
  expect(examples.map(({ sequence }) => sequence % every)).toEqual(examples.map(() => every - 1));
});

test('the same loss is upheld where the contract requires one', () => {
  expect(countOf(runOf('defect/loses-as-it-must'), 'lost')).toBe(Math.floor(baseOf('defect/loses-as-it-must') / every));
  expect(runOf('defect/loses-as-it-must').judgement.verdict).toBe('upheld');
});

test('every seventh message duplicated: that many are processed twice and repeated without a flag, and exactly-once is violated', () => {
  const run = runOf('defect/duplicates');
  const twice = Math.floor(baseOf('defect/duplicates') / every);
  expect([countOf(run, 'processedTwice'), countOf(run, 'duplicated'), countOf(run, 'repeated')]).toEqual([twice, twice, twice]);
  expect([countOf(run, 'lost'), countOf(run, 'republished'), countOf(run, 'redelivered')]).toEqual([0, 0, 0]);
  expect(run.judgement.verdict).toBe('violated');
});

test('every seventh message put before its neighbour: that many are out of order, seen by one consumer', () => {
  const run = runOf('defect/reorders');
  expect(countOf(run, 'reordered')).toBe(Math.floor(baseOf('defect/reorders') / every));
  expect(countOf(run, 'lost')).toBe(0);
  expect(run.judgement.clauses.filter(({ verdict }) => verdict === 'violated').map(({ measure }) => measure)).toEqual(['reordered']);
});

test('every seventh body changed: that many do not match their checksum, and nothing else is wrong', () => {
  const run = runOf('defect/corrupts');
  expect(countOf(run, 'corrupted')).toBe(Math.floor(baseOf('defect/corrupts') / every));
  expect([countOf(run, 'lost'), countOf(run, 'strangers'), countOf(run, 'phantom')]).toEqual([0, 0, 0]);
  expect(run.judgement.verdict).toBe('violated');
});

test('every seventh acknowledgement false: those messages are lost by the client, not by the broker', () => {
  const run = runOf('defect/false-acks');
  const lost = Math.floor(baseOf('defect/false-acks') / every);
  expect(run.facts!.attribution).toEqual({ client: lost, broker: 0, consumer: 0, policy: 0, undecided: 0 });
  expect(countOf(run, 'lost')).toBe(lost);
  expect(run.judgement.verdict).toBe('violated');
  expect(run.judgement.sentence).toContain('without a valid receipt');
});

test('a broker that stops confirming leaves messages indeterminate, not lost, and the probe after healing fails', () => {
  const run = runOf('defect/never-confirms');
  expect(run.facts!.totals.acknowledged).toBe(60);
  expect(countOf(run, 'indeterminate')).toBeGreaterThan(0);
  expect(countOf(run, 'recovered')).toBe(countOf(run, 'indeterminate'));
  expect([countOf(run, 'lost'), countOf(run, 'unseen')]).toEqual([0, 0]);
  expect(failedGates(run)).toEqual(['probe-after']);
  expect([run.status, run.judgement.verdict]).toEqual(['completed', 'inconclusive']);
});

test('a broker that falls silent is inconclusive: drain and audit are cut short, and nothing unseen is called lost', () => {
  const run = runOf('defect/silent');
  expect(failedGates(run)).toEqual(expect.arrayContaining(['drain', 'audit']));
  expect(countOf(run, 'lost')).toBe(0);
  expect(countOf(run, 'unseen')).toBeGreaterThan(0);
  expect(run.facts!.accounting.addsUp).toBe(true);
  expect([run.status, run.judgement.verdict]).toEqual(['completed', 'inconclusive']);
  expect(run.facts!.conditions.drainDetail).toContain('the consumers to have everything');
});
