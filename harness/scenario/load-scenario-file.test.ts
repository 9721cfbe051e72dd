import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isLeaderfallError } from '../model/errors.ts';
import type { LeaderfallError } from '../model/errors.ts';
import { loadScenarioFile } from './load-scenario-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function errorOf(path: string): Promise<LeaderfallError> {
  const error: unknown = await loadScenarioFile(path).catch((thrown: unknown) => thrown);
  if (!isLeaderfallError(error)) throw new Error('expected a LeaderfallError', { cause: error });
  return error;
}

const valid = `name: orders/acks-1/leader-kill
title: Orders
tags: [mine]
cluster:
  broker: kafka
  version: 4.0
  propertiesFile: ./server.properties
  properties: { num.io.threads: 4 }
destination: { partitions: 6 }
producer: { acks: 1, inFlight: 8, ratePerSecond: 500 }
steps:
  - wait: { acknowledged: 2000 }
  - quiesce
  - publish: { count: 1000, withinMs: 8000 }
  - inject: kill
    as: k1
    target: { leader: 0 }
  - heal: k1
  - resume
contract:
  lost: { equals: exposed }
  duplicated: { max: 50 }
`;

describe('a YAML file', () => {
  test('gives the same scenario as TypeScript with the same fields', async () => {
    write('server.properties', 'num.network.threads=2\n');
    const yaml = await loadScenarioFile(write('orders.yaml', valid));
    const module = await loadScenarioFile(write('orders.mjs', `
      export default {
        name: 'orders/acks-1/leader-kill', title: 'Orders', tags: ['mine'],
        cluster: { broker: 'kafka', version: '4.0', propertiesFile: './server.properties', properties: { 'num.io.threads': 4 } },
        destination: { partitions: 6 },
        producer: { acks: 1, inFlight: 8, ratePerSecond: 500 },
        steps: [
          { wait: { acknowledged: 2_000 } }, 'quiesce', { publish: { count: 1_000, withinMs: 8_000 } },
          { inject: 'kill', as: 'k1', target: { leader: 0 } }, { heal: 'k1' }, 'resume',
        ],
        contract: { lost: { equals: 'exposed' }, duplicated: { max: 50 } },
      };`));
    expect(yaml).toHaveLength(1);
    expect(yaml).toEqual(module);
    expect(yaml[0]?.cluster).toMatchObject({ version: '4.0', file: { path: './server.properties', text: 'num.network.threads=2\n' } });
  });

  test('that is not YAML is refused with file:line:column', async () => {
    const path = write('broken.yaml', 'name: x\ncluster: { broker: kafka\nsteps: []\n');
    const error = await errorOf(path);
    expect(error.code).toBe('E_SCENARIO_INVALID');
    expect(error.message).toMatch(/broken\.yaml:\d+:\d+: not valid YAML/);
  });

  test('points at the offending value', async () => {
    const path = write('value.yaml', valid.replace('acks: 1', 'acks: most'));
    const error = await errorOf(path);
    expect(error.detail).toBe(`${path}:10:19: producer.acks: received "most"; allowed: all, 1, 0`);
  });

  test('points at the offending key, in a list of scenarios too', async () => {
    const path = write('list.yaml', `- ${valid.replace('inFlight', 'inflight').trimEnd().replaceAll('\n', '\n  ')}\n`);
    expect((await errorOf(path)).detail).toBe(`${path}:10:24: producer.inflight: unknown key "inflight"; did you mean "inFlight"?`);
  });

  test('points at a step that contradicts another', async () => {
    const path = write('steps.yaml', valid.replace('- heal: k1', '- heal: k2'));
    const error = await errorOf(path);
    expect(error.code).toBe('E_CONTRADICTION');
    expect(error.detail).toContain(`${path}:18:11: steps[4].heal: heals "k2"; injected before it: k1; did you mean "k1"?`);
    expect(error.hint).toMatch(/\w/);
  });

  test('points at the nearest place where the offending field is a default', async () => {
    const path = write('nodes.yaml', valid.replace('version: 4.0', 'nodes: 1'));
    expect((await errorOf(path)).detail).toContain(`${path}:9:14: destination.replicationFactor: `);
  });

  test('refuses a key that stands twice', async () => {
    expect((await errorOf(write('twice.yaml', 'name: a\nname: b\n'))).message).toContain('twice.yaml:2:1');
  });
});

describe('versions in YAML', () => {
  test('are words and no numbers, in conditions too', async () => {
    const text = `${valid.replace('version: 4.0', 'nodes: 3').replace('  propertiesFile: ./server.properties\n', '')}only: { versions: [3.9, 4.0], because: it is }
onVersions:
  - versions: [4.0]
    because: measured
    contract: { lost: allowed }
`;
    const [scenario] = await loadScenarioFile(write('versions.yaml', text));
    expect(scenario).toMatchObject({ cluster: { version: '4.0' }, only: { versions: ['3.9', '4.0'] }, conditions: [{ versions: ['4.0'] }], contract: { lost: 'allowed' } });
  });
});

test('a policy, a contract and a program stand in YAML as in TypeScript; the program runs beside its file', async () => {
  const [scenario] = await loadScenarioFile(write('program.yaml', `name: mine
policy: at-least-once
cluster: { broker: kafka }
producer: { driver: program, program: { command: [python3, client.py] } }
steps: [{ wait: { elapsedMs: 1 } }]
contract: { preset: at-least-once, unavailableMs: { max: 15000 } }
`));
  expect(scenario).toMatchObject({ producer: { resend: 'unknown', program: { command: ['python3', 'client.py'], folder } }, contract: { lost: 'forbidden', unavailableMs: { max: 15_000 } } });
});

test('several documents in one file are refused, with how to write several scenarios', async () => {
  const error = await errorOf(write('documents.yaml', 'name: a\n---\nname: b\n'));
  expect(error.message).toMatch(/documents\.yaml:2:1: a second document begins here \(---\)/);
  expect(error.hint).toContain('as a list');
});

describe('a module', () => {
  test('without default export is refused', async () => {
    expect((await errorOf(write('none.mjs', 'export const scenario = 1;'))).message).toContain('has no default export');
  });

  test('that cannot be imported is refused with the reason', async () => {
    const error = await errorOf(write('throws.mjs', 'throw new Error("out of order");'));
    expect(error.code).toBe('E_SCENARIO_INVALID');
    expect(error.message).toContain('out of order');
  });

  test('with an invalid scenario is refused like any other', async () => {
    expect((await errorOf(write('invalid.mjs', "export default { name: 'a', cluster: { broker: 'memory' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'none' } };"))).detail).toContain('contract.lost: received "none"');
  });
});

test('a file that is not there is named', async () => {
  const error = await errorOf(join(folder, 'nowhere.yaml'));
  expect(error.code).toBe('E_SCENARIO_UNKNOWN');
  expect(error.message).toContain('nowhere.yaml');
});
