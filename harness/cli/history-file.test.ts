// The history file: nothing that was there is lost, except to the cap; what is broken is told and stays.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { historyLineOf, type HistoryLine } from '../../reports/trend/history-line.ts';
import { upheldSuite } from '../../reports/testing/sample-records.ts';
import { originOf } from './ci-origin.ts';
import { appendToHistory, readHistory } from './history-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaderfall-history-'));
  file = join(folder, 'deep/history.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const line = (suiteId: string): HistoryLine => historyLineOf({ ...upheldSuite, suiteId }, { commit: null, ref: null, url: null });
const add = (suiteId: string, limits?: { readonly lines: number; readonly bytes: number }): Promise<number> => appendToHistory(file, line(suiteId), signal, limits);
const ids = (): readonly string[] => readHistory(file).lines.map(({ suiteId }) => suiteId);

test('a suite is added at the end, and the folder is made', async () => {
  expect(await add('a')).toBe(0);
  await add('b');
  expect(ids()).toEqual(['a', 'b']);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['history.jsonl']);
});

test('the oldest go where there are too many lines or bytes, the newest stays whatever its size, and how many went is told', async () => {
  for (const id of ['a', 'b', 'c']) await add(id, { lines: 2, bytes: 1e9 });
  expect(ids()).toEqual(['b', 'c']);
  const bytes = Buffer.byteLength(readFileSync(file));
  expect(await add('d', { lines: 500, bytes: bytes + 10 })).toBe(1);
  expect(ids()).toEqual(['c', 'd']);
  expect(await add('e', { lines: 500, bytes: 1 })).toBe(2);
  expect(ids()).toEqual(['e']);
});

test('a last line that was cut off is told by its place, stays to the letter, and does not swallow the next one', async () => {
  await add('a');
  const torn = JSON.stringify(line('b')).slice(0, 100);
  appendFileSync(file, torn);
  expect(readHistory(file)).toMatchObject({ lines: [{ suiteId: 'a' }], unread: [`${file}:2`] });
  await add('c');
  expect(ids()).toEqual(['a', 'c']);
  expect(readFileSync(file, 'utf8').split('\n')[1]).toBe(torn);
});

test('lines of a newer version stay and are told', async () => {
  await add('a');
  const newer = '{"schema":"leaderfall/history@2"}';
  appendFileSync(file, `${newer}\n`);
  await add('b');
  expect([ids(), readHistory(file).unread]).toEqual([['a', 'b'], [`${file}:2`]]);
  expect(readFileSync(file, 'utf8')).toContain(`\n${newer}\n`);
});

test('runs that end together all stand in it', async () => {
  const many = Array.from({ length: 20 }, (_, index) => `suite-${index}`);
  await Promise.all(many.map((id) => add(id)));
  expect(ids().toSorted()).toEqual(many.toSorted());
});

test('the lock of a process that died is taken, that of a living one is not', async () => {
  await add('a');
  const { pid } = spawnSync('true');
  writeFileSync(`${file}.lock`, String(pid));
  await add('b');
  expect([ids(), existsSync(`${file}.lock`)]).toEqual([['a', 'b'], false]);
  writeFileSync(`${file}.lock`, String(process.pid));
  await expect(appendToHistory(file, line('c'), AbortSignal.timeout(200))).rejects.toThrow();
  expect(ids()).toEqual(['a', 'b']);
});

test('a place that cannot be written is said at once, and a file that is not there too', async () => {
  writeFileSync(join(folder, 'plain'), '');
  await expect(appendToHistory(join(folder, 'plain/history.jsonl'), line('a'), signal)).rejects.toMatchObject({ code: 'E_USAGE' });
  expect(() => readHistory(join(folder, 'none.jsonl'))).toThrow('There is no history');
});

test.each([
  ['GitHub Actions', { GITHUB_SHA: 'c0ffee', GITHUB_REF_NAME: '12/merge', GITHUB_HEAD_REF: 'feature', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '7' }, { commit: 'c0ffee', ref: 'feature', url: 'https://github.com/a/b/actions/runs/7' }],
  ['GitHub Actions, a push', { GITHUB_SHA: 'c0ffee', GITHUB_REF_NAME: 'main', GITHUB_HEAD_REF: '' }, { commit: 'c0ffee', ref: 'main', url: null }],
  ['GitLab CI', { CI_COMMIT_SHA: 'c0ffee', CI_COMMIT_REF_NAME: 'main', CI_JOB_URL: 'https://gitlab.example/7' }, { commit: 'c0ffee', ref: 'main', url: 'https://gitlab.example/7' }],
  ['Jenkins', { GIT_COMMIT: 'c0ffee', GIT_BRANCH: 'origin/main', BUILD_URL: 'https://jenkins.example/7' }, { commit: 'c0ffee', ref: 'origin/main', url: 'https://jenkins.example/7' }],
  ['nobody', {}, { commit: null, ref: null, url: null }],
])('who asked for the run, as told by %s', (_, env, origin) => {
  expect(originOf(env)).toEqual(origin);
});
