// Says in words what a place in a schema allows: for error messages and for the reference page.
import { z } from 'zod';
import type { Path } from './problem.ts';

export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** The schema as people fill it in: defaults are optional. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;

const branches = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf ?? schema.oneOf ?? [schema];

/** All schemas that a place may follow: a union has several. */
export function schemasAt(root: JsonSchema, path: Path): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>((found, part) => found.flatMap((schema) => branches(schema).flatMap((branch) => childOf(branch, part))), [root]);
}

function childOf(schema: JsonSchema, part: string | number): readonly JsonSchema[] {
  if (typeof part === 'number') return schema.items === undefined ? [] : [schema.items];
  const property = schema.properties?.[part];
  if (property !== undefined) return [property];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** Keys that are known at a place. */
export const keysAt = (root: JsonSchema, path: Path): readonly string[] =>
  [...new Set(schemasAt(root, path).flatMap((schema) => branches(schema).flatMap((branch) => Object.keys(branch.properties ?? {}))))];

/** Words that are allowed at a place, where it takes words. */
export const wordsAt = (root: JsonSchema, path: Path): readonly string[] =>
  schemasAt(root, path).flatMap((schema) => branches(schema).flatMap((branch) => [...(branch.enum ?? []), branch.const])).filter((word) => typeof word === 'string');

/** "forbidden, allowed, required, { max: integer ≥ 0 }". Inside a map, choices are parted by `|` and maps show only their keys. */
export function describeSchema(schema: JsonSchema, depth = 0): string {
  const all = schema.anyOf ?? schema.oneOf;
  const separator = depth === 0 ? ', ' : ' | ';
  if (all !== undefined) return [...new Set(all.map((branch) => describeSchema(branch, depth)))].join(separator);
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(String).join(separator);
  if (schema.type === 'object') return describeObject(schema, depth);
  if (schema.type === 'array') return `list of ${describeSchema(schema.items ?? {}, depth + 1)}`;
  if (schema.type === 'integer' || schema.type === 'number') return `${schema.type}${describeRange(schema)}`;
  return schema.type ?? 'anything';
}

const manyKeys = 5;

function describeObject(schema: JsonSchema, depth: number): string {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return 'map';
  const required = new Set(schema.required ?? []);
  const named = ([key, value]: readonly [string, JsonSchema]): string => {
    const name = required.has(key) ? key : `${key}?`;
    return depth === 0 && properties.length <= manyKeys ? `${name}: ${describeSchema(value, depth + 1)}` : name;
  };
  const shown = properties.slice(0, depth === 0 ? undefined : manyKeys).map(named);
  return `{ ${shown.join(', ')}${shown.length < properties.length ? ', …' : ''} }`;
}

function describeRange({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const low = exclusiveMinimum === undefined ? minimum : undefined;
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (low !== undefined && low > Number.MIN_SAFE_INTEGER) return bounded ? ` ${low} to ${maximum}` : ` ≥ ${low}`;
  if (exclusiveMinimum !== undefined) return ` > ${exclusiveMinimum}`;
  return bounded ? ` ≤ ${maximum}` : '';
}
