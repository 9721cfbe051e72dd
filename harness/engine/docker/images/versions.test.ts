import { expect, test } from 'vitest';
import { buildableVersions, buildPlan, fullVersion, officialReference } from './versions.ts';

test.each([['3.9', '3.9.1'], ['4.0', '4.0.0'], ['4.1', '4.1.0'], ['4.1.1', '4.1.1'], ['5.0', '5.0']])('kafka %s means %s', (asked, full) => {
  expect(fullVersion({ name: 'kafka', version: asked })).toBe(full);
  expect(officialReference({ name: 'kafka', version: asked })).toBe(`apache/kafka:${full}`);
});

test('any patch of a known Kafka series can be built; another series, a suffix or shell text cannot', () => {
  expect(buildPlan({ name: 'kafka', version: '4.1.1' })).toEqual({ suite: 'trixie', buildArgs: { KAFKA_VERSION: '4.1.1' } });
  for (const version of ['3.8.1', '4.10.0', '4.1.0-rc1', '4.1.0;id', '', 'constructor']) {
    expect(buildPlan({ name: 'kafka', version }), version).toBeUndefined();
  }
});

test('RabbitMQ series map to the suites that carry them; a patch version is the package mirror\'s choice and not built', () => {
  const suites = ['4.3', '4.0', '3.10'].map((version) => buildPlan({ name: 'rabbitmq', version })?.suite);
  expect(suites).toEqual(['forky', 'trixie', 'bookworm']);
  expect(buildPlan({ name: 'rabbitmq', version: '4.3.6' })).toBeUndefined();
  expect(buildPlan({ name: 'rabbitmq', version: 'constructor' })).toBeUndefined();
  expect(officialReference({ name: 'rabbitmq', version: '4.3' })).toBe('rabbitmq:4.3');
});

test('every version that is offered in an error message has a plan', () => {
  for (const name of ['kafka', 'rabbitmq', 'nettools'] as const) {
    for (const version of buildableVersions[name]) expect(buildPlan({ name, version }), `${name} ${version}`).toBeDefined();
  }
});

test('the network tools have no official image', () => {
  expect(officialReference({ name: 'nettools', version: '1' })).toBeUndefined();
});
