import { describe, expect, test } from 'vitest';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { failedRun, mixedSuite, repeatedSuite, upheldRun, upheldSuite, violatedRun } from '../testing/sample-records.ts';
import { compareSuites, type ComparedScenario } from './compare.ts';
import { renderComparisonMarkdown } from './markdown.ts';
import { hasMoved } from './numbers.ts';
import { renderComparison } from './terminal.ts';

const suiteOf = (...runs: readonly RunRecord[]): SuiteRecord => ({ ...upheldSuite, runs });
const only = (base: RunRecord, run: RunRecord): ComparedScenario => compareSuites(suiteOf(base), suiteOf(run)).scenarios[0]!;

/** The violated sample as it was before it broke. */
const before: RunRecord = { ...violatedRun, judgement: { ...violatedRun.judgement, verdict: 'upheld', clauses: violatedRun.judgement.clauses.map((clause) => ({ ...clause, verdict: 'upheld' as const })) } };
const inconclusive: RunRecord = { ...before, judgement: { ...before.judgement, verdict: 'inconclusive' } };

describe('verdicts', () => {
  test('a suite compared with itself has nothing to tell, and exits 0', () => {
    const { exitCode, scenarios, sentence } = compareSuites(mixedSuite, mixedSuite);
    expect([exitCode, new Set(scenarios.map(({ change }) => change))]).toEqual([0, new Set(['same'])]);
    expect(sentence).toBe('Verdicts of 8 scenarios: 8 as before.');
  });

  test('one that became violated is told first, with why and by which clause, and exits 1', () => {
    const comparison = compareSuites(suiteOf(upheldRun, before), suiteOf(upheldRun, violatedRun));
    expect(comparison.exitCode).toBe(1);
    expect(comparison.scenarios[0]).toMatchObject({ scenario: violatedRun.scenario.name, change: 'worse', base: 'upheld', run: 'violated', detail: violatedRun.judgement.sentence });
    expect(comparison.scenarios[0]!.clauses).toContainEqual({ measure: 'lost', base: 'upheld', run: 'violated' });
  });

  test('one more violated clause of a violated run is worse as well', () => {
    const lessBroken: RunRecord = { ...violatedRun, judgement: { ...violatedRun.judgement, clauses: violatedRun.judgement.clauses.map((clause) => (clause.measure === 'lost' ? { ...clause, verdict: 'upheld' } : clause)) } };
    expect(compareSuites(suiteOf(lessBroken), suiteOf(violatedRun))).toMatchObject({ exitCode: 1, scenarios: [{ change: 'worse', clauses: [{ measure: 'lost', base: 'upheld', run: 'violated' }] }] });
    expect(compareSuites(suiteOf(violatedRun), suiteOf(lessBroken))).toMatchObject({ exitCode: 0, scenarios: [{ change: 'same' }] });
  });

  test('one that is no longer known exits 3, one that failed to run 4, one that is better 0', () => {
    expect(compareSuites(suiteOf(before), suiteOf(inconclusive)).exitCode).toBe(3);
    expect(compareSuites(suiteOf(before), suiteOf({ ...failedRun, scenario: before.scenario })).exitCode).toBe(4);
    expect(compareSuites(suiteOf(violatedRun), suiteOf(before))).toMatchObject({ exitCode: 0, scenarios: [{ change: 'better' }] });
  });

  test('one that is gone exits 3 and says why, but not where the run was chosen narrower', () => {
    const run = { ...suiteOf(upheldRun), notRunnable: [{ name: violatedRun.scenario.name, reason: 'disk: no loop devices' }] };
    expect(compareSuites(suiteOf(upheldRun, violatedRun), run)).toMatchObject({ exitCode: 3, scenarios: [{ change: 'gone', base: 'violated', run: null, detail: 'not run: disk: no loop devices' }, { change: 'same' }] });
    expect(compareSuites(suiteOf(upheldRun, violatedRun), run, { onlyChosen: true })).toMatchObject({ exitCode: 0, scenarios: [{ change: 'same' }] });
  });

  test('one that is new is told and decides nothing', () => {
    expect(compareSuites(suiteOf(upheldRun), suiteOf(upheldRun, violatedRun))).toMatchObject({ exitCode: 0, scenarios: [{ change: 'new', base: null, run: 'violated' }, { change: 'same' }] });
  });

  test('versions of a broker are compared each with its own', () => {
    const old: RunRecord = { ...upheldRun, scenario: { ...upheldRun.scenario, cluster: { ...upheldRun.scenario.cluster, version: '3.9' } } };
    expect(compareSuites(suiteOf(upheldRun), suiteOf(old)).scenarios.map(({ version, change }) => [version, change])).toEqual([['kafka 4.1', 'gone'], ['kafka 3.9', 'new']]);
  });

  test('over repetitions the worst counts, and how often is told', () => {
    const all = repeatedSuite.runs.filter(({ scenario }) => scenario.name.startsWith('memory/'));
    const good = all.map((run) => ({ ...run, judgement: all[0]!.judgement }));
    expect(compareSuites(suiteOf(...good), suiteOf(...all))).toMatchObject({ exitCode: 1, scenarios: [{ change: 'worse', base: 'upheld in 10 of 10', run: 'violated in 1 of 10' }] });
  });

  test('a contract that asks for something else is told, whatever the verdicts say', () => {
    const loosened: RunRecord = { ...upheldRun, scenario: { ...upheldRun.scenario, contract: { ...upheldRun.scenario.contract, lost: 'allowed', duplicated: { max: 5 } } } };
    expect(only(upheldRun, loosened).contract).toEqual([{ measure: 'lost', base: 'forbidden', run: 'allowed' }, { measure: 'duplicated', base: 'forbidden', run: 'max 5' }]);
    expect(renderComparison(compareSuites(suiteOf(upheldRun), suiteOf(loosened)), { colour: false })).toContain('the contract asks for something else: lost forbidden → allowed');
  });
});

describe('numbers', () => {
  test('are set beside each other where machine, images, drivers and plan are the same', () => {
    const slower: RunRecord = { ...upheldRun, seed: 'other', facts: { ...upheldRun.facts!, faults: upheldRun.facts!.faults.map((fault) => ({ ...fault, timeToRecoverMs: 9000 })) } };
    const { differences, numbers } = only(upheldRun, slower);
    expect(differences).toEqual([]);
    expect(numbers.find(({ name }) => name === 'timeToRecoverMs')).toMatchObject({ unit: 'ms', run: { least: 9000, most: 9000 } });
    expect(numbers.find(({ name }) => name === 'lost')).toBeUndefined();
  });

  test.each<[string, Partial<RunRecord>]>([
    ['cpus: 2 → 4', { environment: { ...upheldRun.environment, cpus: 4 } }],
    ['images: not the same', { environment: { ...upheldRun.environment, images: upheldRun.environment.images.map((image) => ({ ...image, id: 'sha256:other' })) } }],
    ['kafkajs: 2.2.4 → 2.2.5', { environment: { ...upheldRun.environment, drivers: { ...upheldRun.environment.drivers, kafkajs: '2.2.5' } } }],
    ['plan: payloadBytes, steps differ', { scenario: { ...upheldRun.scenario, payloadBytes: 10, steps: [{ kind: 'quiesce' }] } }],
  ])('are not compared where there is %s', (difference, overrides) => {
    expect(only(upheldRun, { ...upheldRun, ...overrides })).toMatchObject({ differences: [difference], numbers: [], change: 'same' });
  });

  test('are compared where only the order of keys, the images’ order or words for people differ', () => {
    const { cluster: { broker, version, ...cluster } } = upheldRun.scenario;
    const same: RunRecord = { ...upheldRun, environment: { ...upheldRun.environment, images: upheldRun.environment.images.toReversed() }, scenario: { ...upheldRun.scenario, title: 'other words', cluster: { ...cluster, version, broker } } };
    expect(only(upheldRun, same).differences).toEqual([]);
  });

  test('that moved farther than runs of one plan do by themselves are told, the others counted', () => {
    const facts = upheldRun.facts!;
    const nearly: RunRecord = { ...upheldRun, facts: { ...facts, accounting: { ...facts.accounting, baseCount: facts.accounting.baseCount + 900 } } };
    const text = renderComparison(compareSuites(suiteOf(upheldRun), suiteOf(nearly)), { colour: false });
    expect(text).not.toContain('accepted 24,123');
    expect(text).toMatch(/\n {2}\d numbers did not move beyond what runs of one plan vary; leaderfall compare --json has them all\n/);
    const slower: RunRecord = { ...nearly, facts: { ...nearly.facts!, faults: facts.faults.map((fault) => ({ ...fault, timeToRecoverMs: 9000 })) } };
    const moved = renderComparison(compareSuites(suiteOf(upheldRun), suiteOf(slower)), { colour: false });
    expect(moved).toMatch(/: time to recover 3\.4 s → 9\.0 s\n {2}\d other numbers did not move/);
    expect(renderComparisonMarkdown(compareSuites(suiteOf(upheldRun), suiteOf(slower)))).toContain('time to recover 3.4 s → 9.0 s |');
  });

  test('of messages that were none have moved, however few they are', () => {
    const one = (base: number, run: number, unit: 'ms' | 'messages' = 'messages') => hasMoved({ name: '', label: '', unit, base: { least: base, most: base }, run: { least: run, most: run } });
    expect([one(0, 1), one(1, 0), one(4, 6), one(100, 170), one(0, 90, 'ms'), one(0, 101, 'ms')]).toEqual([true, true, false, true, false, true]);
    expect(hasMoved({ name: '', label: '', unit: 'ms', base: { least: 100, most: 500 }, run: { least: 400, most: 900 } })).toBe(false);
  });

  test('that are not the whole truth are not numbers', () => {
    const run: RunRecord = { ...violatedRun, status: 'interrupted' };
    expect(only(violatedRun, run).numbers.find(({ name }) => name === 'lost')).toMatchObject({ base: { least: 12, most: 12 }, run: null });
    expect(renderComparison(compareSuites(suiteOf(violatedRun), suiteOf(run)), { colour: false })).toContain('lost 12 → —');
  });
});

test('the answer stands first, then what changed, then numbers, then what was compared', () => {
  const lines = renderComparison(compareSuites(suiteOf(upheldRun, before), suiteOf(upheldRun, violatedRun)), { colour: false }).trimEnd().split('\n');
  expect(lines[0]).toBe('Verdicts of 2 scenarios: 1 worse, 1 as before.');
  expect(lines[1]).toMatch(/^✗ worse/);
  expect(lines.at(-1)).toMatch(/^compared {2}/);
});

test('what was written by others stays text in Markdown and on a terminal', () => {
  const hostile: RunRecord = { ...failedRun, scenario: { ...failedRun.scenario, cluster: upheldRun.scenario.cluster } };
  const comparison = compareSuites(suiteOf(), suiteOf(hostile));
  expect(renderComparisonMarkdown(comparison)).not.toContain('<script>');
  expect(renderComparison(comparison, { colour: false })).not.toContain('\u001b');
});
