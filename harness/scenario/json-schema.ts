// The JSON Schema of scenario files, for editors: draft 7, which is what the YAML language server reads.
import { z } from 'zod';
import { brokerSpecs } from './broker-specs.ts';
import { contractPresetNames } from './expand-presets.ts';
import { contractSchema, scenarioSchema } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * A file holds one scenario or a list of them. What only the whole can tell (contradictions, policies that a version does not
 * have) is not in it: `leaderfall run --dry-run` says that.
 */
export function scenarioJsonSchema(): Json {
  // All brokers in one conversion: what they share is written once.
  const { anyOf, definitions } = z.toJSONSchema(z.union([...brokerSpecs.map(scenarioSchema), contractSchema]), { io: 'input', target: 'draft-7', unrepresentable: 'any', reused: 'ref' }) as unknown as { readonly anyOf: readonly Json[]; readonly definitions: Json };
  const resolved = (schema: Json): Json => (typeof schema['$ref'] === 'string' ? (definitions[schema['$ref'].replace('#/definitions/', '')] as Json) : schema);
  const ofBrokers = brokerSpecs.map(({ name }, index) => [name, withNamedContract(resolved(anyOf[index]!))] as const);
  return withNumbers({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A scenario file of leaderfall',
    ...when({ type: 'array' }, { type: 'array', minItems: 1, items: { $ref: '#/definitions/scenario' } }),
    else: { $ref: '#/definitions/scenario' },
    definitions: { scenario: anyScenario, contract: contractJsonSchema(resolved(anyOf.at(-1)!)), ...Object.fromEntries(ofBrokers), ...definitions },
  }) as Json;
}

// It is data that nobody awaits: JSON Schema calls it so.
// oxlint-disable-next-line unicorn/no-thenable
const when = (condition: Json, follows: Json): Json => ({ if: condition, then: follows });

const ofBroker = (name: string): Json => ({ type: 'object', required: ['cluster'], properties: { cluster: { type: 'object', required: ['broker'], properties: { broker: { const: name } } } } });

/** if/then by broker: an editor that is given a choice of three completes and complains about all three at once. */
const anyScenario: Json = {
  type: 'object',
  required: ['name', 'cluster', 'steps', 'contract'],
  properties: { cluster: { type: 'object', required: ['broker'], properties: { broker: { enum: brokerSpecs.map(({ name }) => name) } } } },
  allOf: brokerSpecs.map(({ name }) => when(ofBroker(name), { $ref: `#/definitions/${name}` })),
};

/** A preset by its name, alone or among clauses, which is replaced before the schema of the scenario sees it. */
function contractJsonSchema(clauses: Json): Json {
  const preset = { enum: contractPresetNames, description: 'a well-known contract; clauses beside it win' };
  return { anyOf: [preset, { ...clauses, minProperties: 1, properties: { preset, ...(clauses['properties'] as Json) } }], description: 'what must hold, may, and must happen' };
}

const withNamedContract = (schema: Json): Json => ({ ...schema, properties: { ...(schema['properties'] as Json), contract: { $ref: '#/definitions/contract' } } });

/** In YAML a version may be written as a number: 4.1 is read as it stands. */
function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  const { type, enum: words, ...rest } = value as { readonly type?: unknown; readonly enum?: unknown };
  const inner = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, withNumbers(each)]));
  if (!Array.isArray(words)) return { ...(type === undefined ? {} : { type }), ...inner, ...(words === undefined ? {} : { enum: withNumbers(words) }) };
  const spelt = words.flatMap(numberToo);
  return { ...(type === undefined || spelt.length > words.length ? {} : { type }), ...inner, enum: spelt };
}

const numberToo = (word: unknown): readonly unknown[] => (typeof word === 'string' && word.trim() !== '' && !Number.isNaN(Number(word)) ? [word, Number(word)] : [word]);
