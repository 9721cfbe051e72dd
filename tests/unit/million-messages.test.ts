// A history of a million messages, as a run records it, through `leaderfall report`.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateHistory, type Generated } from '../../harness/checkers/testing/generate-history.ts';
import { readRecord } from '../../harness/run/testing/program.ts';
import { disagreements } from '../../reports/testing/told-numbers.ts';

const messages = 1_000_000;
const program = fileURLToPath(new URL('report-once.ts', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'leaderfall-million-'));
const folder = join(place, 'run');
let made: Generated;
let measured: { readonly exitCode: number; readonly renderMs: number; readonly peakMegabytes: number };

beforeAll(async () => {
  made = generateHistory(folder, messages, 'whole');
  const { stdout } = await promisify(execFile)(process.execPath, [program, folder]);
  measured = JSON.parse(stdout) as typeof measured;
}, 240_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('is counted to the last message, and told alike in every format', () => {
  const { facts } = readRecord(folder);
  expect([facts!.totals.acknowledged, facts!.accounting.lost, facts!.accounting.addsUp]).toEqual([messages, made.lost, true]);
  expect(facts!.measures.find(({ measure }) => measure === 'copies')!.count).toBe(made.copies);
  expect([made.lost, made.copies]).toEqual([9, 19]);
  expect(disagreements(folder)).toEqual([]);
});

test('is rendered within three seconds of one processor', () => {
  expect(measured.renderMs).toBeLessThan(3_000);
});

test('takes no more than 600 MB to judge and to render', () => {
  expect(measured.peakMegabytes).toBeLessThan(600);
});

test('is a page of less than 10 MB', () => {
  expect(statSync(join(folder, 'report.html')).size).toBeLessThan(10_000_000);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('1,000,000');
});
