// From what people wrote to the model's Scenario, with every default filled in; or the list of everything that is wrong.
import { resolve } from 'node:path';
import type { BrokerSpec } from '../model/broker.ts';
import type { Contract, Measure } from '../model/contract.ts';
import type { Bounds, ClusterSpec, ConsumerSpec, Equipment, NodeTarget, Predictions, ProducerSpec, ProgramSpec, Scenario, Step, Target, Trigger, VersionCondition } from '../model/scenario.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import { equipments } from '../model/scenario.ts';
import { configurationOf } from './configuration.ts';
import { contradictionsOf } from './contradictions.ts';
import { strayPredictions } from './contradictions/predictions.ts';
import { overlappingConditions } from './contradictions/versions.ts';
import { expandContract, policyOf, withPolicy } from './expand-presets.ts';
import { didYouMean } from './problem.ts';
import type { Path, Problem } from './problem.ts';
import { commonConsumerKeys, commonProducerKeys, scenarioSchema } from './schema.ts';
import type { ParsedScenario } from './schema.ts';
import { atWritten, expandSteps, type ParsedSchedule } from './schedules.ts';
import { schemaProblems, show, valueAt } from './schema-problems.ts';

export interface CompileOptions {
  readonly specs: readonly BrokerSpec[];
  /** Reads a file named in the scenario. @throws when it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Where a user's own client is started. Default: the working directory. */
  readonly folder?: string;
  /** What the command line set; the input has it already. */
  readonly overrides?: readonly Override[];
}

/** A field that the command line set. */
export interface Override {
  /** As in a scenario: `cluster.version`, `producer.acks`. */
  readonly path: string;
  readonly value: unknown;
}

export type Compiled =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly code: 'E_SCENARIO_INVALID' | 'E_CONTRADICTION'; readonly problems: readonly Problem[] };

const invalid = (...problems: readonly Problem[]): Compiled => ({ ok: false, code: 'E_SCENARIO_INVALID', problems });

/** Never throws for a wrong scenario: all its problems come back at once. */
export function compileScenario(written: unknown, options: CompileOptions): Compiled {
  const input = withoutUndefined(written);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return invalid({ path: [], atKey: false, message: `received ${show(input, [])}; a scenario is a map with name, cluster, steps and contract` });
  }
  const spec = options.specs.find(({ name }) => name === valueAt(input, ['cluster', 'broker']));
  if (spec === undefined) return invalid(unknownBroker(input, options.specs));
  const presets = expand(withVersion(input as Fields, spec), spec);
  if (presets.problems.length > 0) return invalid(...presets.problems);
  const schema = scenarioSchema(spec);
  const parsed = schema.safeParse(presets.value);
  if (!parsed.success) return invalid(...schemaProblems(schema, parsed.error.issues, presets.value));
  const policies = readPolicies(parsed.data, spec);
  const file = readConfigFile(parsed.data, options);
  if (policies.problems.length > 0 || 'problem' in file) return invalid(...policies.problems, ...('problem' in file ? [file.problem] : []));
  const { cluster } = parsed.data;
  const expanded = expandSteps(parsed.data.steps, nodeNames(cluster), assembleStep);
  const draft = assemble({ parsed: parsed.data, spec, policies, file: file.file, folder: options.folder ?? '.', steps: expanded.steps });
  const flags = new Set((options.overrides ?? []).map(({ path }) => path));
  const scenario = { ...draft, configuration: configurationOf(draft, { input, policy: presets.policy, flags }, spec) };
  const contradictions = [...contradictionsOf(scenario, spec).map((problem) => atWritten(problem, expanded, parsed.data.steps)), ...overlappingConditions(parsed.data.onVersions, scenario.only), ...strayPredictions(scenario, parsed.data.onVersions)];
  if (contradictions.length > 0) return { ok: false, code: 'E_CONTRADICTION', problems: contradictions };
  origins.set(scenario, { input, options });
  return { ok: true, scenario };
}

type Fields = Readonly<Record<string, unknown>>;

/** Named policy and contract become plain fields. */
function expand(input: Fields, spec: BrokerSpec): { readonly value: Fields; readonly policy: Fields | null; readonly problems: readonly Problem[] } {
  const policy = policyOf(input, spec.name);
  const contract = expandContract(input['contract']);
  const value = { ...(policy.value === null ? input : withPolicy(input, policy.value)), ...(contract.value === undefined ? {} : { contract: contract.value }) };
  return { value, policy: policy.value, problems: [...policy.problems, ...contract.problems] };
}

/** Where no version was written and the default does not have the policy: the newest that does. */
function withVersion(input: Fields, spec: BrokerSpec): Fields {
  const only = valueAt(input, ['only', 'versions']);
  if (valueAt(input, ['cluster', 'version']) !== undefined || !Array.isArray(only) || only.includes(spec.defaultVersion)) return input;
  const version = spec.versions.findLast((each) => only.includes(each));
  return version === undefined ? input : { ...input, cluster: { ...(input['cluster'] as Fields), version } };
}

interface Origin {
  readonly input: object;
  readonly options: CompileOptions;
}

/** What a scenario was made from, so that the command line can change a field and have it checked again. */
const origins = new WeakMap<Scenario, Origin>();
export const originOf = (scenario: Scenario): Origin | undefined => origins.get(scenario);

/** The same scenario with further tags. What it was made from comes along: a plain copy of a scenario takes no field from the command line any more. */
export function withTags(scenario: Scenario, further: readonly string[]): Scenario {
  const tagged = { ...scenario, tags: [...new Set([...scenario.tags, ...further])] };
  const origin = originOf(scenario);
  if (origin !== undefined) origins.set(tagged, { ...origin, input: { ...origin.input, tags: tagged.tags } });
  return tagged;
}

/** All conditions on versions that were written, whatever the version is. */
export function conditionsOf(scenario: Scenario): readonly VersionCondition[] {
  const written = valueAt(originOf(scenario)?.input, ['onVersions']) as readonly VersionCondition[] | undefined;
  return written?.map(({ versions, because }) => ({ versions, because })) ?? scenario.conditions;
}

const files = new WeakMap<Scenario, string>();

/** The user's own file that a scenario came from, as it was named; null for a shipped one. */
export const fileOf = (scenario: Scenario): string | null => files.get(scenario) ?? null;

/** Keeps the file that a scenario came from, so that a report can say how to run it again. */
export function rememberFile(scenario: Scenario, file: string): Scenario {
  files.set(scenario, file);
  return scenario;
}

function unknownBroker(input: object, specs: readonly BrokerSpec[]): Problem {
  const broker = valueAt(input, ['cluster', 'broker']);
  const names = specs.map(({ name }) => name);
  const path = valueAt(input, ['cluster']) === undefined ? ['cluster'] : ['cluster', 'broker'];
  if (broker === undefined) return { path, atKey: false, message: `is missing; a scenario names its broker: cluster: { broker: ${names.join(' | ')} }` };
  return { path, atKey: false, message: `received ${show(broker, path)}; allowed: ${names.join(', ')}${didYouMean(String(broker), names)}` };
}

interface Policies {
  readonly destination: Readonly<Record<string, unknown>>;
  readonly producer: Readonly<Record<string, unknown>>;
  readonly consumer: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** The broker's own schemas again, whole: they may refine or transform what the flat schema only shapes. */
function readPolicies(parsed: ParsedScenario, spec: BrokerSpec): Policies {
  const problems: Problem[] = [];
  const read = (scope: 'destination' | 'producer' | 'consumer', schema: BrokerSpec['destination'], common: readonly string[]): Readonly<Record<string, unknown>> => {
    const fields = omit(parsed[scope], common);
    const result = schema.safeParse(fields);
    if (result.success) return result.data;
    problems.push(...schemaProblems(schema, result.error.issues, fields).map((problem) => ({ ...problem, path: [scope, ...problem.path] })));
    return {};
  };
  return {
    destination: read('destination', spec.destination, ['partitions']),
    producer: read('producer', spec.producerPolicy, commonProducerKeys),
    consumer: read('consumer', spec.consumerPolicy, commonConsumerKeys),
    problems,
  };
}

function readConfigFile({ cluster }: ParsedScenario, { readFile }: CompileOptions): { readonly file: ClusterSpec['file'] } | { readonly problem: Problem } {
  const key = cluster.propertiesFile === undefined ? 'configFile' : 'propertiesFile';
  const path = cluster[key];
  if (path === undefined) return { file: null };
  const place: Path = ['cluster', key];
  if (cluster.propertiesFile !== undefined && cluster.configFile !== undefined) {
    return { problem: { path: place, atKey: true, message: 'give propertiesFile (server.properties) or configFile (rabbitmq.conf), not both' } };
  }
  try {
    return { file: { path, text: readFile(path) } };
  } catch (error) {
    return { problem: { path: place, atKey: false, message: `cannot read ${show(path, place)}: ${reasonOf(error)}`, hint: "Paths are relative to the scenario's file." } };
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  return error instanceof Error ? error.message : String(error);
}

interface Parts {
  readonly parsed: ParsedScenario;
  readonly spec: BrokerSpec;
  readonly policies: Policies;
  readonly file: ClusterSpec['file'];
  readonly folder: string;
  readonly steps: readonly Step[];
}

/** Every broker's nodes are called after it, and count from 1. */
const nodeNames = ({ broker, nodes }: ParsedScenario['cluster']): readonly string[] => Array.from({ length: nodes }, (_, index) => `${broker}-${index + 1}`);

function assemble({ parsed, spec, policies, file, folder, steps }: Parts): Scenario {
  const producer = { ...pick(parsed.producer, commonProducerKeys), program: programOf(parsed.producer, folder), policy: policies.producer } as ProducerSpec;
  const consumer = { ...pick(parsed.consumer, commonConsumerKeys), program: programOf(parsed.consumer, folder), policy: policies.consumer } as ConsumerSpec;
  const conditions = parsed.onVersions.filter(({ versions }) => versions.includes(parsed.cluster.version));
  return {
    name: parsed.name,
    title: parsed.title ?? parsed.name,
    tags: parsed.tags,
    twin: parsed.twin,
    cluster: assembleCluster(parsed, spec, file, equipmentFor(steps, spec.clientEquipment?.({ producer, consumer }) ?? [])),
    destination: { partitions: parsed.destination.partitions, settings: policies.destination },
    producer,
    consumer,
    payloadBytes: parsed.payloadBytes,
    steady: (parsed.steady as Trigger | undefined) ?? (spec.acknowledges(producer) ? { acknowledged: 100 } : { handedOver: 100 }),
    steps,
    contract: conditions.reduce<Contract>((contract, condition) => ({ ...contract, ...(condition.contract as Contract) }), parsed.contract as Contract),
    ...(parsed.predicted === undefined ? {} : { predicted: parsed.predicted as Predictions }),
    only: parsed.only ?? null,
    conditions: conditions.map(({ versions, because, contract }) => ({ versions, because, measures: Object.keys(contract) as Measure[] })),
    bounds: parsed.bounds satisfies Bounds,
    sources: parsed.sources,
    configuration: [],
  };
}

function programOf({ program }: Pick<ParsedScenario['producer'], 'program'>, folder: string): ProgramSpec | null {
  return program === undefined ? null : { ...program, folder: resolve(folder) };
}

/** In one order, so that equal needs make equal clusters. */
const equipmentFor = (steps: readonly Step[], ofClients: readonly Equipment[]): readonly Equipment[] =>
  equipments.filter((each) => ofClients.includes(each)
    || steps.some((step) => step.kind === 'inject' && step.target.role !== 'client' && faultDeclarations[step.fault].equipment === each));

function assembleCluster({ cluster }: ParsedScenario, spec: BrokerSpec, file: ClusterSpec['file'], equipment: readonly Equipment[]): ClusterSpec {
  return {
    broker: spec.name,
    version: cluster.version,
    nodes: cluster.nodes,
    properties: Object.fromEntries(Object.entries(cluster.properties).map(([key, value]) => [key, String(value)])),
    file,
    defects: (cluster as { readonly defects?: ClusterSpec['defects'] }).defects ?? {},
    ...(equipment.length === 0 ? {} : { equipment }),
  };
}

type PlainStep = Exclude<ParsedScenario['steps'][number], ParsedSchedule>;

function assembleStep(step: PlainStep): Step {
  if (step === 'redundant') return { kind: 'redundant', withinMs: redundantMs };
  if (step === 'quiesce' || step === 'resume' || step === 'consume') return { kind: step };
  if ('wait' in step) return { kind: 'wait', trigger: step.wait as Trigger };
  if ('publish' in step) return { kind: 'publish', ...step.publish };
  if ('heal' in step) return { kind: 'heal', id: step.heal };
  if ('redundant' in step) return { kind: 'redundant', withinMs: step.redundant.withinMs };
  return { kind: 'inject', fault: step.inject, id: step.as ?? step.inject, target: assembleTarget(step.target), parameters: step.with ?? {} };
}

const redundantMs = 60_000;

type ParsedTarget = Extract<PlainStep, { inject: unknown }>['target'];
type ParsedNodeTarget = Exclude<ParsedTarget, readonly unknown[] | { readonly producer: number } | { readonly consumer: number }>;

function assembleTarget(target: ParsedTarget): Target {
  if (typeof target === 'string') return { role: target };
  if (Array.isArray(target)) return { role: 'together', targets: target.map(assembleNodeTarget) };
  if ('producer' in target) return { role: 'client', client: 'producer', index: target.producer, between: null };
  if ('consumer' in target) return { role: 'client', client: 'consumer', index: target.consumer, between: target.between ?? null };
  return assembleNodeTarget(target);
}

function assembleNodeTarget(target: ParsedNodeTarget): NodeTarget {
  if (typeof target === 'string') return { role: target };
  if ('leader' in target) return { role: 'leader', partition: target.leader };
  if ('follower' in target) return { role: 'follower', partition: target.follower };
  if ('replicas' in target) return { role: 'replicas', partition: target.replicas };
  return { role: 'node', node: target.node };
}

const pick = (fields: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.filter((key) => key in fields).map((key) => [key, fields[key]]));

const omit = (fields: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));

/** `{ twin: undefined }` means the same as no key at all. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => [key, withoutUndefined(inner)]));
}
