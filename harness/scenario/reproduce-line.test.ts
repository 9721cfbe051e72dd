import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defineScenario } from './define-scenario.ts';
import { loadScenarioFile } from './load-scenario-file.ts';
import { overrideScenario } from './override-scenario.ts';
import { makePlan } from './plan.ts';
import { reproduceLine } from './reproduce-line.ts';
import { versionMatrix } from './version-matrix.ts';

const shipped = defineScenario({ name: 'kafka/a', cluster: { broker: 'kafka' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } });
const lineOf = (scenario: typeof shipped, seed = 'abc') => reproduceLine(makePlan({ scenario, seed, repetition: 1, createdAt: '2026-11-23T14:05:06.789Z' }));

test('a shipped scenario is named', () => {
  expect(lineOf(shipped)).toBe('npx leaderfall run kafka/a --seed abc');
});

test('the version that it ran on and what was set stand in it, apart from secrets', () => {
  const [on39] = versionMatrix([shipped], new Map([['kafka', ['3.9']]]), [{ path: 'producer.acks', value: 1 }]).scenarios;
  expect(lineOf(on39!)).toBe('npx leaderfall run kafka/a --set producer.acks=1 --broker-version kafka=3.9 --seed abc');
  const secret = overrideScenario(shipped, [{ path: 'cluster.properties.ssl.key.password', value: 'hunter2' }]);
  expect(lineOf(secret, "it's")).toBe(String.raw`npx leaderfall run kafka/a --set 'cluster.properties.ssl.key.password=‹redacted›' --seed 'it'\''s'`);
});

test("a scenario of the user's own is its file, changed or not", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-reproduce-'));
  const path = join(folder, 'mine.yaml');
  writeFileSync(path, 'name: mine/a\ncluster: { broker: memory }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: at-least-once\n');
  const [mine] = await loadScenarioFile(path).finally(() => rmSync(folder, { recursive: true }));
  expect(lineOf(mine!)).toBe(`npx leaderfall run ${path} --seed abc`);
  expect(lineOf(overrideScenario(mine!, [{ path: 'payloadBytes', value: 7 }]))).toBe(`npx leaderfall run ${path} --set payloadBytes=7 --seed abc`);
});
