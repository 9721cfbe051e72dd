import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientFaultRun, countedSuite, interruptedRun, versionSuite } from '../../testing/sample-matrix.ts';
import { failedRun, mixedSuite, upheldSuite } from '../../testing/sample-records.ts';
import { renderJson } from '../json.ts';
import { runJsonSchema, runRecord, suiteJsonSchema, suiteRecord } from './records.ts';

const root = new URL('../../../', import.meta.url).pathname;

/** Unknown fields are dropped by the schema, so that what comes back unchanged has no field that it does not name. */
const read = (schema: typeof runRecord | typeof suiteRecord, json: string): void => expect(schema.parse(JSON.parse(json))).toEqual(JSON.parse(json));

test.each([mixedSuite, upheldSuite, versionSuite, countedSuite, { ...upheldSuite, runs: [] }])('suite records of every kind are what their schema says', (suite) => {
  read(suiteRecord, renderJson(suite));
});

test.each([failedRun, interruptedRun, clientFaultRun])('run records of every kind are what their schema says: $runId', (run) => {
  read(runRecord, renderJson(run));
});

test('what a run leaves on disk is what the schema says', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-schema-'));
  try {
    execFileSync(process.execPath, [join(root, 'bin/leaderfall.js'), 'run', 'memory/answer-on-accept/crash', '--out', folder], { cwd: root, stdio: 'pipe', timeout: 100_000 });
    read(suiteRecord, readFileSync(join(folder, 'latest/suite.json'), 'utf8'));
    read(runRecord, readFileSync(join(folder, 'latest/memory-answer-on-accept-crash/run.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a record that breaks the promise is refused', () => {
  const run = JSON.parse(renderJson(clientFaultRun));
  for (const broken of [{ ...run, schema: 'leaderfall/run@2' }, { ...run, status: 'flaky' }, { ...run, facts: { ...run.facts, accounting: { ...run.facts.accounting, lost: -1 } } }, { ...run, judgement: undefined }]) {
    expect(runRecord.safeParse(broken).success).toBe(false);
  }
});

test.each([['run', runJsonSchema], ['suite', suiteJsonSchema]] as const)('the published schema of %s.json is the one that is tested (-u writes it anew)', async (name, schema) => {
  expect(schema()).toMatchObject({ $id: `urn:leaderfall:${name}@1`, title: `${name}.json of leaderfall` });
  await expect(`${JSON.stringify(schema(), null, 2)}\n`).toMatchFileSnapshot(join(root, `docs/schemas/${name}.schema.json`));
});
