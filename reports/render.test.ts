import { expect, test } from 'vitest';
import { renderRun, renderSuite, renderSuiteAs } from './render.ts';
import { mixedSuite, violatedRun } from './testing/sample-records.ts';

test('a suite and a run are rendered into the files that their folders hold', () => {
  expect(Object.keys(renderSuite(mixedSuite))).toEqual(['report.html', 'junit.xml', 'summary.md', 'metrics.txt', 'suite.json']);
  expect(Object.keys(renderRun(violatedRun))).toEqual(['report.html', 'junit.xml', 'summary.md', 'metrics.txt', 'run.json']);
});

test('the JSON is the record', () => {
  expect(JSON.parse(renderSuite(mixedSuite)['suite.json']!)).toEqual(JSON.parse(JSON.stringify(mixedSuite)));
  expect(JSON.parse(renderRun(violatedRun)['run.json']!)).toMatchObject({ schema: 'leaderfall/run@1', runId: violatedRun.runId });
});

test('only the formats that are asked for are written, and the record always', () => {
  expect(Object.keys(renderSuite(mixedSuite, ['junit']))).toEqual(['junit.xml', 'suite.json']);
  expect(Object.keys(renderRun(violatedRun, []))).toEqual(['run.json']);
});

test('a copy for another place has no links into the suite’s folder, and the record keeps them', () => {
  const many = { ...mixedSuite, runs: Array.from({ length: 17 }, (_, index) => ({ ...violatedRun, runId: `run-${index}`, repetition: index + 1 })), folders: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`run-${index}`, `folder-${index}`])) };
  expect(renderSuite(many)['report.html']).toContain('href="./folder-16/report.html"');
  expect(renderSuiteAs(many, 'html')).not.toContain('href="./folder-16/report.html"');
  expect(renderSuiteAs(many, 'json')).toBe(renderSuite(many)['suite.json']);
});
