import { describe, expect, test } from 'vitest';
import { contracts } from '../model/contract-presets.ts';
import { brokerSpecs } from './broker-specs.ts';
import { compileScenario } from './compile-scenario.ts';
import { defineScenario } from './define-scenario.ts';
import { overrideScenario } from './override-scenario.ts';
import { policies, policyFragments } from './policies.ts';

const base = { name: 'a', steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } } as const;
const compile = (input: object) => compileScenario({ ...base, ...input }, { specs: brokerSpecs, readFile: () => '' });
const cells = brokerSpecs.flatMap((spec) => spec.versions.flatMap((version) => Object.keys(policyFragments[spec.name]).map((policy) => [policy, spec.name, version] as const)));

test.each(cells)('%s on %s %s can run, and sets what it says', (policy, broker, version) => {
  const compiled = compile({ cluster: { broker, version }, policy });
  expect(compiled).toMatchObject({ ok: true });
  if (!compiled.ok) return;
  const rows = compiled.scenario.configuration.filter(({ source }) => source === 'preset').map(({ key }) => key);
  const fragment = (policyFragments[broker] as Readonly<Record<string, Readonly<Record<string, object>>>>)[policy]!;
  expect(rows.sort()).toEqual(Object.values(fragment).flatMap((part) => Object.keys(part)).sort());
});

test('spread in TypeScript and named in YAML are the same, apart from where the values are said to come from', () => {
  const spread = defineScenario({ ...base, cluster: { broker: 'kafka' }, ...policies.atLeastOnce('kafka') });
  const named = defineScenario({ ...base, cluster: { broker: 'kafka' }, policy: 'at-least-once' });
  expect({ ...named, configuration: [] }).toEqual({ ...spread, configuration: [] });
  expect(named.configuration.find(({ key }) => key === 'acks')).toMatchObject({ value: 'all', source: 'preset' });
  expect(spread.configuration.find(({ key }) => key === 'acks')).toMatchObject({ value: 'all', source: 'scenario' });
});

test('one part of a policy can be spread and added to', () => {
  const scenario = defineScenario({ ...base, cluster: { broker: 'rabbitmq' }, producer: { ...policies.atLeastOnce('rabbitmq').producer, inFlight: 8 } });
  expect(scenario.producer).toMatchObject({ inFlight: 8, resend: 'unknown', policy: { confirms: true } });
});

describe('a policy by name', () => {
  test('gives way to what is written beside it, and to what the command line sets', () => {
    const scenario = defineScenario({ ...base, cluster: { broker: 'kafka' }, policy: 'at-least-once', producer: { resend: 'never' } });
    expect(scenario.producer).toMatchObject({ resend: 'never', policy: { acks: 'all' } });
    const changed = overrideScenario(scenario, [{ path: 'producer.acks', value: 1 }]);
    expect(changed.producer.policy['acks']).toBe(1);
    expect(overrideScenario(scenario, [{ path: 'policy', value: 'stored-once' }]).producer.policy['idempotent']).toBe(true);
  });

  test.each([
    ['that the broker does not have', { cluster: { broker: 'rabbitmq' }, policy: 'stored-once' }, 'received "stored-once"; allowed: at-most-once, at-least-once'],
    ['that is misspelt', { cluster: { broker: 'kafka' }, policy: 'at-lest-once' }, 'received "at-lest-once"; allowed: at-most-once, at-least-once, stored-once; did you mean "at-least-once"?'],
    ['exactly-once', { cluster: { broker: 'kafka' }, policy: 'exactly-once' }, 'exactly-once needs transactions from the topic that is read to the topic that is written, which Leaderfall does not drive yet'],
  ])('%s is refused', (_, input, message) => {
    expect(compile(input)).toMatchObject({ ok: false, code: 'E_SCENARIO_INVALID', problems: [{ path: ['policy'], message }] });
  });

  test('that a broker does not have does not compile in TypeScript', () => {
    // @ts-expect-error RabbitMQ has no idempotent producer.
    expect(policies.storedOnce('rabbitmq')).toBeDefined();
    // @ts-expect-error The same by name.
    expect(() => defineScenario({ ...base, cluster: { broker: 'rabbitmq' }, policy: 'stored-once' })).toThrow('is not valid');
  });

  test('exactly-once in TypeScript says that it is to come, and what is nearest', () => {
    expect(() => policies.exactlyOnce('kafka')).toThrow(expect.objectContaining({ code: 'E_USAGE', hint: expect.stringContaining('stored-once') }));
  });
});

describe('a contract by name', () => {
  const contractOf = (contract: unknown) => {
    const compiled = compile({ cluster: { broker: 'memory' }, contract });
    return compiled.ok ? compiled.scenario.contract : compiled.problems;
  };

  test('stands for its clauses, and gives way to those beside it', () => {
    expect(contractOf('at-least-once')).toEqual(contracts.atLeastOnce());
    expect(contractOf({ preset: 'at-least-once', lost: { max: 3 }, unavailableMs: { max: 15_000 } })).toEqual({ ...contracts.atLeastOnce(), lost: { max: 3 }, unavailableMs: { max: 15_000 } });
  });

  test('that is unknown says which there are and what was meant', () => {
    expect(contractOf('at-lest-once')).toMatchObject([{ path: ['contract'], message: expect.stringMatching(/^received "at-lest-once"; allowed: at-most-once, .*or a map of measures to clauses; did you mean "at-least-once"\?$/) }]);
    expect(contractOf({ preset: 'none', lost: 'forbidden' })).toMatchObject([{ path: ['contract', 'preset'] }]);
    expect(contractOf({ preset: 'at-least-once', lots: 'forbidden' })).toMatchObject([{ path: ['contract', 'lots'] }]);
  });

  test('changes with the version like any other', () => {
    const input = { cluster: { broker: 'kafka', version: '3.9' }, contract: 'at-least-once', onVersions: [{ versions: ['3.9'], because: 'x', contract: { lost: 'allowed' } }] };
    expect(compile(input)).toMatchObject({ ok: true, scenario: { contract: { ...contracts.atLeastOnce(), lost: 'allowed' } } });
  });
});
