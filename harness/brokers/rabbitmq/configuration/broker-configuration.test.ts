import { expect, test } from 'vitest';
import { advertisedStream, brokerConfiguration, describeOverrides } from './broker-configuration.ts';

const build = (file: string | null, properties: Record<string, string> = {}) =>
  brokerConfiguration({ nodes: 3, properties, file: file === null ? null : { path: 'rabbitmq.conf', text: file } });
const setting = (built: ReturnType<typeof build>, key: string) => built.configured.find((configured) => configured.key === key);
const conf = (built: ReturnType<typeof build>, name: string) => built.files.find(({ path }) => path.includes(name))!.content;

test('each value has its source, and the scenario wins over the file, the file over the default', () => {
  const built = build('heartbeat = 20\nmanagement_agent.disable_metrics_collector = false\nchannel_max = 7', { heartbeat: '30' });
  expect(setting(built, 'heartbeat')).toMatchObject({ value: '30', source: 'scenario' });
  expect(setting(built, 'channel_max')).toMatchObject({ value: '7', source: 'file' });
  expect(setting(built, 'management_agent.disable_metrics_collector')).toMatchObject({ value: 'false', source: 'file' });
  expect(setting(build(null), 'management_agent.disable_metrics_collector')).toMatchObject({ value: 'true', source: 'default' });
});

test('what the harness owns wins loudly, from the file and from the scenario', () => {
  const built = build('listeners.tcp.default = 5673', { 'cluster_formation.peer_discovery_backend': 'dns' });
  expect(setting(built, 'listeners.tcp.default')).toEqual({ scope: 'broker', key: 'listeners.tcp.default', value: '5672', source: 'harness', overridden: '5673' });
  expect(setting(built, 'cluster_formation.peer_discovery_backend')).toMatchObject({ value: 'classic_config', overridden: 'dns' });
  expect(describeOverrides(built.configured)).toHaveLength(2);
  expect(describeOverrides(built.configured)[0]).toContain('listeners.tcp.default = 5673 is overridden');
  expect(conf(built, '50-file')).not.toMatch(/^listeners/m);
  expect(conf(built, '60-scenario')).toBe('');
});

test('an owned key that the harness does not set is left out, and the record says so', () => {
  const built = build('listeners.ssl.default = 5671');
  expect(setting(built, 'listeners.ssl.default')).toMatchObject({ value: '', source: 'harness', overridden: '5671' });
  expect(conf(built, '50-file')).not.toMatch(/^listeners/m);
});

test('nothing is overridden where the user sets nothing that the harness owns', () => {
  expect(describeOverrides(build('heartbeat = 20').configured)).toEqual([]);
});

test('the user\'s file reaches the broker as written, so that the broker judges it', () => {
  expect(conf(build('nonsense line\nno.such.key = 1'), '50-file')).toBe('nonsense line\nno.such.key = 1');
});

test('a line break in a property cannot smuggle in a setting', () => {
  const built = build(null, { heartbeat: '20\nlisteners.tcp.default = 1' });
  expect(conf(built, '60-scenario')).toBe('heartbeat = 20 listeners.tcp.default = 1\n');
});

test('passwords never reach the record, neither ours nor the user\'s', () => {
  const built = build('default_pass = hunter2\nauth_ldap.dn_lookup_bind.password = hunter3\nload_definitions = http://me:hunter4@host/x');
  expect(JSON.stringify(built.configured)).not.toContain('hunter');
  expect(describeOverrides(built.configured).join()).not.toContain('hunter');
});

test('all nodes are listed for peer discovery', () => {
  expect(conf(build(null), '90-leaderfall')).toContain('cluster_formation.classic_config.nodes.3 = rabbit@rabbitmq-3');
});

test('the stream protocol is enabled, and owned, where a client needs it, and nowhere else', () => {
  const plugins = (built: ReturnType<typeof build>) => built.files.find(({ path }) => path.endsWith('enabled_plugins'))!.content;
  const streams = brokerConfiguration({ nodes: 3, properties: { 'stream.advertised_port': '1', 'stream.heartbeat': '9' }, file: null, equipment: ['streams'] });
  expect(plugins(streams)).toBe('[rabbitmq_management,rabbitmq_stream].\n');
  expect(conf(streams, '90-leaderfall')).toContain('stream.listeners.tcp.default = 5552');
  expect(conf(streams, '60-scenario')).toBe('stream.heartbeat = 9\n');
  expect(setting(streams, 'stream.advertised_port')).toMatchObject({ value: '', source: 'harness', overridden: '1' });
  expect(plugins(build(null))).toBe('[rabbitmq_management].\n');
  expect(conf(build(null), '90-leaderfall')).not.toContain('stream.');
  expect(advertisedStream('127.0.0.1', 21_000).content).toBe('stream.advertised_host = 127.0.0.1\nstream.advertised_port = 21000\n');
});
