import { expect, test } from 'vitest';
import type { ClusterSpec } from '../../model/scenario.ts';
import { effectiveSettings } from './settings.ts';

const advertised = { host: '127.0.0.1', ports: [21001, 21002, 21003] };
const spec = (parts: Partial<ClusterSpec> = {}): ClusterSpec => ({ broker: 'kafka', version: '4.1', nodes: 3, properties: {}, file: null, defects: {}, ...parts });
const file = (text: string) => ({ path: 'server.properties', text });
const rowOf = (parts: Partial<ClusterSpec>, key: string) => effectiveSettings(spec(parts), advertised).configuration.find((row) => row.key === key);

test('three nodes share voters and differ in id and advertised address', () => {
  const { nodes } = effectiveSettings(spec(), advertised);
  expect(nodes.map(({ settings }) => settings.get('node.id'))).toEqual(['1', '2', '3']);
  expect(nodes[1]?.settings.get('advertised.listeners')).toBe('INTERNAL://kafka-2:9092,EXTERNAL://127.0.0.1:21002');
  expect(new Set(nodes.map(({ settings }) => settings.get('controller.quorum.voters')))).toEqual(new Set(['1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093']));
});

test('a single node asks for one replica of the internal topics', () => {
  const { nodes } = effectiveSettings(spec({ nodes: 1 }), { host: '127.0.0.1', ports: [21001] });
  expect(nodes[0]?.settings.get('offsets.topic.replication.factor')).toBe('1');
  expect(nodes[0]?.settings.get('transaction.state.log.min.isr')).toBe('1');
});

test('inline properties win over the file, the file over our defaults, each with its source', () => {
  const parts = { file: file('num.io.threads=3\nbroker.session.timeout.ms=9000'), properties: { 'num.io.threads': '5' } };
  expect(rowOf(parts, 'num.io.threads')).toMatchObject({ value: '5', source: 'scenario' });
  expect(rowOf(parts, 'broker.session.timeout.ms')).toMatchObject({ value: '9000', source: 'file' });
  expect(rowOf(parts, 'auto.create.topics.enable')).toMatchObject({ value: 'false', source: 'default' });
});

test('what the harness must own overrides the user, with a line and a record of what was asked', () => {
  const { nodes, overrides, configuration, userKeys } = effectiveSettings(spec({ file: file('log.dirs=/data\nbroker.id=7\nnum.io.threads=2') }), advertised);
  expect(nodes[0]?.settings.get('log.dirs')).toBe('/var/lib/kafka/data');
  expect(nodes[0]?.settings.has('broker.id')).toBe(false);
  expect(overrides).toHaveLength(2);
  expect(overrides[0]).toContain('log.dirs=/data');
  expect(configuration.find(({ key }) => key === 'log.dirs')).toMatchObject({ source: 'harness', overridden: '/data' });
  expect(configuration.find(({ key }) => key === 'broker.id')).toMatchObject({ source: 'harness', value: '(not set)', overridden: '7' });
  expect(userKeys).toEqual(['num.io.threads']);
});

test('every setting of a node is recorded exactly once', () => {
  const { nodes, configuration } = effectiveSettings(spec({ properties: { 'log.retention.ms': '1' } }), advertised);
  expect(configuration.map(({ key }) => key).sort()).toEqual([...(nodes[0]?.settings.keys() ?? [])].sort());
});

test('secrets are hidden in the record and in override lines, not from the broker', () => {
  const { nodes, configuration } = effectiveSettings(spec({ properties: { 'ssl.keystore.password': 'hunter2' } }), advertised);
  expect(JSON.stringify(configuration)).not.toContain('hunter2');
  expect(nodes[0]?.settings.get('ssl.keystore.password')).toBe('hunter2');
});

test('a feature of the cluster is no setting of its brokers', () => {
  const { nodes, userKeys, configuration } = effectiveSettings(spec({ properties: { 'eligible.leader.replicas.version': '0' } }), advertised);
  expect(nodes[0]?.settings.has('eligible.leader.replicas.version')).toBe(false);
  expect(userKeys).toEqual([]);
  expect(configuration.some(({ key }) => key === 'eligible.leader.replicas.version')).toBe(false);
});
