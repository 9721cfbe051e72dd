import { expect, test } from 'vitest';
import { defineScenario } from './define-scenario.ts';
import { redactScenario } from './redact-scenario.ts';

test('no secret of client options, properties or addresses survives, and all else does', () => {
  const scenario = defineScenario({
    name: 'kafka/secret',
    cluster: { broker: 'kafka', properties: { 'ssl.key.password': 'hunter2', 'num.io.threads': 4 } },
    producer: { options: { sasl: { mechanism: 'plain', username: 'me', password: 'hunter2' } } },
    steps: [{ wait: { elapsedMs: 1 } }],
    contract: { lost: 'forbidden' },
  });
  const text = JSON.stringify(redactScenario(scenario));
  expect(JSON.stringify(scenario)).toContain('hunter2');
  expect(text).not.toContain('hunter2');
  expect(redactScenario(scenario)).toMatchObject({ name: 'kafka/secret', cluster: { properties: { 'num.io.threads': '4' } }, producer: { options: { sasl: { username: 'me' } } }, contract: { lost: 'forbidden' } });
});
