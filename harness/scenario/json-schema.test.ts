// What editors are told about scenario files agrees with what the loader takes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { firstScenarios } from '../cli/init/scenarios.ts';
import { scenarioJsonSchema } from './json-schema.ts';

const root = new URL('../../', import.meta.url).pathname;
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(scenarioJsonSchema());
const examples = readdirSync(join(root, 'examples'), { recursive: true }).map(String).filter((path) => path.endsWith('.yaml') && !path.includes('node_modules') && !path.includes('.venv'));
const [, page = ''] = /```yaml\n([^]*?)```/.exec(readFileSync(join(root, 'docs/scenarios.md'), 'utf8')) ?? [];

const texts: readonly (readonly [name: string, text: string])[] = [
  ...Object.entries(firstScenarios), ...examples.map((path) => [path, readFileSync(join(root, 'examples', path), 'utf8')] as const), ['docs/scenarios.md', page],
];

test.each(texts)('%s is what the schema says', (_, text) => {
  expect(validate(parse(text, { merge: true })), JSON.stringify(validate.errors, null, 1)).toBe(true);
});

const good = { name: 'a', cluster: { broker: 'kafka', version: 4.1 }, steps: ['quiesce'], contract: 'at-least-once' };

test.each([
  ['an unknown key', { ...good, stesp: [] }],
  ['an unknown broker', { ...good, cluster: { broker: 'kafak' } }],
  ['a setting of another broker', { ...good, producer: { confirms: true } }],
  ['a version that is not there', { ...good, cluster: { broker: 'kafka', version: 2.8 } }],
  ['an unknown measure', { ...good, contract: { lots: 'forbidden' } }],
  ['an unknown preset', { ...good, contract: 'exactly-twice' }],
  ['an unknown fault', { ...good, steps: [{ inject: 'kil', target: { leader: 0 } }] }],
  ['no steps', { ...good, steps: [] }],
  ['a list with one that is wrong', [good, { ...good, name: 'Not a name!' }]],
])('%s is refused', (_, scenario) => {
  expect(validate(scenario)).toBe(false);
});

test('a preset, a preset with clauses, and a list are taken', () => {
  expect([good, { ...good, contract: { preset: 'must-lose', unavailableMs: { max: 100 } } }, [good, { ...good, cluster: { broker: 'memory' }, producer: { timeoutMs: 100 } }]].map((scenario) => validate(scenario))).toEqual([true, true, true]);
});

test('docs/schemas/scenario.schema.json is this schema (node harness/cli/write-docs.ts mends it)', () => {
  expect(readFileSync(join(root, 'docs/schemas/scenario.schema.json'), 'utf8')).toBe(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
});
