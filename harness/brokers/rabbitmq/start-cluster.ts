// Starts the nodes, waits until they are one cluster by their own view, and says in the broker's words why they are not.
import { createFleet } from '../../engine/docker/create-fleet.ts';
import type { StartClusterOptions } from '../../model/broker.ts';
import type { Node } from '../../model/cluster.ts';
import { redactText } from '../../model/configuration.ts';
import type { Fleet, NodeRequest } from '../../model/engine.ts';
import { isLeaderfallError, LeaderfallError } from '../../model/errors.ts';
import type { ClusterSpec } from '../../model/scenario.ts';
import { type Observation, waitUntil } from '../../model/wait.ts';
import { diagnoseBoot } from './boot-failure.ts';
import { RabbitmqCluster } from './cluster.ts';
import { advertisedStream, amqpPort, type BrokerConfiguration, brokerConfiguration, describeOverrides, managementPort, streamPort } from './configuration/broker-configuration.ts';
import { newCookie } from './configuration/new-cookie.ts';
import { erlangName, nodeId } from './home-node.ts';
import { linkQuestion, streamQuestion } from './link-question.ts';
import { lastLines, nodeFailed } from './node-failed.ts';

/** 3.10 needs 25 s on two idle cores; a busy machine may take several times that. */
const readyTimeoutMs = 150_000;
const logLines = 400;
const memoryMiB = 1024;
/**
 * All data of a node lies below it; the cookie, which a node that lost its data still needs, lies above. Both images run as 999:999.
 * RabbitMQ refuses publishers when less than 50 MB are free.
 */
const disk = { path: '/var/lib/rabbitmq/mnesia', sizeMiB: 512, userId: 999, groupId: 999 } as const;

/**
 * @throws LeaderfallError `E_BROKER_SETTING` with the broker's own words, `E_NODE_FAILED` with the last log lines of a node that exits,
 * `E_NOT_READY` when the nodes never become one cluster; the engine's errors.
 */
export async function startCluster(options: StartClusterOptions): Promise<RabbitmqCluster> {
  const { spec, runId, keep, signal, onProgress } = options;
  const configuration = brokerConfiguration(spec);
  for (const line of describeOverrides(configuration.configured)) onProgress(line);
  const fleet = await createFleet({ runId, keep, signal, onProgress });
  try {
    const ports = await reservePorts(fleet, spec);
    const nodes = await fleet.startNodes(nodeRequests(options, configuration, ports, fleet.host ?? '127.0.0.1'), signal);
    const of = (reserved: readonly number[]) => new Map(nodes.map((node, index) => [node.id, reserved[index]!]));
    // Tried at once, so that it is over before the nodes are ready.
    const network = await fleet.netCapability(signal);
    const cluster = new RabbitmqCluster({ fleet, nodes, apiPorts: of(ports.api), streamPorts: ports.stream === null ? null : of(ports.stream), version: spec.version, configured: configuration.configured, network, onProgress });
    await untilReady(cluster, options);
    return cluster;
  } catch (error) {
    await disposeQuietly(fleet);
    throw error;
  }
}

interface HostPorts {
  readonly amqp: readonly number[];
  readonly api: readonly number[];
  /** Only where a client speaks the stream protocol. */
  readonly stream: readonly number[] | null;
  /** The ways around the proxies, where there are any. */
  readonly direct: readonly number[] | null;
  readonly directStream: readonly number[] | null;
}

async function reservePorts(fleet: Fleet, { nodes, equipment = [] }: ClusterSpec): Promise<HostPorts> {
  return {
    amqp: await fleet.reservePorts(nodes),
    api: await fleet.reservePorts(nodes),
    stream: equipment.includes('streams') ? await fleet.reservePorts(nodes) : null,
    direct: equipment.includes('proxy') ? await fleet.reservePorts(nodes) : null,
    directStream: equipment.includes('proxy') && equipment.includes('streams') ? await fleet.reservePorts(nodes) : null,
  };
}

function nodeRequests({ spec }: StartClusterOptions, { files }: BrokerConfiguration, ports: HostPorts, host: string): readonly NodeRequest[] {
  const cookie = { path: '/var/lib/rabbitmq/.erlang.cookie', content: newCookie(), mode: 0o400 };
  return Array.from({ length: spec.nodes }, (_, index) => ({
    id: nodeId(index),
    image: { name: 'rabbitmq', version: spec.version },
    env: {
      RABBITMQ_NODENAME: erlangName(nodeId(index)),
      // Erlang reserves its table of ports ahead: the default would cost each node tens of megabytes for nothing.
      ERL_MAX_PORTS: '4096',
    },
    files: [...files, cookie, ...(ports.stream === null ? [] : [advertisedStream(host, ports.stream[index]!)])],
    clientPort: amqpPort,
    hostPort: ports.amqp[index]!,
    morePorts: [
      { containerPort: managementPort, hostPort: ports.api[index]! },
      ...(ports.stream === null ? [] : [{ containerPort: streamPort, hostPort: ports.stream[index]!, ...streamProxy(ports.directStream?.[index]) }]),
    ],
    memoryMiB,
    ...(spec.equipment?.includes('disk') === true ? { disk } : {}),
    ...(ports.direct === null ? {} : { proxied: { directPort: ports.direct[index]!, directContainerPort: amqpPort, question: linkQuestion } }),
  }));
}

/** What is asked there is answered before anybody goes where the node advertises. */
const streamProxy = (directPort: number | undefined): Pick<NodeRequest, 'proxied'> =>
  (directPort === undefined ? {} : { proxied: { directPort, directContainerPort: streamPort, question: streamQuestion } });

type Started = { readonly ok: true } | { readonly ok: false; readonly failure: LeaderfallError };

async function untilReady(cluster: RabbitmqCluster, options: StartClusterOptions): Promise<void> {
  const restarted = new Set<string>();
  const look = async (): Promise<Observation<Started>> => {
    const failure = await findExited(cluster.nodes, restarted, options);
    if (failure !== null) return { done: true, value: { ok: false, failure } };
    const health = await cluster.health(null, options.signal);
    return health.healthy ? { done: true, value: { ok: true } } : { done: false, seen: health.detail };
  };
  let started: Started;
  try {
    const describe = `${cluster.nodes.length} RabbitMQ nodes to form a cluster`;
    started = await waitUntil(look, { describe, timeoutMs: readyTimeoutMs, signal: options.signal, intervalMs: 200 });
  } catch (error) {
    throw isLeaderfallError(error) && error.code === 'E_TIMEOUT' ? await notReady(cluster.nodes, error) : error;
  }
  if (!started.ok) throw started.failure;
}

/** A node that exited for a passing reason is started once more; any other exit ends the wait. */
async function findExited(nodes: readonly Node[], restarted: Set<string>, { signal, onProgress }: StartClusterOptions): Promise<LeaderfallError | null> {
  for (const node of nodes) {
    const { status, exitCode } = await node.state(signal);
    if (status !== 'exited') continue;
    const log = await node.lastLogLines(logLines);
    const diagnosis = diagnoseBoot(log);
    if (diagnosis.kind === 'setting') return settingError(node, diagnosis.lines);
    if (diagnosis.kind !== 'transient' || restarted.has(node.id)) return nodeFailed(node, exitCode, log);
    restarted.add(node.id);
    onProgress(`${node.id} exited while starting (${diagnosis.reason}) and is started once more`);
    await node.start(signal);
  }
  return null;
}

function settingError(node: Node, lines: readonly string[]): LeaderfallError {
  // Cuttlefish marks what is wrong with a dash; around it are a heading and suggestions.
  const marked = lines.filter((line) => /^\s*- /.test(line)).map((line) => line.replace(/^\s*- /, ''));
  const reason = marked.length > 0 ? marked.slice(0, 3).join('; ') : (lines.find((line) => !/^\s*Did you mean/.test(line)) ?? 'no reason given').trim();
  return new LeaderfallError('E_BROKER_SETTING', `${node.id} refuses its configuration: ${redactText(reason)}`, {
    hint: 'Correct cluster.properties or the rabbitmq.conf file; the broker\'s own words are part of this error.',
    detail: redactText(lines.join('\n')),
  });
}

async function notReady(nodes: readonly Node[], cause: LeaderfallError): Promise<LeaderfallError> {
  const logs = await Promise.all(nodes.map(async (node) => `${node.id}:\n${lastLines(await node.lastLogLines(15), 15)}`));
  return new LeaderfallError('E_NOT_READY', `The RabbitMQ cluster never became ready: ${cause.message}`, {
    hint: 'The nodes\' last log lines are below; a busy machine may need fewer things at once.',
    detail: logs.join('\n\n'),
    cause,
  });
}

async function disposeQuietly(fleet: Fleet): Promise<void> {
  // The reason for failing is worth more than a failure to clean up; the sweeper gets what is left.
  await Promise.resolve(fleet[Symbol.asyncDispose]()).catch(() => {});
}
