// Topics: created whole (all leaders, all replicas in sync, known to every node) with a group whose coordinator is ready.
import { createTopicsV7, deleteGroupsV2, deleteTopicsV6 } from '@platformatic/kafka';
import type { Destination, DestinationArgs } from '../../model/cluster.ts';
import { LeaderfallError, describeError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { destinationSchema, topicConfig } from './policy.ts';
import { committedOffsets, coordinatorOf, replicasCaughtUp } from './positions.ts';
import type { TopologyReader } from './topology.ts';
import { codeName, codes } from './wire/codes.ts';
import type { Wire } from './wire/wire.ts';

const requestTimeoutMs = 10_000;
const readyWithinMs = 45_000;

interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly { readonly name: string; readonly value: string }[];
}

function topicSettings(args: DestinationArgs): TopicSettings {
  const { partitions, settings } = args;
  const destination = destinationSchema.parse(settings);
  const configs = Object.entries(topicConfig(destination)).map(([name, value]) => ({ name, value }));
  return { name: args.name.replace(/[^a-zA-Z0-9._-]/g, '-').slice(0, 200), partitions, replicationFactor: destination.replicationFactor, configs };
}

/** @throws LeaderfallError `E_BROKER_SETTING` for a topic setting that the broker refuses, `E_CONTRADICTION` for more replicas than nodes. */
export async function createTopic(wire: Wire, topology: TopologyReader, args: DestinationArgs, signal: AbortSignal): Promise<Destination> {
  const topic = topicSettings(args);
  const refusal = await waitUntil(async () => {
    const { code, message } = await askForTopic(wire, topic, signal);
    if (code === codes.notController || code === codes.requestTimedOut) return { done: false, seen: codeName(code) };
    return { done: true, value: code === codes.none || code === codes.topicExists ? null : { code, message } };
  }, { describe: `topic ${topic.name} to be created`, timeoutMs: readyWithinMs, signal });
  if (refusal !== null) throw refused(topic.name, refusal.code, refusal.message);
  const destination = { name: topic.name, partitions: topic.partitions, group: `${topic.name}-group` };
  await waitForCoordinator(wire, destination.group, topic.name, signal);
  // Metadata names a leader before that broker has taken the partition up; until then it refuses, and an acks=0 message is gone unseen.
  await waitUntil(async () => {
    const known = await topology.health(topic.name, signal);
    const { healthy, detail } = known.healthy ? await replicasCaughtUp(wire, topic.name, signal) : known;
    return healthy ? { done: true, value: null } : { done: false, seen: detail };
  }, { describe: `topic ${topic.name} to be served by all its replicas`, timeoutMs: readyWithinMs, signal, intervalMs: 50 });
  return destination;
}

async function askForTopic(wire: Wire, topic: TopicSettings, signal: AbortSignal): Promise<{ readonly code: number; readonly message: string }> {
  const { name, partitions, replicationFactor, configs } = topic;
  const question = { name, numPartitions: partitions, replicationFactor, assignments: [], configs: [...configs] };
  const answer = await wire.any('admin', `create topic ${name}`, signal, (link) => link.ask(createTopicsV7.api, [question], requestTimeoutMs, false));
  const created = answer.topics[0];
  return { code: created?.errorCode ?? -1, message: created?.errorMessage ?? '' };
}

function refused(topic: string, code: number, message: string): LeaderfallError {
  const detail = `${codeName(code)}: ${message}`;
  if (code === codes.invalidReplicationFactor) {
    return new LeaderfallError('E_CONTRADICTION', `Kafka refuses topic ${topic}: ${message}`, { hint: 'Use at least as many nodes as replicas.', detail });
  }
  return new LeaderfallError('E_BROKER_SETTING', `Kafka refuses topic ${topic}: ${message || codeName(code)}`, {
    hint: "Correct the settings under 'destination' as https://kafka.apache.org/documentation/#topicconfigs names them.",
    detail,
  });
}

/** The first group makes Kafka create its offsets topic, which would make the first join slow. */
async function waitForCoordinator(wire: Wire, group: string, topic: string, signal: AbortSignal): Promise<void> {
  await waitUntil(async () => {
    await committedOffsets(await coordinatorOf(wire, group, signal), group, topic, [0]);
    return { done: true, value: null };
  }, { describe: `the coordinator of group ${group}`, timeoutMs: readyWithinMs, signal, intervalMs: 50 });
}

/** The group may still have members that are closing: then it stays, harmless, for no other topic uses its name. */
export async function deleteTopic(wire: Wire, destination: Destination, signal: AbortSignal): Promise<void> {
  const { name, group } = destination;
  const answer = await wire.any('admin', `delete topic ${name}`, signal, (link) => link.ask(deleteTopicsV6.api, [{ name }], requestTimeoutMs));
  const code = answer.responses[0]?.errorCode ?? -1;
  if (code !== codes.none && code !== codes.unknownTopic) throw new LeaderfallError('E_TIMEOUT', `Kafka did not delete topic ${name}: ${codeName(code)}`);
  if (group === undefined) return;
  try {
    await (await coordinatorOf(wire, group, signal)).ask(deleteGroupsV2.api, [group]);
  } catch (error) {
    if (signal.aborted) throw new LeaderfallError('E_TIMEOUT', `Deleting group ${group} was cut short: ${describeError(error)}`, { cause: error });
  }
}
