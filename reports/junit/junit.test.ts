import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { anyText, hostileRuns } from '../testing/hostile.ts';
import { byName, parseXml, textOf, type Element } from '../testing/parse-xml.ts';
import { interruptedRun, versionSuite } from '../testing/sample-matrix.ts';
import { failedRun, inconclusiveRun, mixedSuite, requiredRun, sampleRun, upheldRun, violatedRun } from '../testing/sample-records.ts';
import { renderJunit } from './junit.ts';

const parse = (...runs: Parameters<typeof renderJunit>[0]['runs'][number][]): Element => parseXml(renderJunit({ runs, notRunnable: [], notApplicable: [] }));

const caseNamed = (root: Element, name: string): Element => byName(root, 'testcase').find(({ attributes }) => attributes['name'] === name)!;

test('a suite for each scenario, a case for each clause and gate, counts that agree', () => {
  const root = parseXml(renderJunit(mixedSuite));
  const suites = byName(root, 'testsuite');
  expect(suites).toHaveLength(mixedSuite.runs.length + mixedSuite.notRunnable.length);
  for (const [index, run] of mixedSuite.runs.entries()) {
    expect(suites[index]!.attributes['tests']).toBe(String(2 + run.judgement.clauses.length + run.judgement.gates.length));
    for (const [kind, attribute] of [['failure', 'failures'], ['error', 'errors']] as const) expect(suites[index]!.attributes[attribute]).toBe(String(byName(suites[index]!, kind).length));
  }
  expect(root.attributes).toMatchObject({ failures: '2', skipped: '1' });
});

test('violated is a failure with its measure, inconclusive an error, upheld and required neither', () => {
  const failures = byName(parse(violatedRun), 'failure');
  expect(failures.map(({ attributes }) => attributes['type'])).toEqual(['lost', 'unavailableMs']);
  expect(failures[0]!.attributes['message']).toContain('lost: 12, expected forbidden');
  expect(byName(parse(inconclusiveRun), 'error').map(({ attributes }) => attributes['type'])).toEqual(['inconclusive', 'gate', 'gate', 'power']);
  for (const run of [upheldRun, requiredRun]) expect([...byName(parse(run), 'failure'), ...byName(parse(run), 'error')]).toEqual([]);
});

test('a failure says what was lost, by whom, which messages and where its report is', () => {
  const suite = { ...mixedSuite, runs: [violatedRun], folders: { [violatedRun.runId]: 'rabbitmq-quorum-confirms-leader-kill' } };
  const [lost, away] = byName(parseXml(renderJunit(suite)), 'failure').map(textOf);
  for (const words of [violatedRun.judgement.sentence, 'Lost: 12 (by the broker)', 'lost, 5 messages of 12:', '- 0:10411 acknowledged at 31.204 s', `Report: rabbitmq-quorum-confirms-leader-kill/report.html, from the folder of suite ${mixedSuite.suiteId}`, violatedRun.reproduce]) expect(lost).toContain(words);
  expect(away).toContain(violatedRun.judgement.sentence);
  expect(away).not.toContain('0:10411');
});

test('every run says what it counted, a loss that was required like any other', () => {
  const output = (run: RunRecord): string => textOf(byName(caseNamed(parse(run), 'run'), 'system-out')[0]!);
  for (const words of [requiredRun.judgement.sentence, '24,977 acknowledged: 20,000 processed, 4,977 lost', 'Lost: 4,977 (by the broker)', '- 0:9120 acknowledged at 12.402 s']) expect(output(requiredRun)).toContain(words);
  expect(output(upheldRun)).toContain('Lost: 0');
  expect(output(interruptedRun)).toContain('Lost: ≥ 0');
});

test('what an inconclusive clause could not say is told in its error', () => {
  expect(textOf(caseNamed(parse(inconclusiveRun), 'lost: forbidden').children[0]!)).toContain(inconclusiveRun.judgement.sentence);
});

test('a run that failed is an error with code, hint and log lines', () => {
  const [error] = caseNamed(parse(failedRun), 'run').children;
  expect(error).toMatchObject({ name: 'error', attributes: { type: 'E_BROKER_SETTING' } });
  for (const part of ['Mend `min.insync.replicas`', 'Phase: provision', 'Not a number ]] > ]] >']) expect(textOf(error!)).toContain(part);
});

test('a verdict that no clause and no gate explains is still in the file', () => {
  const bare = { ...upheldRun.judgement, clauses: [], gates: [] };
  expect(byName(parse(sampleRun({ judgement: { ...bare, verdict: 'violated', sentence: 'It lost.' } })), 'failure')[0]!.attributes['message']).toBe('It lost.');
  expect(byName(parse(sampleRun({ judgement: { ...bare, verdict: 'inconclusive', sentence: 'Who knows.' } })), 'error')[0]!.attributes['message']).toBe('Who knows.');
  expect(caseNamed(parse(sampleRun({ status: 'interrupted' })), 'run').children.map(({ name }) => name)).toEqual(['error', 'system-out']);
});

test('names do not depend on seed, time or run', () => {
  const names = (root: Element): readonly string[] => [...byName(root, 'testsuite'), ...byName(root, 'testcase')].map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`);
  expect(names(parse(upheldRun))).toEqual(names(parse({ ...upheldRun, seed: 'other', runId: 'other', startedAt: '2027-01-01T00:00:00Z', durationMs: 1 })));
  expect(caseNamed(parse(upheldRun), 'lost: forbidden').attributes['classname']).toBe('kafka.acks-all.leader-kill');
});

test('with several versions the suite is named with its version, and what does not apply is skipped with the reason', () => {
  const root = parseXml(renderJunit(versionSuite));
  const names = byName(root, 'testsuite').map(({ attributes }) => attributes['name']!);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('kafka/acks-all/leader-kill (kafka 4.1)');
  expect(names).toContain('kafka/acks-all-elr/last-replica-kill (kafka 3.9)');
  expect(byName(root, 'skipped')).toHaveLength(3);
  expect(textOf(root)).not.toContain('(kafka 4.1)');
});

test('a clause of an interrupted run is no passed test', () => {
  const root = parse(interruptedRun);
  const passed = byName(root, 'testcase').filter(({ children, attributes }) => children.every(({ name }) => name === 'system-out') && !attributes['name']!.startsWith('gate') && attributes['name'] !== 'power');
  expect(passed).toEqual([]);
  expect(byName(root, 'error').map(({ attributes }) => attributes['message'])).toContain('lost: ≥ 0, expected forbidden');
});

test('what could not run here is skipped, with the reason', () => {
  const suite = byName(parseXml(renderJunit(mixedSuite)), 'testsuite').at(-1)!;
  expect(byName(suite, 'skipped')).toHaveLength(1);
  expect(byName(suite, 'skipped')[0]!.attributes['message']).toBe('Not runnable here: needs loop-mounted data directories: no CAP_SYS_ADMIN <here>');
  expect(textOf(byName(suite, 'system-out')[0]!)).toContain('no CAP_SYS_ADMIN <here>');
});

test('any text gives well-formed XML with the same cases', () => {
  const count = byName(parse(...hostileRuns('x')), 'testcase').length;
  fc.assert(fc.property(anyText, (text) => { expect(byName(parse(...hostileRuns(text)), 'testcase')).toHaveLength(count); }), { numRuns: 150 });
});
