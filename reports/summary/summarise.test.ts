import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatCount } from './format.ts';
import { describeStep } from './steps.ts';
import { lossRule, resultOf } from './result.ts';
import { lostAsAgreed, recoveryOf, sentenceOf, suiteSentence, summarise } from './summarise.ts';
import { clientFaultRun } from '../testing/sample-matrix.ts';
import { failedRun, inconclusiveRun, mixedSuite, repeatedSuite, requiredRun, upheldRun, upheldSuite, violatedRun } from '../testing/sample-records.ts';

test('a loss that the contract requires is upheld as required, not violated', () => {
  expect([upheldRun, requiredRun, violatedRun, inconclusiveRun, failedRun].map(resultOf)).toEqual(['upheld', 'required', 'violated', 'inconclusive', 'failed']);
  expect(summarise({ runs: [requiredRun] })[0]).toMatchObject({ note: 'lost as required', rule: 'must lose exactly the exposed', lostBy: 'by the broker' });
});

test('a contract that demands nothing shows no "as required"', () => {
  const indifferent = { ...requiredRun, scenario: { ...requiredRun.scenario, contract: { lost: { min: 0 } as const, duplicated: { equals: 0 } as const } } };
  expect(resultOf(indifferent)).toBe('upheld');
});

test('every clause on loss has its words', () => {
  const clauses = [undefined, 'forbidden', 'allowed', 'required', { max: 0 }, { max: 12 }, { min: 1 }, { equals: 'exposed' }, { equals: 7 }, { equals: 0 }] as const;
  expect(clauses.map((lost) => lossRule(lost === undefined ? {} : { lost }))).toEqual([
    'loss not judged', 'must not lose', 'may lose', 'must lose', 'must not lose', 'may lose up to 12', 'must lose at least 1', 'must lose exactly the exposed', 'must lose exactly 7', 'must not lose',
  ]);
});

test('worst first, and a repeated scenario is one line', () => {
  expect(summarise(mixedSuite).map(({ result }) => result)).toEqual(['violated', 'failed', 'inconclusive', 'required', 'upheld', 'upheld', 'required', 'upheld']);
  expect(summarise(repeatedSuite).map(({ name, verdict }) => [name, verdict])).toEqual([['memory/answer-after-processing/crash', 'violated in 1 of 10'], ['kafka/acks-all/leader-kill', 'upheld in 10 of 10']]);
});

test('one sentence counts scenarios, not runs', () => {
  expect(suiteSentence(upheldSuite)).toBe('5 of 5 scenarios did what their contract says: 3 kept what must be kept, 2 lost messages as their contracts require.');
  expect(suiteSentence(mixedSuite)).toBe('5 of 8 scenarios did what their contract says; 1 violated it, 1 failed to run and 1 is inconclusive. 1 more could not run here.');
  expect(suiteSentence(repeatedSuite)).toBe('1 of 2 scenarios did what their contract says; 1 violated it.');
  expect(suiteSentence({ ...upheldSuite, runs: [] })).toBe('No scenario ran.');
});

test('what was lost as agreed is one line with who did it; a forbidden loss is no part of it', () => {
  const words = (...runs: readonly RunRecord[]): string => lostAsAgreed(summarise({ runs }));
  const lost = requiredRun.facts!.accounting.lost;
  const expected = `Lost as contracts require or allow: ${formatCount(lost)} messages in 1 scenario (by the broker).`;
  expect(lost).toBeGreaterThan(1);
  expect(words(requiredRun, upheldRun)).toBe(expected);
  expect(words(requiredRun, violatedRun)).toBe(expected);
  expect(words(requiredRun, clientFaultRun)).toBe(`Lost as contracts require or allow: ${formatCount(lost + 100)} messages in 2 scenarios (broker ${formatCount(lost)}, consumer 100).`);
  expect(words(upheldRun, violatedRun)).toBe('');
});

test('a fault after which success did not come back is never given a time', () => {
  expect([recoveryOf(upheldRun), recoveryOf(inconclusiveRun), recoveryOf(failedRun)]).toEqual([3420, 'never', null]);
});

test('a run that failed says its error, its code and its phase', () => {
  expect(sentenceOf(failedRun)).toMatch(/refused its configuration.*E_BROKER_SETTING, while in provision/);
  expect(sentenceOf(violatedRun)).toBe(violatedRun.judgement.sentence);
});

test('steps are told in words', () => {
  expect(requiredRun.scenario.steps.map(describeStep).slice(2, 5)).toEqual(['cut replication around the leader of partition 0 (cut)', 'publish exactly 5,000 messages, within 4.0 s', 'kill (SIGKILL) the leader of partition 0 (leader-kill)']);
  expect(clientFaultRun.scenario.steps.map(describeStep)).toEqual(['wait for 500 processed', 'kill (SIGKILL) consumer 0 between settling and processing (crash)', 'kill consumer 0 again and again, times 21 (loop)']);
  expect(describeStep({ kind: 'wait', trigger: { inSyncAtMost: 1, elapsedMs: 3000 } })).toBe('wait for at most 1 replica in sync or 3.0 s');
  expect(describeStep({ kind: 'inject', fault: 'pause', id: 'p', target: { role: 'controller' }, parameters: {} })).toBe('freeze the active controller (p)');
});

test('where nothing ran, what could not run is not "more"', () => {
  expect(suiteSentence({ ...upheldSuite, runs: [], notRunnable: [{ name: 'a/b/c', reason: 'no disks' }] })).toBe('No scenario ran. 1 could not run here.');
});
