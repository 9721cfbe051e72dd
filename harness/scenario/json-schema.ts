// The JSON Schema of scenario files, for editors: draft 7, which is what the YAML language server reads.
import { z } from 'zod';
import { measures } from '../model/contract.ts';
import { brokerSpecs } from './broker-specs.ts';
import { contractPresetNames } from './expand-presets.ts';
import { contractSchema, scenarioSchema } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

const jsonOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any', reused: 'inline' });
  return rest;
};

/**
 * A file holds one scenario or a list of them. What only the whole can tell (contradictions, policies that a version does not
 * have) is not in it: `leaderfall run --dry-run` says that.
 */
export function scenarioJsonSchema(): Json {
  const definitions = { contract: contractJsonSchema(), ...Object.fromEntries(brokerSpecs.map((spec) => [spec.name, withWhatIsExpanded(jsonOf(scenarioSchema(spec)))])) };
  // if/then by broker: an editor that is given a choice of three completes and complains about all three at once.
  const one = { type: 'object', required: ['name', 'cluster', 'steps', 'contract'], allOf: brokerSpecs.map(({ name }) => when(ofBroker(name), { $ref: `#/definitions/${name}` })), properties: { cluster: { type: 'object', required: ['broker'], properties: { broker: { enum: brokerSpecs.map(({ name }) => name) } } } } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A scenario file of leaderfall',
    ...when({ type: 'array' }, { type: 'array', minItems: 1, items: { $ref: '#/definitions/scenario' } }),
    else: { $ref: '#/definitions/scenario' },
    definitions: { scenario: one, ...definitions },
  };
}

// It is data that nobody awaits: JSON Schema calls it so.
// oxlint-disable-next-line unicorn/no-thenable
const when = (condition: Json, follows: Json): Json => ({ if: condition, then: follows });

const ofBroker = (name: string): Json => ({ type: 'object', required: ['cluster'], properties: { cluster: { type: 'object', required: ['broker'], properties: { broker: { const: name } } } } });

/** A preset by its name, alone or among clauses, which is replaced before the schema of the scenario sees it. */
function contractJsonSchema(): Json {
  const clauses = jsonOf(contractSchema) as { readonly properties: Json };
  const preset = { enum: contractPresetNames, description: 'a well-known contract; clauses beside it win' };
  return { anyOf: [preset, { ...clauses, minProperties: 1, properties: { preset, ...clauses.properties } }], description: `what must hold, may, and must happen: clauses for ${measures.join(', ')}` };
}

/** A contract may be named. In YAML a version may be written as a number: 4.1 is read as it stands. */
function withWhatIsExpanded(schema: Json): Json {
  const { properties } = schema as { readonly properties: Json };
  return withNumbers({ ...schema, properties: { ...properties, contract: { $ref: '#/definitions/contract' } } }) as Json;
}

function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'enum' && Array.isArray(inner) ? inner.flatMap(numberToo) : withNumbers(inner)]));
}

const numberToo = (word: unknown): readonly unknown[] => (typeof word === 'string' && word.trim() !== '' && !Number.isNaN(Number(word)) ? [word, Number(word)] : [word]);
