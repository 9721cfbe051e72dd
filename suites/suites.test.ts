import { describe, expect, test } from 'vitest';
import type { Scenario } from '../harness/model/scenario.ts';
import { createCatalog } from '../harness/scenario/catalog.ts';
import { suites } from './index.ts';

const byName = new Map(suites.map((scenario) => [scenario.name, scenario]));
const twins = suites.flatMap((scenario) => (scenario.twin === null ? [] : [[scenario.name, scenario, byName.get(scenario.twin)] as const]));

/** Everything that can change what happens, flat. */
function fields({ cluster, destination, producer, consumer, payloadBytes, steady, steps, bounds }: Scenario): ReadonlyMap<string, string> {
  const flat = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    else flat.set(path, JSON.stringify(value));
  };
  walk({ cluster, destination, producer, consumer, payloadBytes, steady, steps, bounds }, '');
  return flat;
}

describe.each(twins)('the twins of %s', (_, scenario, twin) => {
  test('name each other', () => {
    expect(twin?.twin).toBe(scenario.name);
  });

  test('differ in exactly one policy field', () => {
    const [mine, other] = [fields(scenario), fields(twin!)];
    const different = [...new Set([...mine.keys(), ...other.keys()])].filter((key) => mine.get(key) !== other.get(key));
    expect(different).toHaveLength(1);
    expect(different[0]).toMatch(/^\.(producer\.policy|consumer\.policy|destination\.settings)\./);
  });

  test('are one that must lose and one that must not', () => {
    const losing = [scenario, twin!].filter(({ contract }) => contract.lost === 'required' || (typeof contract.lost === 'object' && 'equals' in contract.lost));
    const safe = [scenario, twin!].filter(({ contract }) => contract.lost === 'forbidden');
    expect([losing.length, safe.length]).toEqual([1, 1]);
  });

  test('have triggers that can fire in both', () => {
    for (const trigger of [scenario.steady, ...scenario.steps.flatMap((step) => (step.kind === 'wait' ? [step.trigger] : []))]) {
      expect(trigger.attempted ?? trigger.elapsedMs).toBeDefined();
    }
  });
});

describe.each(suites.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  test('forbids what no policy allows, and cites its vendor', () => {
    expect(scenario.contract).toMatchObject({ phantom: 'forbidden', ghost: 'forbidden', corrupted: 'forbidden', strangers: 'forbidden', stuck: 'forbidden' });
    expect(scenario.sources.length).toBeGreaterThan(0);
  });

  test('heals every fault that it injects', () => {
    const ids = (kind: 'inject' | 'heal') => scenario.steps.flatMap((step) => (step.kind === kind ? [step.id] : [])).sort();
    expect(ids('heal')).toEqual(ids('inject'));
  });
});

test('the demo is the eight scenarios, on three clusters', () => {
  const demo = createCatalog(suites).select([], { tags: ['demo'] });
  expect(demo.map(({ name }) => name)).toEqual([
    'memory/answer-on-accept/crash',
    'memory/answer-after-processing/crash',
    'kafka/acks-all/leader-kill',
    'kafka/acks-1/leader-kill-behind',
    'kafka/acks-all/leader-kill-behind',
    'rabbitmq/quorum-confirms/leader-kill',
    'rabbitmq/classic-no-confirms/home-node-kill',
    'rabbitmq/classic-confirms/home-node-kill',
  ]);
});
