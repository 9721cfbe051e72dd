import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fillBlocks, referenceBlocks } from '../scenario/reference.ts';
import { suites } from '../../suites/index.ts';
import { faultCatalogue } from './fault-catalogue.ts';
import { byPolicy, faultEntries } from './fault-entries.ts';
import { cliReference } from './reference.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('docs/cli.md says what the command table says (node harness/cli/write-docs.ts mends it)', () => {
  expect(page('cli.md')).toBe(cliReference());
});

test('docs/scenarios.md has the tables of the schema (node harness/cli/write-docs.ts mends it)', () => {
  expect(page('scenarios.md')).toBe(fillBlocks(page('scenarios.md'), referenceBlocks()));
});

test('docs/faults.md has every fault as it is declared and where it strikes (node harness/cli/write-docs.ts mends it)', () => {
  expect(page('faults.md')).toBe(faultCatalogue(faultEntries(suites), byPolicy(suites)));
});

test('every block of the schema has its place on the page', () => {
  for (const name of Object.keys(referenceBlocks())) expect(page('scenarios.md')).toContain(`<!-- begin ${name} -->`);
});
