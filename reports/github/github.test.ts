import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, withText } from '../testing/hostile.ts';
import { versionSuite } from '../testing/sample-matrix.ts';
import { inconclusiveRun, mixedSuite, upheldSuite, violatedRun } from '../testing/sample-records.ts';
import { renderAnnotations, renderStepSummary } from './github.ts';

test('one annotation for each run that is not upheld, warnings where nothing is known', () => {
  expect(renderAnnotations(mixedSuite).split('\n').map((line) => line.slice(0, 9))).toEqual(['::error t', '::error t', '::warning', '::error t', '']);
  expect(renderAnnotations(upheldSuite)).toBe('');
});

test('with several versions an annotation names its version', () => {
  expect(renderAnnotations(versionSuite)).toContain('title=rabbitmq/quorum-confirms/leader-kill (rabbitmq 4.0) violated::');
});

test('at most ten annotations, the last says how many were left out', () => {
  const lines = renderAnnotations({ ...mixedSuite, runs: Array.from({ length: 30 }, () => violatedRun) }).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('::error title=Leaderfall::and 22 more: see the summary');
});

test('a violated run is annotated however many inconclusive ones ran before it, and what is left out is of the worst type among it', () => {
  const inconclusive = Array.from({ length: 10 }, () => inconclusiveRun);
  const lines = renderAnnotations({ ...mixedSuite, runs: [...inconclusive, violatedRun], notRunnable: [] }).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^::error title=rabbitmq\/quorum-confirms\/leader-kill violated::/);
  expect(lines.at(-1)).toBe('::warning title=Leaderfall::and 2 more: see the summary');
});

test('a suite that exits for what could not run says so, once', () => {
  const notRunnable = [...mixedSuite.notRunnable, { name: 'kafka/other', reason: 'no disks' }];
  expect(renderAnnotations({ ...upheldSuite, notRunnable })).toBe('::error title=2 scenarios could not run here::kafka/power-loss/all-nodes: needs loop-mounted data directories: no CAP_SYS_ADMIN <here>; and 1 more: see the summary\n');
  expect(renderAnnotations({ ...upheldSuite, notRunnable, allowsNotRunnable: true })).toMatch(/^::warning title=2 scenarios/);
});

test('no text can begin a command of its own or end a property', () => {
  fc.assert(fc.property(anyText, (text) => {
    const lines = renderAnnotations({ ...mixedSuite, runs: [withText(violatedRun, text)], notRunnable: [] }).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error title=[^:,]*::/);
  }));
});

test('a summary that GitHub would drop is shortened and says so', () => {
  const detail = 'x'.repeat(40_000);
  const runs = Array.from({ length: 40 }, () => ({ ...violatedRun, error: { code: 'E_TIMEOUT', message: 'm', hint: null, detail, phase: null } }));
  const summary = renderStepSummary({ ...mixedSuite, runs });
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  expect(summary).toContain('Detail is left out');
  expect(renderStepSummary(mixedSuite)).toContain('Reproduce:');
  expect(renderStepSummary(mixedSuite, ['short one', 'y'.repeat(2 ** 20)])).toMatch(/\nshort one\nA section is left out/);
});
