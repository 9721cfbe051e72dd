// The library as its users call it: what goes wrong is told in the message, for consoles and test runners print nothing else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { printError } from './cli/print-error.ts';
import { defineScenario, isLeaderfallError, loadScenarioFile, policies, runScenario } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-library-'));
afterAll(() => rmSync(folder, { recursive: true }));

function errorOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (isLeaderfallError(error)) return error;
  }
  throw new Error('expected a LeaderfallError');
}

const wrong = () => defineScenario({ name: 'a', cluster: { broker: 'kafka', nodes: 1 }, producer: { acks: 1, idempotent: true }, steps: [{ heal: 'kill' }], contract: { lost: 'forbidden' } });

test('an error of defineScenario has every problem in its message', () => {
  const { message, detail, hint } = errorOf(wrong);
  expect(message).toContain('\n  destination.replicationFactor: replicationFactor 3 needs 3 nodes');
  expect(message).toContain('\n  producer.idempotent: ');
  expect(message).toContain('\n  steps[0].heal: heals "kill"');
  expect(detail).toMatch(/\w/);
  expect(hint).toMatch(/\w/);
});

test('the command line shows the lines of such an error once', () => {
  let text = '';
  printError({ stdout: { write: () => {} }, stderr: { write: (part) => { text += part; } }, env: {}, nowMs: () => 0 }, errorOf(wrong));
  expect(text.match(/producer\.idempotent: /g)).toHaveLength(1);
});

test('an error of a scenario file has every problem with its place in its message', async () => {
  const path = join(folder, 'wrong.yaml');
  writeFileSync(path, 'name: a\ncluster: { broker: memory }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: { lots: forbidden }\n');
  await expect(loadScenarioFile(path)).rejects.toThrow(`${path}:4:13: contract.lots: unknown key "lots"; did you mean "lost"?`);
});

test('a scenario of a policy by name runs, and says in its record where each value came from', async () => {
  const scenario = defineScenario({ name: 'mine', cluster: { broker: 'memory' }, ...policies.atLeastOnce('memory'), steady: { acknowledged: 20 }, steps: [{ wait: { acknowledged: 50 } }], contract: 'at-least-once' });
  const record = await runScenario(scenario, { out: folder });
  expect([record.judgement.verdict, record.judgement.sentence]).toEqual(['upheld', expect.any(String)]);
  expect(record.configuration.find(({ key }) => key === 'answer')).toMatchObject({ value: 'after-processing', source: 'scenario' });
});
