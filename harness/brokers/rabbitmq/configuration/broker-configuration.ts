// The configuration that every node gets: our defaults, the user's file, the scenario's properties, and what the harness must own,
// in that order. What it owns wins loudly: the user's value is kept in the record as `overridden`.
import { redactSetting, type Configured, type SettingSource } from '../../../model/configuration.ts';
import type { ClusterSpec } from '../../../model/scenario.ts';
import { erlangName, nodeId } from '../home-node.ts';
import { parseConf, renderConf, withoutKeys, type ConfEntry } from './conf-file.ts';

export interface BrokerConfiguration {
  /** Laid into `/etc/rabbitmq`; the broker reads `conf.d` in the order of the names, and the last value of a key wins. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Secrets are redacted. */
  readonly configured: readonly Configured[];
}

export const credentials = { username: 'guest', password: 'guest' } as const;
export const amqpPort = 5672;
export const managementPort = 15_672;
/** Inside the container. */
export const streamPort = 5552;

/** Changing one of these would cut the harness off from the node, or the nodes from each other. */
const ownedKeys = /^(listeners\.|cluster_formation\.|loopback_users(\.|$)|log\.console$|default_(user|pass|vhost|permissions|user_tags)(\.|$)|management\.(tcp|ssl|listener|path_prefix)(\.|$)|stream\.(listeners|advertised_[a-z_]+)(\.|$))/;

/** Statistics are left off: the harness asks for what it needs, and collecting them every 5 s would be load on the broker under test. */
const defaults: readonly ConfEntry[] = [{ key: 'management_agent.disable_metrics_collector', value: 'true' }];

export function brokerConfiguration(spec: Pick<ClusterSpec, 'nodes' | 'properties' | 'file' | 'equipment'>): BrokerConfiguration {
  const streams = spec.equipment?.includes('streams') ?? false;
  const fileText = spec.file?.text ?? '';
  // One line each: a line break in a value would smuggle in another setting.
  const properties = Object.entries(spec.properties).map(([key, value]) => ({ key, value: value.replaceAll(/\s*\n\s*/g, ' ') }));
  const owned = [...harnessEntries(spec.nodes), ...(streams ? [{ key: 'stream.listeners.tcp.default', value: String(streamPort) }] : [])];
  return {
    files: [
      confFile('20-leaderfall-defaults', renderConf(defaults)),
      confFile('50-file', withoutKeys(fileText, isOwned)),
      confFile('60-scenario', renderConf(properties.filter(({ key }) => !isOwned(key)))),
      confFile('90-leaderfall', renderConf(owned)),
      // The administration API of the harness; with it a topology is one request instead of an Erlang VM of a second.
      { path: '/etc/rabbitmq/enabled_plugins', content: `[${['rabbitmq_management', ...(streams ? ['rabbitmq_stream'] : [])].join(',')}].\n` },
    ],
    configured: effective(parseConf(fileText), properties, owned),
  };
}

/** A client of the stream protocol asks where a stream's leader is, and goes to the address that this node gives: https://www.rabbitmq.com/docs/stream#advertised-host-port */
export const advertisedStream = (host: string, port: number): BrokerConfiguration['files'][number] =>
  confFile('95-streams', renderConf([{ key: 'stream.advertised_host', value: host }, { key: 'stream.advertised_port', value: String(port) }]));

/** One line for each setting of the user that the harness had to override. */
export function describeOverrides(configured: readonly Configured[]): readonly string[] {
  return configured
    .filter(({ overridden }) => overridden !== undefined)
    .map(({ key, value, overridden }) => `${key} = ${overridden} is overridden: the harness must own it (${value === '' ? 'left out' : value})`);
}

const isOwned = (key: string): boolean => ownedKeys.test(key);
const confFile = (name: string, content: string): { path: string; content: string } => ({ path: `/etc/rabbitmq/conf.d/${name}.conf`, content });

function harnessEntries(nodes: number): readonly ConfEntry[] {
  const members = Array.from({ length: nodes }, (_, index) => ({
    key: `cluster_formation.classic_config.nodes.${index + 1}`,
    value: erlangName(nodeId(index)),
  }));
  return [
    { key: 'listeners.tcp.default', value: String(amqpPort) },
    { key: 'loopback_users', value: 'none' },
    { key: 'default_user', value: credentials.username },
    { key: 'default_pass', value: credentials.password },
    { key: 'log.console', value: 'true' },
    { key: 'cluster_formation.peer_discovery_backend', value: 'classic_config' },
    { key: 'cluster_formation.target_cluster_size_hint', value: String(nodes) },
    ...members,
  ];
}

function effective(file: readonly ConfEntry[], properties: readonly ConfEntry[], owned: readonly ConfEntry[]): readonly Configured[] {
  const settings = new Map<string, Configured>();
  const set = ({ key, value }: ConfEntry, source: SettingSource): void => {
    const before = settings.get(key);
    const asked = source === 'harness' && before !== undefined && before.source !== 'default' ? { overridden: before.value } : {};
    settings.set(key, { scope: 'broker', key, value: redactSetting(key, value), source, ...asked });
  };
  for (const entry of defaults) set(entry, 'default');
  for (const entry of file) set(entry, 'file');
  for (const entry of properties) set(entry, 'scenario');
  for (const entry of owned) set(entry, 'harness');
  return [...settings.values()].map((setting) => (isOwned(setting.key) && setting.source !== 'harness' ? leftOut(setting) : setting));
}

/** An owned key that the harness does not set itself, such as a TLS listener. */
const leftOut = (setting: Configured): Configured => ({ ...setting, value: '', source: 'harness', overridden: setting.value });
