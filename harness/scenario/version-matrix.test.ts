import { describe, expect, test } from 'vitest';
import { defineScenario } from './define-scenario.ts';
import type { ScenarioInput } from './input.ts';
import { describeMatrix } from './describe-matrix.ts';
import { versionMatrix } from './version-matrix.ts';

const base = { steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } } as const;
const kafka = (name: string, more: Partial<ScenarioInput> = {}) => defineScenario({ ...base, name, cluster: { broker: 'kafka' }, ...more } as ScenarioInput);
const cells = (matrix: ReturnType<typeof versionMatrix>) => matrix.scenarios.map(({ name, cluster }) => `${name} ${cluster.version}`);

const all = kafka('kafka/all');
const old = kafka('kafka/old', { only: { versions: ['3.9'], because: 'removed in 4.0' } });
const memory = defineScenario({ ...base, name: 'memory/a', cluster: { broker: 'memory' } });

describe('a matrix of versions', () => {
  test('has each scenario once a version, cluster by cluster; scenarios of other brokers stay as they are', () => {
    const { scenarios, notApplicable } = versionMatrix([all, memory, kafka('kafka/more')], new Map([['kafka', ['3.9', '4.3']]]));
    expect(scenarios.map(({ name, cluster }) => `${name} ${cluster.version}`)).toEqual(['kafka/all 3.9', 'kafka/more 3.9', 'kafka/all 4.3', 'kafka/more 4.3', 'memory/a embedded']);
    expect(notApplicable).toEqual([]);
  });

  test('tells of versions that do not have a policy, with the reason', () => {
    const matrix = versionMatrix([all, old], new Map([['kafka', ['3.9', '4.3']]]));
    expect(cells(matrix)).toEqual(['kafka/all 3.9', 'kafka/old 3.9', 'kafka/all 4.3']);
    expect(matrix.notApplicable).toEqual([{ name: 'kafka/old', version: '4.3', reason: 'kafka 4.3 does not have this policy: removed in 4.0' }]);
    expect(describeMatrix(matrix)).toBe(['matrix', '  kafka/all  3.9, 4.3', '  kafka/old  3.9', '  not on 4.3: kafka/old: kafka 4.3 does not have this policy: removed in 4.0'].join('\n'));
  });

  test('tells of versions that the broker itself refuses, with its reason', () => {
    const transient = defineScenario({ ...base, name: 'rabbitmq/transient', cluster: { broker: 'rabbitmq', version: '4.0' }, destination: { type: 'classic', durable: false } });
    const matrix = versionMatrix([transient], new Map([['rabbitmq', ['4.0', '4.3']]]));
    expect(cells(matrix)).toEqual(['rabbitmq/transient 4.0']);
    expect(matrix.notApplicable).toMatchObject([{ name: 'rabbitmq/transient', version: '4.3', reason: expect.stringContaining('denies non-durable queues') }]);
  });

  test('does not take a mistake in the conditions on a version for one that lacks the policy', () => {
    const scenario = kafka('kafka/a', { onVersions: [{ versions: ['3.9'], because: 'measured', contract: { deadLettered: 'required' } }] });
    expect(() => versionMatrix([scenario], new Map([['kafka', ['3.9', '4.3']]]))).toThrow(expect.objectContaining({ code: 'E_CONTRADICTION' }));
  });

  test('does not take a clause that can hold nowhere for one that a version lacks, because the written version goes without it', () => {
    const scenario = kafka('kafka/a', { contract: { deadLettered: 'required' }, onVersions: [{ versions: ['4.1'], because: 'measured', contract: { deadLettered: 'allowed' } }] });
    expect(scenario.cluster.version).toBe('4.1');
    expect(() => versionMatrix([scenario], new Map([['kafka', ['3.9', '4.1']]]))).toThrow(expect.objectContaining({ code: 'E_CONTRADICTION' }));
  });

  test('judges by the contract of each version', () => {
    const scenario = kafka('kafka/a', { onVersions: [{ versions: ['3.9'], because: 'measured', contract: { lost: 'allowed' } }] });
    const { scenarios } = versionMatrix([scenario], new Map([['kafka', ['3.9', '4.3']]]));
    expect(scenarios.map(({ contract }) => contract.lost)).toEqual(['allowed', 'forbidden']);
  });
});

describe('what the command line sets beside the versions', () => {
  test('holds on each of them', () => {
    const { scenarios } = versionMatrix([all], new Map([['kafka', ['3.9', '4.3']]]), [{ path: 'payloadBytes', value: 7 }]);
    expect(scenarios.map(({ payloadBytes }) => payloadBytes)).toEqual([7, 7]);
  });

  test('is an error where it cannot be, and not a version that lacks the policy', () => {
    expect(() => versionMatrix([all], new Map([['kafka', ['3.9']]]), [{ path: 'cluster.nodes', value: 1 }])).toThrow(expect.objectContaining({ code: 'E_CONTRADICTION' }));
    expect(() => versionMatrix([all], new Map([['kafka', ['3.9']]]), [{ path: 'cluster.nods', value: 1 }])).toThrow(expect.objectContaining({ code: 'E_SCENARIO_INVALID' }));
  });
});
