// The generated tables of docs/scenarios.md: every field with what it takes and its default, read from the schema itself.
import { z } from 'zod';
import type { BrokerSpec } from '../model/broker.ts';
import { measures } from '../model/contract.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import { brokerSpecs } from './broker-specs.ts';
import { contractPresetNames, expandContract } from './expand-presets.ts';
import { objectShape } from './object-shape.ts';
import { policyFragments } from './policies.ts';
import { commonConsumerKeys, commonProducerKeys, scenarioSchema, schedules, triggerShape } from './schema.ts';
import { describeSchema, jsonSchemaOf } from './schema-words.ts';
import type { JsonSchema } from './schema-words.ts';

/** `rolling.fault`, `storm.seed`: one table for all. */
const flatSchedules = Object.fromEntries(Object.entries(schedules).flatMap(([name, { shape }]) => Object.entries(shape).map(([key, field]) => [`${name}.${key}`, field as z.ZodType])));

const brokerTitles: Readonly<Record<string, string>> = { memory: 'Memory', kafka: 'Kafka', rabbitmq: 'RabbitMQ' };

/** Blocks of the page by their names. */
export function referenceBlocks(specs: readonly BrokerSpec[] = brokerSpecs): Readonly<Record<string, string>> {
  const schema = jsonSchemaOf(scenarioSchema(specs[0]!));
  const whole = schema.properties ?? {};
  const part = (key: string, only: readonly string[]): string => table(pick(whole[key], only));
  return {
    top: table(omit(schema, ['policy', 'cluster', 'destination', 'producer', 'consumer', 'steps', 'contract', 'only', 'onVersions', 'bounds'])),
    cluster: part('cluster', ['properties', 'propertiesFile', 'configFile']),
    producer: part('producer', commonProducerKeys.filter((key) => key !== 'driver')),
    consumer: part('consumer', commonConsumerKeys.filter((key) => key !== 'driver')),
    bounds: table(whole['bounds'] ?? {}),
    triggers: table(jsonSchemaOf(z.strictObject(triggerShape))),
    schedules: table(jsonSchemaOf(z.strictObject(flatSchedules))),
    faults: faultTable(),
    policies: policyTable(),
    contracts: contractTable(),
    measures: measures.map((measure) => `\`${measure}\``).join(', '),
    brokers: specs.map(brokerSection).join('\n\n'),
  };
}

/** Replaces what stands between `<!-- begin name -->` and `<!-- end name -->`. */
export const fillBlocks = (page: string, blocks: Readonly<Record<string, string>>): string =>
  Object.entries(blocks).reduce((text, [name, block]) => text.replace(new RegExp(`(<!-- begin ${name} -->)[^]*?(<!-- end ${name} -->)`), (_, begin: string, end: string) => `${begin}\n${block}\n${end}`), page);

const rowsOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

const inWords = (fields: object): string => Object.entries(fields).map(([key, value]) => `\`${key}: ${typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '')}\``).join(', ');

function faultTable(): string {
  return rowsOf(['fault', 'strikes', 'what it does', '`with`'], Object.entries(faultDeclarations).map(([name, { summary, strikes, parameters }]) => [
    `\`${name}\``, strikes.join(', '), summary,
    Object.entries(parameters).map(([key, { description, unit, min, max, default: fallback }]) => `\`${key}\` (${min} to ${max} ${unit}, default ${fallback}): ${description}`).join('; '),
  ]));
}

type PolicyParts = Readonly<Record<'destination' | 'producer' | 'consumer', object>>;

function policyTable(): string {
  const rows = Object.entries(policyFragments).flatMap(([broker, ofBroker]) =>
    Object.entries<PolicyParts>(ofBroker).map(([name, { destination, producer, consumer }]) => [`\`${name}\``, brokerTitles[broker]!, inWords(destination), inWords(producer), inWords(consumer)]));
  return rowsOf(['policy', 'broker', '`destination`', '`producer`', '`consumer`'], rows);
}

const contractTable = (): string => rowsOf(['contract', 'clauses'], contractPresetNames.map((name) => [`\`${name}\``, inWords(expandContract(name).value as object)]));

function brokerSection(spec: BrokerSpec): string {
  const versions = spec.versions.map((version) => (version === spec.defaultVersion ? `**${version}**` : version)).join(', ');
  const drivers = [...new Set([...spec.producerDrivers, ...spec.consumerDrivers])].map((driver) => `\`${driver}\``).join(', ');
  const sections: readonly (readonly [string, z.ZodType | null])[] = [
    ['`destination`', spec.destination], ['`producer`', spec.producerPolicy], ['`consumer`', spec.consumerPolicy], ['`cluster.defects`', spec.defects],
  ];
  const tables = sections.flatMap(([title, schema]) => {
    if (schema === null) return [];
    const fields = jsonSchemaOf(z.strictObject(objectShape(schema)));
    return Object.keys(fields.properties ?? {}).length === 0 ? [] : [`${title}\n\n${table(fields)}`];
  });
  return [`### ${brokerTitles[spec.name] ?? spec.name}`, `Versions ${versions}; ${spec.defaultNodes} ${spec.defaultNodes === 1 ? 'node' : 'nodes'} unless \`cluster.nodes\` says otherwise; driver ${drivers}.`, ...tables].join('\n\n');
}

function table(schema: JsonSchema): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([key, field]) =>
    [`\`${key}\``, cell(describeSchema(field)), required.has(key) ? 'required' : defaultOf(field), cell(field.description ?? '')].join(' | '));
  return ['| field | takes | default | meaning |', '|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n');
}

const defaultOf = ({ default: value }: JsonSchema): string =>
  value === undefined ? '' : typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? 'empty' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

const pick = (schema: JsonSchema | undefined, keys: readonly string[]): JsonSchema => filtered(schema, (key) => keys.includes(key));
const omit = (schema: JsonSchema | undefined, keys: readonly string[]): JsonSchema => filtered(schema, (key) => !keys.includes(key));

function filtered(schema: JsonSchema | undefined, keep: (key: string) => boolean): JsonSchema {
  return {
    properties: Object.fromEntries(Object.entries(schema?.properties ?? {}).filter(([key]) => keep(key))),
    required: (schema?.required ?? []).filter(keep),
  };
}
