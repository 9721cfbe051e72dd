import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFreshFolder, makeSuiteFolder, pointLatest, writeFiles } from './suite-files.ts';

let out: string;
beforeEach(() => { out = mkdtempSync(join(tmpdir(), 'leaderfall-files-')); });
afterEach(() => rmSync(out, { recursive: true, force: true }));

test('two suites of one second and one process, and two scenarios of one file name, get a folder each', () => {
  expect([makeSuiteFolder(out, 'suite'), makeSuiteFolder(out, 'suite')].map((folder) => basename(folder))).toEqual(['suite', 'suite-2']);
  expect([1, 2, 3].map(() => basename(makeFreshFolder(out, 'a-b')))).toEqual(['a-b', 'a-b-2', 'a-b-3']);
});

test('a place that cannot be written is a usage error with its mend', () => {
  const file = join(out, 'file');
  writeFileSync(file, '');
  expect(() => makeSuiteFolder(file, 'suite')).toThrow(expect.objectContaining({ code: 'E_USAGE', hint: 'Choose a writable place with --out.' }));
  expect(() => makeSuiteFolder('/proc', 'suite')).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
});

test('latest points to the newest suite, and leaves a real folder of that name alone', () => {
  for (const name of ['one', 'two']) pointLatest(out, makeSuiteFolder(out, name));
  expect(readlinkSync(join(out, 'latest'))).toBe('two');
  const other = join(out, 'other');
  mkdirSync(join(other, 'latest'), { recursive: true });
  pointLatest(other, makeSuiteFolder(other, 'one'));
  expect(readdirSync(other).sort()).toEqual(['latest', 'one']);
});

test('files that cannot be written are an environment error, and leave neither half a file nor none of what was there', () => {
  writeFiles(out, { 'run.json': 'old' });
  symlinkSync('/dev/full', join(out, 'run.json.partial'));
  expect(() => writeFiles(out, { 'run.json': 'new' })).toThrow(expect.objectContaining({ code: 'E_DISK_FULL' }));
  expect([readFileSync(join(out, 'run.json'), 'utf8'), readdirSync(out)]).toEqual(['old', ['run.json']]);
});
