// Passwords and tokens of a scenario reach the driver, and nothing that a run writes or prints.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../model/scenario.ts';
import type { WorkerSetup } from '../workload/protocol.ts';
import { filesBelow, Place, readRecord, type Ended } from './testing/program.ts';

const secrets = ['hunter2-password', 'hunter2-token', 'hunter2-jaas', 'hunter2-url', 'hunter2-key', 'hunter2-file', 'hunter2-flag', 'hunter2 in words'] as const;

const options = `{ sasl: { mechanism: plain, username: me, password: hunter2-password }, token: hunter2-token, url: "amqp://me:hunter2-url@broker:5672" }`;
const memoryYaml = `name: mine/secret
cluster: { broker: memory }
producer: { inFlight: 4, ratePerSecond: 400, options: ${options} }
consumer: { prefetch: 20, options: { apiKey: hunter2-key, list: [{ password: hunter2-password }] } }
steady: { acknowledged: 20 }
steps: [{ wait: { acknowledged: 50 } }]
contract: { lost: forbidden }
`;
const kafkaYaml = `name: mine/kafka-secret
cluster:
  broker: kafka
  propertiesFile: server.properties
  properties: { ssl.key.password: hunter2-password, listener.name.x.sasl.jaas.config: 'Module required username="me" password="hunter2-jaas";' }
producer: { options: { sasl: { mechanism: plain, username: me, password: hunter2-password } } }
steps: [{ wait: { acknowledged: 50 } }]
contract: { lost: forbidden }
`;

/** Runs in every process of the program: copies what a worker is told at its start, as its driver will see it. */
const tap = (path: string): string => `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs';
  const emit = process.emit;
  process.emit = function (name, message) {
    if (name === 'message' && message && message.type === 'setup') appendFileSync(${JSON.stringify(path)}, JSON.stringify(message.setup) + '\\n');
    return emit.apply(this, arguments);
  };
`)}`;

const place = new Place();
let memory: Ended;
let kafka: Ended;
let setups: readonly WorkerSetup[];
beforeAll(async () => {
  const setupsFile = join(place.folder, 'setups.ndjson');
  place.write('server.properties', 'ssl.truststore.password=hunter2-file\nnum.io.threads=4\n');
  [memory, kafka] = await Promise.all([
    place.start(['run', place.write('memory.yaml', memoryYaml), '--out', place.out, '--set', 'producer.options.secret=hunter2-flag', '--set', 'producer.options.privateKey=hunter2 in words'], { env: { NODE_OPTIONS: `--import ${tap(setupsFile)}` } }),
    // No engine answers there: the run ends in its provision, and leaves its record all the same.
    place.start(['run', place.write('kafka.yaml', kafkaYaml), '--out', join(place.folder, 'kafka-out')], { env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' } }),
  ]);
  setups = readFileSync(setupsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as WorkerSetup);
}, 120_000);
afterAll(() => place[Symbol.dispose]());

const leaksIn = (text: string): readonly string[] => secrets.filter((secret) => text.includes(secret));

test('a worker gets the real values, as its driver needs them', () => {
  expect(setups.map(({ name }) => name).sort()).toEqual(['consumer-0', 'producer-0']);
  const { producer, consumer } = setups[0]!;
  expect(producer.options).toEqual({ sasl: { mechanism: 'plain', username: 'me', password: 'hunter2-password' }, token: 'hunter2-token', url: 'amqp://me:hunter2-url@broker:5672', secret: 'hunter2-flag', privateKey: 'hunter2 in words' });
  expect(consumer.options).toEqual({ apiKey: 'hunter2-key', list: [{ password: 'hunter2-password' }] });
});

test.each(['out', 'kafka-out'])('no file of the run in %s holds a secret', (out) => {
  const files = filesBelow(join(place.folder, out));
  expect(files.map((file) => file.split('/').at(-1))).toEqual(expect.arrayContaining(['plan.json', 'run.json', 'timeline.ndjson', 'report.html', 'suite.json', 'junit.xml', 'summary.md', 'metrics.txt']));
  expect(files.flatMap((file) => leaksIn(readFileSync(file, 'latin1')).map((secret) => `${secret} in ${file}`))).toEqual([]);
});

test('neither stdout nor stderr holds a secret', () => {
  expect([memory.code, memory.stderr.includes('audit')]).toEqual([0, true]);
  expect([memory, kafka].flatMap(({ stdout, stderr }) => [...leaksIn(stdout), ...leaksIn(stderr)])).toEqual([]);
});

test('plan and record keep what is no secret', () => {
  const folder = place.runFolders[0]!;
  const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan;
  const { scenario } = readRecord(folder);
  for (const { producer } of [plan.scenario, scenario]) expect(producer.options).toMatchObject({ sasl: { mechanism: 'plain', username: 'me', password: '‹redacted›' } });
});

test('without an engine the run exits 4 and its report says why', () => {
  expect([kafka.code, kafka.stderr]).toEqual([4, expect.stringContaining('No container engine answers')]);
  const folder = filesBelow(join(place.folder, 'kafka-out')).find((file) => file.endsWith('run.json'))!.replace('/run.json', '');
  expect(readRecord(folder)).toMatchObject({ status: 'failed', error: { code: 'E_NO_ENGINE', phase: 'provision', hint: expect.stringContaining('DOCKER_HOST') }, facts: null, judgement: { verdict: 'inconclusive' } });
  expect(readRecord(folder).configuration.find(({ key }) => key === 'sasl.password' || key === 'options.sasl.password')?.value).toBe('‹redacted›');
});
