// The one schema for scenarios, whether written in TypeScript or YAML: strict, with every default stated here.
import { z } from 'zod';
import type { BrokerSpec } from '../model/broker.ts';
import { measures } from '../model/contract.ts';
import { faultNames } from '../model/scenario.ts';
import { objectShape } from './object-shape.ts';
import { policyNames } from './policies.ts';
import { scheduleShapes } from './schedules.ts';

const count = z.int().min(1);
export const defaultKeys = 100;
const settings = z.record(z.string(), z.unknown());
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/, 'lower-case words joined by - and /, such as kafka/acks-all/leader-kill');

export const triggerShape = {
  acknowledged: count.optional().describe('messages acknowledged since the wait began'),
  handedOver: count.optional().describe('messages the client took without error, where the policy asks for no acknowledgement'),
  delivered: count.optional().describe('deliveries to consumers since the wait began'),
  processed: count.optional().describe('handlers that ended since the wait began'),
  attempted: count.optional().describe('messages tried at least once since the wait began'),
  elapsedMs: count.optional().describe('milliseconds since the wait began'),
  inSyncAtMost: count.optional().describe('not a count: partition 0 has at most this many in-sync replicas, or online members'),
};
const since = z.strictObject({ fault: z.string().min(1), edge: z.enum(['begin', 'end']).default('begin') }).optional().describe('counts and time run from this edge of another fault, not from when the wait began');
const trigger = z.strictObject({ ...triggerShape, since }).refine((given) => Object.keys(given).some((key) => key !== 'since'), `at least one of ${Object.keys(triggerShape).join(', ')}`);

const wholeTargets = z.enum(['controller', 'coordinator', 'random', 'minority', 'majority', 'all']);
const nodeTarget = z.union([
  z.strictObject({ leader: z.int().min(0) }),
  z.strictObject({ follower: z.int().min(0) }),
  z.strictObject({ replicas: z.int().min(0) }),
  z.strictObject({ node: z.string().min(1) }),
  wholeTargets,
]);
const target = z.union([
  z.strictObject({ producer: z.int().min(0) }),
  z.strictObject({ consumer: z.int().min(0), between: z.enum(['processing-and-settling', 'settling-and-processing']).optional() }),
  ...nodeTarget.options,
  z.array(nodeTarget).min(2),
]);

/** Characters: it stands in a cell of a table. */
const longestPrediction = 300;

const faultId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and -');

/** Exported for the reference page. */
export const schedules = scheduleShapes(trigger);

const step = z.union([
  z.strictObject({ wait: trigger }),
  z.literal('quiesce'),
  z.strictObject({ publish: z.strictObject({ count, withinMs: count.default(30_000) }) }),
  z.strictObject({ inject: z.enum(faultNames), as: faultId.optional(), target, with: z.record(z.string(), z.int().min(0)).optional() }),
  z.strictObject({ heal: faultId }),
  z.literal('resume'),
  z.literal('consume'),
  z.literal('redundant'),
  z.strictObject({ redundant: z.strictObject({ withinMs: count.default(60_000) }) }),
  z.strictObject({ rolling: schedules.rolling }),
  z.strictObject({ chase: schedules.chase }),
  z.strictObject({ storm: schedules.storm }),
]);

const clause = z.union([
  z.enum(['forbidden', 'allowed', 'required']),
  z.strictObject({ max: z.int().min(0) }),
  z.strictObject({ min: z.int().min(0) }),
  z.strictObject({ equals: z.union([z.literal('exposed'), z.int().min(0)]) }),
]);

/** Also read on its own: `report --contract file`. */
export const contractSchema = z
  .strictObject(Object.fromEntries(measures.map((measure) => [measure, clause.optional()])))
  .refine((contract) => Object.keys(contract).length > 0, 'at least one measure, such as lost: forbidden');

const boundsSchema = z.strictObject({
  provisionMs: count.default(180_000).describe('cluster start, from an image that is there to ready'),
  steadyMs: count.default(30_000).describe('healthy traffic before the chaos'),
  stepMs: count.default(60_000).describe('any one step'),
  healMs: count.default(60_000).describe('undoing the faults and verifying it'),
  recoverMs: count.default(60_000).describe('full redundancy and an acknowledged probe'),
  drainMs: count.default(60_000).describe('consumers getting what is left'),
  auditMs: count.default(60_000).describe('reading what the broker holds'),
  teardownMs: count.default(30_000).describe('collecting logs and removing the cluster'),
});

const versionCondition = (spec: BrokerSpec) => ({
  versions: z.array(z.enum(spec.versions)).min(1).describe('versions of the broker'),
  because: z.string().min(1).describe('why, with where the vendor says so or what was measured'),
});

const programSchema = z.strictObject({
  command: z.array(z.string().min(1)).min(1).describe('executable and arguments; no shell'),
  environment: z.record(z.string(), z.string()).default({}).describe('variables beside those that Leaderfall itself has'),
});

function clusterSchema(spec: BrokerSpec) {
  return z.strictObject({
    broker: z.literal(spec.name).describe('which broker'),
    version: z.enum(spec.versions).default(spec.defaultVersion).describe('broker version'),
    nodes: z.int().min(1).max(9).default(spec.defaultNodes).describe('how many nodes'),
    properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}).describe("broker settings in the broker's own words; they win over the file"),
    propertiesFile: z.string().min(1).optional().describe("path to a server.properties, relative to the scenario's file"),
    configFile: z.string().min(1).optional().describe("path to a rabbitmq.conf, relative to the scenario's file"),
    ...(spec.defects === null ? {} : { defects: z.strictObject(objectShape(spec.defects)).prefault({}).describe('defects of the embedded broker') }),
  });
}

const producerShape = (spec: BrokerSpec) => ({
  driver: z.enum([...spec.producerDrivers, 'program']).default(spec.producerDrivers[0] ?? '').describe('client library under test; program: your own, see docs/bring-your-own-client.md'),
  program: programSchema.optional().describe('how to start your own client, with driver program'),
  count: count.max(64).default(1).describe('producers, each a process of its own'),
  inFlight: count.default(1).describe('publishes under way at once, per producer'),
  batch: count.default(1).describe('messages in one publish'),
  routing: z.enum(['explicit', 'multi-partition', 'keyed', 'keyless']).default('explicit').describe('who chooses the partition: explicit: Leaderfall, one a publish; multi-partition: Leaderfall, all of them in each publish; keyed, keyless: the client'),
  keys: count.default(defaultKeys).describe('how many different keys keyed messages have'),
  ratePerSecond: z.number().positive().nullable().default(null).describe('messages a second over all producers; null: flat out'),
  resend: z.enum(['never', 'unknown']).default('never').describe('unknown: publish again what is neither known stored nor known lost'),
  options: settings.default({}).describe('passed to the client library as they are'),
});

const consumerShape = (spec: BrokerSpec) => ({
  driver: z.enum([...spec.consumerDrivers, 'program']).default(spec.consumerDrivers[0] ?? '').describe('client library under test; program: your own, see docs/bring-your-own-client.md'),
  program: programSchema.optional().describe('how to start your own client, with driver program'),
  count: count.max(64).default(1).describe('consumers, each a process of its own'),
  start: z.enum(['steady', 'drain']).default('steady').describe('drain: consumers start only once the chaos is over'),
  settle: z.enum(['after-processing', 'before-processing', 'automatic']).default('after-processing').describe('when a delivery is acknowledged or committed'),
  prefetch: z.int().min(0).max(65_535).default(100).describe('deliveries a consumer may hold; 0: no limit'),
  handlerMs: z.int().min(0).default(0).describe('milliseconds that the handler takes for one message'),
  refuse: z.strictObject({ every: count, requeue: z.boolean().default(false) }).nullable().default(null).describe('the handler refuses every so-many-th message, when this process sees it first; requeue: to be delivered again'),
  options: settings.default({}).describe('passed to the client library as they are'),
});

export const commonProducerKeys = ['driver', 'count', 'inFlight', 'batch', 'ratePerSecond', 'resend', 'routing', 'keys', 'program', 'options'] as const;
export const commonConsumerKeys = ['driver', 'count', 'start', 'settle', 'prefetch', 'handlerMs', 'refuse', 'program', 'options'] as const;

/** For one broker: the policy fields beside the common ones are the broker's own. */
export function scenarioSchema(spec: BrokerSpec): ScenarioSchema {
  const known = built.get(spec);
  if (known !== undefined) return known;
  const schema = buildScenarioSchema(spec);
  built.set(spec, schema);
  return schema;
}

type ScenarioSchema = ReturnType<typeof buildScenarioSchema>;
/** Building one takes longer than checking a scenario with it. */
const built = new WeakMap<BrokerSpec, ScenarioSchema>();

function buildScenarioSchema(spec: BrokerSpec) {
  return z.strictObject({
    name: name.describe('path-like and stable; unique'),
    title: z.string().min(1).optional().describe('one line for people; default: the name'),
    tags: z.array(z.string().min(1)).default([]).describe('for `--tag`'),
    twin: name.nullable().default(null).describe('the scenario with the same steps that differs in one policy field'),
    policy: z.enum(policyNames(spec.name)).optional().describe('a delivery policy by name: it sets fields of destination, producer and consumer; what is written there wins'),
    cluster: clusterSchema(spec),
    destination: z.strictObject({ partitions: z.int().min(1).max(1_000).default(1).describe('1 for a queue'), ...objectShape(spec.destination) }).prefault({}),
    producer: z.strictObject({ ...producerShape(spec), ...objectShape(spec.producerPolicy) }).prefault({}),
    consumer: z.strictObject({ ...consumerShape(spec), ...objectShape(spec.consumerPolicy) }).prefault({}),
    payloadBytes: z.int().min(0).max(1_048_576).default(256).describe('size of a message body, beside its 32-byte header'),
    steady: trigger.optional().describe('healthy traffic before the first step; default: 100 acknowledged (handed over, where there are no acknowledgements)'),
    steps: z.array(step).min(1),
    contract: contractSchema,
    predicted: z.strictObject(Object.fromEntries(measures.map((measure) => [measure, z.string().min(1).max(longestPrediction).optional()]))).optional().describe('by measure of the contract, in words: what you expect to be measured, and why; shown beside what was, and judged by nobody'),
    only: z.strictObject(versionCondition(spec)).optional().describe('versions of the broker that have this policy at all; default: all'),
    onVersions: z.array(z.strictObject({ ...versionCondition(spec), contract: contractSchema })).default([]).describe('what differs on some versions of the broker: clauses that replace those of the contract'),
    bounds: boundsSchema.prefault({}),
    sources: z.array(z.url({ protocol: /^https?$/ })).default([]).describe('what the vendor says about this policy'),
  });
}

export type ParsedScenario = z.output<ScenarioSchema>;
