import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenarioFile } from '../scenario/load-scenario-file.ts';
import { fillBlocks, referenceBlocks } from '../scenario/reference.ts';
import { suites } from '../../suites/index.ts';
import { faultCatalogue } from './fault-catalogue.ts';
import { faultEntries } from './fault-entries.ts';
import { cliReference } from './reference.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('docs/cli.md says what the command table says (node harness/cli/write-docs.ts mends it)', () => {
  expect(page('cli.md')).toBe(cliReference());
});

test('docs/scenarios.md has the tables of the schema (node harness/cli/write-docs.ts mends it)', () => {
  expect(page('scenarios.md')).toBe(fillBlocks(page('scenarios.md'), referenceBlocks()));
});

test('docs/faults.md has every fault as it is declared and where it strikes (node harness/cli/write-docs.ts mends it)', () => {
  expect(page('faults.md')).toBe(faultCatalogue(faultEntries(suites)));
});

test('every block of the schema has its place on the page', () => {
  for (const name of Object.keys(referenceBlocks())) expect(page('scenarios.md')).toContain(`<!-- begin ${name} -->`);
});

test('the versions in docs/scenarios.md are valid beside a scenario of that broker', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-docs-'));
  const [, example = ''] = /```yaml\n(only:[^]*?)```/.exec(page('scenarios.md')) ?? [];
  writeFileSync(join(folder, 'a.yaml'), `name: a\ncluster: { broker: rabbitmq }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: at-least-once\n${example}`);
  const [scenario] = await loadScenarioFile(join(folder, 'a.yaml')).finally(() => rmSync(folder, { recursive: true }));
  expect(scenario).toMatchObject({ cluster: { version: '3.10' }, contract: { deadLettered: 'forbidden' } });
});

test('the example of docs/scenarios.md is a valid scenario', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-docs-'));
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page('scenarios.md')) ?? [];
  writeFileSync(join(folder, 'orders.yaml'), example);
  writeFileSync(join(folder, 'server.properties'), '');
  const [scenario] = await loadScenarioFile(join(folder, 'orders.yaml')).finally(() => rmSync(folder, { recursive: true }));
  expect(scenario).toMatchObject({ name: 'orders/acks-1/leader-kill', cluster: { version: '4.1' }, contract: { duplicated: { max: 50 } } });
});
