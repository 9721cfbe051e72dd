// Combinations that cannot work on Kafka, or would silently test something else, each with its reason. Pure.
import type { Contradiction } from '../../model/broker.ts';
import { demands } from '../../model/clause.ts';
import { faultDeclarations } from '../../model/fault-parameters.ts';
import type { ClusterSpec, ConsumerSpec, Scenario } from '../../model/scenario.ts';
import { driverContradictions } from './driver-contradictions.ts';
import { topicSettingNames, type KafkaConsumerPolicy, type KafkaDestination, type KafkaProducerPolicy } from './policy.ts';
import { parseProperties } from './properties.ts';
import { eligibleLeaderReplicas, hasEligibleLeaderReplicas, versions } from './vocabulary.ts';

export const contradictionsOf = (scenario: Scenario): readonly Contradiction[] => [
  ...clusterContradictions(scenario),
  ...destinationContradictions(scenario),
  ...routingContradictions(scenario),
  ...producerContradictions(scenario),
  ...consumerContradictions(scenario),
  ...driverContradictions(scenario),
  ...contractContradictions(scenario),
];

function clusterContradictions({ cluster }: Scenario): readonly Contradiction[] {
  const eligible = cluster.properties[eligibleLeaderReplicas];
  return found([
    !versions.includes(cluster.version) && {
      path: 'cluster.version',
      message: `Kafka ${cluster.version} is not one of the versions that Leaderfall can start`,
      hint: `Use one of ${versions.join(', ')}.`,
    },
    cluster.nodes < 1 && { path: 'cluster.nodes', message: 'A cluster needs at least one node', hint: 'Use 1 or more; 3 for a cluster that survives a loss.' },
    eligible !== undefined && eligible !== '0' && !hasEligibleLeaderReplicas(cluster.version) && {
      path: `cluster.properties.${eligibleLeaderReplicas}`,
      message: `Kafka ${cluster.version} has no eligible leader replicas: KIP-966 came with 4.0`,
      hint: 'Leave it out, or use version 4.0 or later.',
    },
    eligible !== undefined && !['0', '1'].includes(eligible) && {
      path: `cluster.properties.${eligibleLeaderReplicas}`,
      message: `Eligible leader replicas are off (0) or on (1), not ${eligible}`,
      hint: "Use '0' or '1'.",
    },
  ]);
}

const smallestSegment = 1_048_576;

function destinationContradictions(scenario: Scenario): readonly Contradiction[] {
  const { cluster, destination, steps } = scenario;
  const { replicationFactor, minInsyncReplicas, segmentBytes, config } = destination.settings as unknown as KafkaDestination;
  const atFollower = steps.findIndex((step) => step.kind === 'inject' && step.target.role === 'follower');
  const changing = steps.findIndex((step) => step.kind === 'inject' && faultDeclarations[step.fault].family === 'leadership');
  return [
    ...found([
      replicationFactor > cluster.nodes && {
        path: 'destination.replicationFactor',
        message: `replicationFactor ${replicationFactor} needs ${replicationFactor} nodes, the cluster has ${cluster.nodes}`,
        hint: `Set cluster.nodes to ${replicationFactor}, or replicationFactor to ${cluster.nodes}.`,
      },
      minInsyncReplicas > replicationFactor && {
        path: 'destination.minInsyncReplicas',
        message: `minInsyncReplicas ${minInsyncReplicas} can never be met by ${replicationFactor} replicas: acks=all would always be refused`,
        hint: `Set minInsyncReplicas to ${Math.max(1, replicationFactor - 1)}.`,
      },
      replicationFactor === 1 && changing !== -1 && {
        path: `steps[${changing}]`,
        message: 'A topic with replicationFactor 1 has nobody else who could lead',
        hint: 'Raise destination.replicationFactor.',
      },
      replicationFactor === 1 && atFollower !== -1 && {
        path: `steps[${atFollower}].target.follower`,
        message: 'A topic with replicationFactor 1 has no followers',
        hint: 'Raise destination.replicationFactor, or aim at { leader: 0 }.',
      },
      segmentBytes !== null && segmentBytes < smallestSegment && !cluster.version.startsWith('3.') && {
        path: 'destination.segmentBytes',
        message: `Kafka ${cluster.version} refuses segments smaller than 1 MiB (KIP-1030): ${segmentBytes} is less`,
        hint: `Use ${smallestSegment} or more, segmentMs for segments that close soon, or version 3.9.`,
      },
      destination.partitions < 1 && { path: 'destination.partitions', message: 'A topic needs at least one partition', hint: 'Use 1 or more.' },
    ]),
    ...Object.entries(topicSettingNames).filter(([, name]) => name in config).map(([field, name]) => ({
      path: `destination.config.${name}`,
      message: `${name} has its own field`,
      hint: `Use destination.${field}.`,
    })),
    ...shadowed(scenario),
  ];
}

/** These two are always set on the topic, and there they win over the broker's. */
const alwaysOnTheTopic = ['minInsyncReplicas', 'uncleanLeaderElection'] as const satisfies readonly (keyof typeof topicSettingNames)[];

function shadowed({ cluster, destination }: Scenario): readonly Contradiction[] {
  const broker = brokerSettings(cluster);
  return alwaysOnTheTopic.flatMap((field) => {
    const name = topicSettingNames[field];
    const asked = broker.get(name);
    const used = String((destination.settings as unknown as KafkaDestination)[field]);
    if (asked === undefined || asked === used) return [];
    return [{
      path: `destination.${field}`,
      message: `The broker setting ${name}=${asked} would not count: the topic is created with ${used}`,
      hint: `Set destination.${field} to ${asked}, or leave the broker setting out.`,
    }];
  });
}

function brokerSettings({ file, properties }: ClusterSpec): ReadonlyMap<string, string> {
  return new Map([...(file === null ? [] : parseProperties(file.text)), ...Object.entries(properties)]);
}

function routingContradictions({ destination, producer }: Scenario): readonly Contradiction[] {
  const { cleanupPolicy } = destination.settings as unknown as KafkaDestination;
  const { routing, batch } = producer;
  const { partitions } = destination;
  return found([
    routing === 'multi-partition' && partitions < 2 && {
      path: 'producer.routing',
      message: 'One publish cannot span several partitions of a topic that has one',
      hint: "Set destination.partitions to 2 or more, or routing to 'explicit'.",
    },
    routing === 'multi-partition' && partitions > 1 && batch < partitions && {
      path: 'producer.batch',
      message: `A publish of ${batch} cannot reach each of ${partitions} partitions`,
      hint: `Set producer.batch to ${partitions} or more.`,
    },
    cleanupPolicy === 'compact' && routing !== 'keyed' && {
      path: 'destination.cleanupPolicy',
      message: `A compacted topic takes no records without a key, and with routing '${routing}' they have none`,
      hint: "Set producer.routing to 'keyed'.",
    },
  ]);
}

/** message.max.bytes, unless the topic or the brokers say otherwise. */
const largestBatch = 1_048_588;

function producerContradictions({ cluster, destination, producer, payloadBytes }: Scenario): readonly Contradiction[] {
  const { acks, idempotent } = producer.policy as unknown as KafkaProducerPolicy;
  const { config } = destination.settings as unknown as KafkaDestination;
  const limit = Number(config['max.message.bytes'] ?? brokerSettings(cluster).get('message.max.bytes') ?? largestBatch);
  const together = producer.routing === 'explicit' && producer.driver !== 'program' ? producer.batch : 1;
  return found([
    payloadBytes * together > limit && !('compression' in producer.options) && {
      path: together > 1 ? 'producer.batch' : 'payloadBytes',
      message: `${together > 1 ? `A batch of ${together} messages of ${payloadBytes} bytes` : `A message of ${payloadBytes} bytes`} is more than the ${limit} bytes that the topic takes at once`,
      hint: "Make it smaller, or set destination.config 'max.message.bytes'.",
    },
    producer.batch < 1 && { path: 'producer.batch', message: 'A publish needs at least one message', hint: 'Use 1 or more.' },
    acks === 0 && producer.resend === 'unknown' && {
      path: 'producer.resend',
      message: 'With acks=0 no attempt is ever known to be unknown: nothing could be resent',
      hint: "Use resend 'never', or acks 1 or 'all'.",
    },
    idempotent && acks !== 'all' && {
      path: 'producer.idempotent',
      message: `An idempotent producer needs acks=all, not acks=${acks}`,
      hint: "Set producer.acks to 'all', or idempotent to false.",
    },
  ]);
}

function contractContradictions({ contract, producer }: Scenario): readonly Contradiction[] {
  const { acks } = producer.policy as unknown as KafkaProducerPolicy;
  return found([
    acks === 0 && demands(contract.indeterminate) && producer.driver !== 'program' && {
      path: 'contract.indeterminate',
      message: 'Never holds: with acks=0 nothing is answered, so nothing is ever waited for in vain',
      hint: "Use acks 1 or 'all'.",
    },
  ]);
}

function consumerContradictions({ cluster, consumer, configuration }: Scenario): readonly Contradiction[] {
  const policy = consumer.policy as unknown as KafkaConsumerPolicy;
  const broker = brokerSettings(cluster);
  const shortest = Number(broker.get('group.min.session.timeout.ms') ?? 1000);
  const longest = Number(broker.get('group.max.session.timeout.ms') ?? 1_800_000);
  const intervalChosen = configuration.some(({ scope, key, source }) => scope === 'consumer' && key === 'autoCommitIntervalMs' && source !== 'default');
  return found([
    refusal(consumer),
    policy.heartbeatIntervalMs >= policy.sessionTimeoutMs && {
      path: 'consumer.heartbeatIntervalMs',
      message: `A heartbeat every ${policy.heartbeatIntervalMs} ms cannot keep a session of ${policy.sessionTimeoutMs} ms alive`,
      hint: `Use about a third of the session timeout: ${Math.floor(policy.sessionTimeoutMs / 3)}.`,
    },
    policy.sessionTimeoutMs < shortest && {
      path: 'consumer.sessionTimeoutMs',
      message: `The broker refuses sessions shorter than group.min.session.timeout.ms, ${shortest} ms`,
      hint: `Use ${shortest} or more, or set cluster.properties group.min.session.timeout.ms.`,
    },
    policy.sessionTimeoutMs > longest && {
      path: 'consumer.sessionTimeoutMs',
      message: `The broker refuses sessions longer than group.max.session.timeout.ms, ${longest} ms`,
      hint: `Use ${longest} or less, or raise cluster.properties group.max.session.timeout.ms.`,
    },
    intervalChosen && consumer.settle !== 'automatic' && {
      path: 'consumer.autoCommitIntervalMs',
      message: `With settle '${consumer.settle}' nothing is committed by itself: the interval would do nothing`,
      hint: "Set consumer.settle to 'automatic', or leave autoCommitIntervalMs out.",
    },
  ]);
}

function refusal({ refuse }: ConsumerSpec): Contradiction | false {
  return refuse !== null && {
    path: 'consumer.refuse',
    message: 'Kafka has no reject: a consumer commits an offset, and with it all before it, or it does not',
    hint: 'Leave refuse out; a queue of RabbitMQ has it.',
  };
}

function found(candidates: readonly (Contradiction | false)[]): readonly Contradiction[] {
  return candidates.filter((candidate) => candidate !== false);
}
