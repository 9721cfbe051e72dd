// docs/bring-your-own-client.md is the protocol for everyone who is not us: its examples must be lines of it, and it must leave nothing out.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fromProgram, outcomeLine, protocolVersion, toProgram } from './messages.ts';

const page = readFileSync(new URL('../../../docs/bring-your-own-client.md', import.meta.url), 'utf8');
const schemas = { 'to-program': toProgram, 'from-program': fromProgram } as const;

const examples = [...page.matchAll(/^```json (to-program|from-program)\n([\s\S]*?)^```$/gm)].flatMap(([, direction, lines]) =>
  lines!.trim().split('\n').map((line) => ({ direction: direction as keyof typeof schemas, line })));

test.each(examples)('the example is a line $direction: $line', ({ direction, line }) => {
  const parsed = schemas[direction].safeParse(JSON.parse(line));
  expect(parsed.success ? [] : parsed.error.issues).toEqual([]);
});

test.each(Object.keys(schemas) as (keyof typeof schemas)[])('every line %s has an example', (direction) => {
  const shown = examples.filter((example) => example.direction === direction).map(({ line }) => (JSON.parse(line) as { type: string }).type);
  expect([...new Set(shown)].toSorted()).toEqual([...typesOf(schemas[direction])].toSorted());
});

test('every field is named on the page, and so are the words that a field may take', () => {
  const names = [toProgram, fromProgram, outcomeLine].flatMap((schema) => namesOf(z.toJSONSchema(schema, { io: 'input' })));
  expect(names.length).toBeGreaterThan(40);
  expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``) && name !== 'type' && name !== 'memory')).toEqual([]);
});

test('a line that is not of the protocol is refused', () => {
  expect(fromProgram.safeParse({ type: 'ready', protocol: protocolVersion, client: 'pika', version: 1 }).success).toBe(false);
  expect(fromProgram.safeParse({ type: 'published', id: 1, outcomes: [{ outcome: 'ok', offset: -1 }] }).success).toBe(false);
  expect(fromProgram.safeParse({ type: 'delivered', batch: 0, messages: [{ payload: 'not base64!' }] }).success).toBe(false);
});

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** Names of fields, and the strings that they are restricted to. */
function namesOf(schema: object): readonly string[] {
  const { properties = {}, items, oneOf = [], anyOf = [], enum: words = [], const: word } = schema as JsonSchema;
  return [
    ...Object.keys(properties),
    ...[...words, word].filter((value) => typeof value === 'string'),
    ...[...Object.values(properties), ...oneOf, ...anyOf, ...(items === undefined ? [] : [items])].flatMap(namesOf),
  ];
}

const typesOf = (schema: z.ZodType): ReadonlySet<string> => {
  const types = (found: JsonSchema): readonly string[] => [
    ...(found.properties?.['type'] === undefined ? [] : [String(found.properties['type'].const)]), ...[...(found.oneOf ?? []), ...(found.anyOf ?? [])].flatMap(types),
  ];
  return new Set(types(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema));
};
