import { describe, expect, test } from 'vitest';
import { brokerSpecs } from './broker-specs.ts';
import { faultNames } from '../model/scenario.ts';
import { compileScenario } from './compile-scenario.ts';
import type { Compiled, Override } from './compile-scenario.ts';
import { formatPath } from './problem.ts';

const kafka = {
  name: 'kafka/orders',
  cluster: { broker: 'kafka' },
  steps: [{ wait: { acknowledged: 5 } }, { inject: 'kill', target: { leader: 0 } }, { heal: 'kill' }],
  contract: { lost: 'forbidden' },
};

const compile = (input: unknown, files: Readonly<Record<string, string>> = {}, overrides: readonly Override[] = []): Compiled =>
  compileScenario(input, {
    specs: brokerSpecs,
    overrides,
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  });

function problemsOf(input: unknown): readonly string[] {
  const compiled = compile(input);
  return compiled.ok ? [] : compiled.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

function scenarioOf(input: unknown, files: Readonly<Record<string, string>> = {}, overrides: readonly Override[] = []) {
  const compiled = compile(input, files, overrides);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.scenario;
}

describe('a valid scenario', () => {
  test('gets every default filled in', () => {
    const scenario = scenarioOf(kafka);
    expect(scenario).toMatchObject({
      title: 'kafka/orders',
      twin: null,
      cluster: { broker: 'kafka', nodes: 3, properties: {}, file: null, defects: {} },
      destination: { partitions: 1, settings: { replicationFactor: 3, minInsyncReplicas: 2 } },
      producer: { count: 1, inFlight: 1, batch: 1, ratePerSecond: null, resend: 'never', policy: { acks: 'all', idempotent: false }, options: {} },
      consumer: { start: 'steady', settle: 'after-processing' },
      steady: { acknowledged: 100 },
      bounds: { stepMs: 60_000 },
    });
  });

  test('has its steps in the words of the model', () => {
    expect(scenarioOf({ ...kafka, steps: ['quiesce', { publish: { count: 10 } }, { inject: 'pause', as: 'p', target: { follower: 0 } }, { heal: 'p' }, 'resume'] }).steps).toEqual([
      { kind: 'quiesce' },
      { kind: 'publish', count: 10, withinMs: 30_000 },
      { kind: 'inject', fault: 'pause', id: 'p', target: { role: 'follower', partition: 0 }, parameters: {} },
      { kind: 'heal', id: 'p' },
      { kind: 'resume' },
    ]);
  });

  test('says of each setting whether it was written or is a default', () => {
    const { configuration } = scenarioOf({ ...kafka, producer: { acks: 1, options: { retry: { retries: 3 } } } }, {}, [{ path: 'producer.acks', value: 1 }]);
    const rows = configuration.map(({ scope, key, value, source }) => `${scope} ${key}=${value} (${source})`);
    expect(rows).toContain('producer acks=1 (flag)');
    expect(rows).toContain('producer options.retry.retries=3 (scenario)');
    expect(rows).toContain('producer inFlight=1 (default)');
    expect(rows).toContain('topic replicationFactor=3 (default)');
    expect(scenarioOf({ ...kafka, producer: { acks: 1 } }).configuration.find(({ key }) => key === 'acks')?.source).toBe('scenario');
  });

  test('never shows a secret in its configuration', () => {
    const { configuration } = scenarioOf({ ...kafka, producer: { options: { sasl: { mechanism: 'plain', username: 'me', password: 'hunter2' } } } });
    expect(JSON.stringify(configuration)).not.toContain('hunter2');
    expect(configuration.find(({ key }) => key === 'options.sasl.password')?.value).toBe('‹redacted›');
  });

  test('carries the text of the broker file that it names, and properties as text', () => {
    const { cluster } = scenarioOf({ ...kafka, cluster: { broker: 'kafka', propertiesFile: 'server.properties', properties: { 'num.io.threads': 4 } } }, { 'server.properties': 'a=b\n' });
    expect(cluster.file).toEqual({ path: 'server.properties', text: 'a=b\n' });
    expect(cluster.properties).toEqual({ 'num.io.threads': '4' });
  });

  test('treats a key that is undefined like a key that is absent', () => {
    expect(scenarioOf({ ...kafka, twin: undefined, producer: { acks: undefined } })).toEqual(scenarioOf({ ...kafka, producer: {} }));
  });

  test('waits for what is handed over where the policy has no acknowledgements', () => {
    expect(scenarioOf({ ...kafka, producer: { acks: 0 }, steps: [{ wait: { handedOver: 10 } }], contract: { lost: 'allowed' } }).steady).toEqual({ handedOver: 100 });
  });
});

describe('an invalid scenario', () => {
  test.each([
    ['an unknown broker', { ...kafka, cluster: { broker: 'kafak' } }, 'cluster.broker: received "kafak"; allowed: memory, kafka, rabbitmq; did you mean "kafka"?'],
    ['no broker', { name: 'x', steps: [], contract: {} }, 'cluster: is missing; a scenario names its broker: cluster: { broker: memory | kafka | rabbitmq }'],
    ['an unknown key', { ...kafka, producer: { ackss: 1 } }, 'producer.ackss: unknown key "ackss"; did you mean "acks"?'],
    ['a key of another broker', { ...kafka, producer: { confirms: true } }, 'producer.confirms: unknown key "confirms"; allowed: driver, program, count, inFlight, batch, routing, keys, ratePerSecond, resend, options, acks, idempotent, transaction, retries, requestTimeoutMs, retryInitialMs, retryMaxMs'],
    ['a wrong word', { ...kafka, contract: { lost: 'forbiden' } }, 'contract.lost: received "forbiden"; allowed: forbidden, allowed, required, { max: integer ≥ 0 }, { min: integer ≥ 0 }, { equals: exposed | integer ≥ 0 }; did you mean "forbidden"?'],
    ['an unknown measure', { ...kafka, contract: { lots: 'forbidden' } }, 'contract.lots: unknown key "lots"; did you mean "lost"?'],
    ['an empty contract', { ...kafka, contract: {} }, 'contract: received {}; needed: at least one measure, such as lost: forbidden'],
    ['a wrong number', { ...kafka, producer: { inFlight: 0 } }, 'producer.inFlight: received 0; allowed: integer ≥ 1'],
    ['a wrong policy value', { ...kafka, producer: { acks: 'al' } }, 'producer.acks: received "al"; allowed: all, 1, 0; did you mean "all"?'],
    ['an unknown trigger', { ...kafka, steps: [{ wait: { acknowleged: 5 } }] }, 'steps[0].wait.acknowleged: unknown key "acknowleged"; did you mean "acknowledged"?'],
    ['an empty trigger', { ...kafka, steps: [{ wait: {} }] }, 'steps[0].wait: received {}; needed: at least one of acknowledged, handedOver, delivered, processed, attempted, elapsedMs, inSyncAtMost'],
    ['an unknown fault', { ...kafka, steps: [{ inject: 'kil', target: { leader: 0 } }] }, `steps[0].inject: received "kil"; allowed: ${faultNames.join(', ')}; did you mean "kill"?`],
    ['a fault without target', { ...kafka, steps: [{ inject: 'kill' }] }, 'steps[0].target: is missing; allowed: { producer: integer ≥ 0 }, { consumer: integer ≥ 0, between?: processing-and-settling | settling-and-processing }, { leader: integer ≥ 0 }, { follower: integer ≥ 0 }, { replicas: integer ≥ 0 }, { node: string }, controller, coordinator, random, minority, majority, all, list of { leader } | { follower } | { replicas } | { node } | controller | coordinator | random | minority | majority | all'],
    ['a name with spaces', { ...kafka, name: 'My Scenario' }, 'name: received "My Scenario"; needed: lower-case words joined by - and /, such as kafka/acks-all/leader-kill'],
    ['defects of a real broker', { ...kafka, cluster: { broker: 'kafka', defects: {} } }, 'cluster.defects: unknown key "defects"; allowed: broker, version, nodes, properties, propertiesFile, configFile'],
    ['a file that is not there', { ...kafka, cluster: { broker: 'kafka', propertiesFile: 'nope' } }, 'cluster.propertiesFile: cannot read "nope": there is no such file'],
    ['no map at all', 'kafka', '(scenario): received "kafka"; a scenario is a map with name, cluster, steps and contract'],
  ])('with %s is told what is wrong, where and what is right', (_, input, expected) => {
    expect(problemsOf(input)).toEqual([expected]);
  });

  test('hears of all its problems at once', () => {
    expect(problemsOf({ ...kafka, extra: 1, producer: { inFlight: 0, batch: 'x' }, contract: { lost: 'maybe' } })).toHaveLength(4);
  });

  test('never gets a secret thrown back', () => {
    expect(problemsOf({ ...kafka, producer: { options: 5, inFlight: { password: 'hunter2' } } }).join()).not.toContain('hunter2');
  });
});

describe('a scenario that contradicts itself', () => {
  test.each([
    ['more replicas than nodes', { ...kafka, cluster: { broker: 'kafka', nodes: 1 } }, 'destination.replicationFactor'],
    ['idempotence with acks=1', { ...kafka, producer: { acks: 1, idempotent: true } }, 'producer.idempotent'],
    ['a quorum queue that is not durable', { ...kafka, cluster: { broker: 'rabbitmq' }, destination: { type: 'quorum', durable: false } }, 'destination.durable'],
    ['a partition that does not exist', { ...kafka, steps: [{ inject: 'kill', target: { leader: 1 } }] }, 'steps[0].target.leader'],
    ['a node that does not exist', { ...kafka, steps: [{ inject: 'kill', target: { node: 'kafka-4' } }] }, 'steps[0].target.node'],
    ['two faults of one name', { ...kafka, steps: [{ inject: 'kill', target: { leader: 0 } }, { inject: 'kill', target: { follower: 0 } }] }, 'steps[1].inject'],
    ['a heal of nothing', { ...kafka, steps: [{ heal: 'kill' }] }, 'steps[0].heal'],
    ['a closed publish amid traffic', { ...kafka, steps: [{ publish: { count: 5 } }] }, 'steps[0].publish'],
    ['a wait for traffic that rests', { ...kafka, steps: ['quiesce', { wait: { acknowledged: 5 } }] }, 'steps[1].wait'],
    ['acknowledgements that never come', { ...kafka, producer: { acks: 0 }, steps: [{ wait: { acknowledged: 5 } }] }, 'steps[0].wait'],
    ['deliveries to consumers that do not run', { ...kafka, consumer: { start: 'drain' }, steps: [{ wait: { delivered: 5 } }] }, 'steps[0].wait'],
    ['exposure without a fault', { ...kafka, steps: ['quiesce'], contract: { lost: { equals: 'exposed' } } }, 'contract.lost'],
    ['itself as twin', { ...kafka, twin: 'kafka/orders' }, 'twin'],
  ])('with %s is refused with a hint', (_, input, place) => {
    const compiled = compile(input);
    expect(compiled).toMatchObject({ ok: false, code: 'E_CONTRADICTION' });
    if (compiled.ok) return;
    expect(compiled.problems.map(({ path }) => formatPath(path))).toEqual([place]);
    expect(compiled.problems[0]?.hint).toMatch(/\w/);
  });

  test('is left alone when one of several counts can fire', () => {
    expect(compile({ ...kafka, producer: { acks: 0 }, steps: [{ wait: { acknowledged: 5, handedOver: 5 } }] }).ok).toBe(true);
  });
});
