import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isLeaderfallError } from '../model/errors.ts';
import { readContractFile } from './contract-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const path = join(folder, 'contract.yaml');
  writeFileSync(path, text);
  return path;
}

function errorOf(path: string) {
  try {
    readContractFile(path);
  } catch (error) {
    if (isLeaderfallError(error)) return error;
  }
  throw new Error('expected a LeaderfallError');
}

test('a contract stands at the top of the file or under its own key', () => {
  const expected = { lost: 'forbidden', duplicated: { max: 5 } };
  expect(readContractFile(write('lost: forbidden\nduplicated: { max: 5 }\n'))).toEqual(expected);
  expect(readContractFile(write('contract:\n  lost: forbidden\n  duplicated: { max: 5 }\n'))).toEqual(expected);
});

test('an unknown measure is an error with its place and what was probably meant', () => {
  const path = write('lost: forbidden\nduplicate: forbidden\n');
  expect(errorOf(path)).toMatchObject({ code: 'E_SCENARIO_INVALID', detail: `${path}:2:1: duplicate: unknown key "duplicate"; did you mean "duplicated"?` });
});

test('a file that is not there is a usage error', () => {
  expect(errorOf(join(folder, 'none.yaml'))).toMatchObject({ code: 'E_USAGE' });
});
