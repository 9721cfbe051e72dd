import { expect, test } from 'vitest';
import { renderRun, renderSuite } from './render.ts';
import { mixedSuite, violatedRun } from './testing/sample-records.ts';

test('a suite and a run are rendered into the files that their folders hold', () => {
  expect(Object.keys(renderSuite(mixedSuite))).toEqual(['report.html', 'junit.xml', 'summary.md', 'metrics.txt', 'suite.json']);
  expect(Object.keys(renderRun(violatedRun))).toEqual(['report.html', 'junit.xml', 'summary.md', 'metrics.txt', 'run.json']);
});

test('the JSON is the record', () => {
  expect(JSON.parse(renderSuite(mixedSuite)['suite.json']!)).toEqual(JSON.parse(JSON.stringify(mixedSuite)));
  expect(JSON.parse(renderRun(violatedRun)['run.json']!)).toMatchObject({ schema: 'leaderfall/run@1', runId: violatedRun.runId });
});
