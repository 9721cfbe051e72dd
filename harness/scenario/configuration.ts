// The effective client, topic and queue settings of a scenario, each with where it came from.
import type { BrokerSpec } from '../model/broker.ts';
import { redactSetting } from '../model/configuration.ts';
import type { Configured, SettingSource } from '../model/configuration.ts';
import type { Scenario } from '../model/scenario.ts';
import { valueAt } from './schema-problems.ts';

export interface Sources {
  /** The scenario as it was written: a key that is present there came from the scenario. */
  readonly input: unknown;
  /** What the policy that it names sets; any key that is in neither is a default. */
  readonly policy: unknown;
  /** Paths that the command line set. */
  readonly flags: ReadonlySet<string>;
}

export function configurationOf(scenario: Scenario, sources: Sources, spec: BrokerSpec): readonly Configured[] {
  const { destination, producer, consumer } = scenario;
  const store = spec.storeKind(destination) === 'log' ? 'topic' : 'queue';
  const rowsOf = (scope: string, at: string | null, fields: Readonly<Record<string, unknown>>): readonly Configured[] =>
    flatten(fields).map(([path, value]) => {
      const place = at === null ? path : [at, ...path];
      const key = path.join('.');
      return { scope, key, value: redactSetting(key, textOf(value)), source: sourceOf(sources, place) };
    });
  return [
    ...rowsOf(store, 'destination', { partitions: destination.partitions, ...destination.settings }),
    ...rowsOf('producer', 'producer', flatPolicy(producer)),
    ...rowsOf('consumer', 'consumer', flatPolicy(consumer)),
    ...rowsOf('workload', null, { payloadBytes: scenario.payloadBytes, steady: scenario.steady }),
  ];
}

const flatPolicy = ({ policy, ...common }: { readonly policy: Readonly<Record<string, unknown>> }): Readonly<Record<string, unknown>> => ({ ...common, ...policy });

function sourceOf({ input, policy, flags }: Sources, path: readonly string[]): SettingSource {
  if (flags.has(path.join('.'))) return 'flag';
  if (valueAt(input, path) !== undefined) return 'scenario';
  return valueAt(policy, path) === undefined ? 'default' : 'preset';
}

/** Maps become one row a leaf; an empty map says nothing. */
function flatten(fields: Readonly<Record<string, unknown>>, prefix: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    isMap(value) ? flatten(value, [...prefix, key]) : [[[...prefix, key], value] as const],
  );
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
