import { expect, test } from 'vitest';
import { defineScenario } from './define-scenario.ts';
import { overrideScenario } from './override-scenario.ts';

const scenario = defineScenario({
  name: 'kafka/a', cluster: { broker: 'kafka' }, producer: { acks: 'all' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' },
});

test('a field that is set wins over the scenario and is recorded as a flag', () => {
  const changed = overrideScenario(scenario, [{ path: 'producer.acks', value: 1 }, { path: 'cluster.version', value: '3.9' }, { path: 'cluster.properties.num.io.threads', value: 2 }]);
  expect(changed.producer.policy['acks']).toBe(1);
  expect(changed.cluster).toMatchObject({ version: '3.9', properties: { 'num.io.threads': '2' } });
  expect(changed.configuration.find(({ key }) => key === 'acks')).toMatchObject({ value: '1', source: 'flag' });
  expect(scenario.producer.policy['acks']).toBe('all');
});

test('what is set is checked like what is written', () => {
  expect(() => overrideScenario(scenario, [{ path: 'producer.ackss', value: 1 }])).toThrow('is not valid');
  expect(() => overrideScenario(scenario, [{ path: 'cluster.nodes', value: 1 }])).toThrow('contradicts itself');
});

test('without anything to set the scenario stays itself', () => {
  expect(overrideScenario(scenario, [])).toBe(scenario);
});
