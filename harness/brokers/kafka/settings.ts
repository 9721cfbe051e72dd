// The broker settings of each node: our defaults, the user's file over them, the user's properties over that, and what
// the harness must own over everything, never silently. Pure.
import type { Configured, SettingSource } from '../../model/configuration.ts';
import { redactSetting } from '../../model/configuration.ts';
import type { ClusterSpec } from '../../model/scenario.ts';
import { nodeName } from './node-ids.ts';
import { parseProperties } from './properties.ts';
import { eligibleLeaderReplicas } from './vocabulary.ts';

export const internalPort = 9092;
export const externalPort = 19092;
/** For the harness where clients come through a proxy: it advertises the port that goes around it. */
export const directPort = 19093;
const controllerPort = 9093;
/** Inside the containers; the built image makes the folder, and the official one may write anywhere below it. */
export const dataDirectory = '/var/lib/kafka/data';

interface NodeSettings {
  readonly index: number;
  readonly settings: ReadonlyMap<string, string>;
}

export interface EffectiveSettings {
  readonly nodes: readonly NodeSettings[];
  readonly configuration: readonly Configured[];
  /** The user's own keys, to be checked against what the broker knows. */
  readonly userKeys: readonly string[];
  /** One line for each setting of the user that the harness replaced. */
  readonly overrides: readonly string[];
}

/** Defaults that differ from Kafka's, or that matter so much for a verdict that they are written out. */
function defaultSettings(nodes: number): ReadonlyMap<string, string> {
  const replicas = String(Math.min(3, nodes));
  const minimum = String(Math.min(2, nodes));
  return new Map([
    // A dead broker is noticed in 3 s instead of 9, so that a leader moves while clients still retry.
    ['broker.session.timeout.ms', '3000'],
    ['broker.heartbeat.interval.ms', '500'],
    ['group.initial.rebalance.delay.ms', '0'],
    ['group.min.session.timeout.ms', '1000'],
    ['offsets.topic.replication.factor', replicas],
    ['offsets.topic.num.partitions', '3'],
    ['transaction.state.log.replication.factor', replicas],
    ['transaction.state.log.min.isr', minimum],
    ['transaction.state.log.num.partitions', '3'],
    ['auto.create.topics.enable', 'false'],
    ['unclean.leader.election.enable', 'false'],
    // Leadership moves by a fault only, never by a timer in the background.
    ['auto.leader.rebalance.enable', 'false'],
    ['replica.lag.time.max.ms', '30000'],
    // A test broker carries little: fewer threads and a small cleaner buffer save start-up time and memory.
    ['num.network.threads', '2'],
    ['num.io.threads', '4'],
    ['background.threads', '4'],
    ['log.cleaner.dedupe.buffer.size', '4194304'],
  ]);
}

/** Where clients on this host reach the nodes: brokers advertise it before they start. */
export interface Advertised {
  readonly host: string;
  readonly ports: readonly number[];
  /** Ports around the proxies that listen on `ports`; absent: there are none. */
  readonly directPorts?: readonly number[];
}

/** What the harness decides because the cluster could not be reached or restarted otherwise. */
function ownedSettings(index: number, { host, ports, directPorts }: Advertised): ReadonlyMap<string, string> {
  const voters = ports.map((_, position) => `${position + 1}@${nodeName(position + 1)}:${controllerPort}`);
  const direct = directPorts === undefined ? null : { listener: `,DIRECT://:${directPort}`, advertised: `,DIRECT://${host}:${directPorts[index - 1]}`, protocol: ',DIRECT:PLAINTEXT' };
  return new Map([
    ['process.roles', 'broker,controller'],
    ['node.id', String(index)],
    ['controller.quorum.voters', voters.join(',')],
    ['listeners', `INTERNAL://:${internalPort},EXTERNAL://:${externalPort}${direct?.listener ?? ''},CONTROLLER://:${controllerPort}`],
    ['advertised.listeners', `INTERNAL://${nodeName(index)}:${internalPort},EXTERNAL://${host}:${ports[index - 1]}${direct?.advertised ?? ''}`],
    ['listener.security.protocol.map', `INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT${direct?.protocol ?? ''},CONTROLLER:PLAINTEXT`],
    ['inter.broker.listener.name', 'INTERNAL'],
    ['controller.listener.names', 'CONTROLLER'],
    ['log.dirs', dataDirectory],
  ]);
}

/** Settings that would contradict the owned ones under another name. They are dropped. */
const refusedSettings: ReadonlySet<string> = new Set([
  'broker.id', 'log.dir', 'metadata.log.dir', 'security.inter.broker.protocol', 'controller.quorum.bootstrap.servers', 'zookeeper.connect',
]);

export function effectiveSettings(spec: ClusterSpec, advertised: Advertised): EffectiveSettings {
  const fromFile = spec.file === null ? new Map<string, string>() : parseProperties(spec.file.text);
  // A feature of the cluster, not a setting of the broker: see features.ts.
  const fromScenario = new Map(Object.entries(spec.properties).filter(([key]) => key !== eligibleLeaderReplicas));
  const layers: readonly (readonly [SettingSource, ReadonlyMap<string, string>])[] = [
    ['default', defaultSettings(spec.nodes)], ['file', fromFile], ['scenario', fromScenario],
  ];
  const chosen = new Map<string, { readonly value: string; readonly source: SettingSource }>();
  for (const [source, layer] of layers) for (const [key, value] of layer) chosen.set(key, { value, source });
  const user = new Map([...fromFile, ...fromScenario]);
  const owned = advertised.ports.map((_, position) => ownedSettings(position + 1, advertised));
  const replaced = [...user.keys()].filter((key) => owned[0]?.has(key) || refusedSettings.has(key));
  for (const key of replaced) chosen.delete(key);
  return {
    nodes: owned.map((settings, position) => ({
      index: position + 1,
      settings: new Map([...[...chosen].map(([key, { value }]) => [key, value] as const), ...settings]),
    })),
    configuration: [
      ...[...chosen].map(([key, { value, source }]) => ({ scope: 'broker', key, value: redactSetting(key, value), source })),
      ...ownedRecords(owned, user),
    ],
    userKeys: [...user.keys()].filter((key) => !replaced.includes(key)),
    overrides: replaced.map((key) => overrideLine(key, user.get(key) ?? '', owned[0]?.get(key))),
  };
}

function ownedRecords(owned: readonly ReadonlyMap<string, string>[], user: ReadonlyMap<string, string>): readonly Configured[] {
  const keys = [...(owned[0]?.keys() ?? []), ...[...user.keys()].filter((key) => refusedSettings.has(key))];
  return keys.map((key) => {
    const values = new Set(owned.map((settings) => settings.get(key)));
    const value = values.size === 1 ? ([...values][0] ?? '(not set)') : [...values].map((each, position) => `${nodeName(position + 1)}: ${each}`).join('; ');
    const asked = user.get(key);
    return { scope: 'broker', key, value, source: 'harness', ...(asked === undefined ? {} : { overridden: redactSetting(key, asked) }) };
  });
}

function overrideLine(key: string, asked: string, used: string | undefined): string {
  const instead = used === undefined ? 'it is dropped' : `${used} is used instead`;
  return `broker setting ${key}=${redactSetting(key, asked)} is overridden: Leaderfall must own it, ${instead}`;
}
