// What users may write for Kafka, and which combinations cannot work. Pure: safe to load without Docker or a client.
import type { BrokerSpec, Contradiction } from '../../model/broker.ts';
import type { ConsumerSpec, ProducerSpec, Scenario } from '../../model/scenario.ts';
import { compressionCodecs, knownConsumerOptions, knownProducerOptions } from './clients/kafkajs/options.ts';
import {
  consumerPolicySchema, destinationSchema, producerPolicySchema,
  type KafkaConsumerPolicy, type KafkaDestination, type KafkaProducerPolicy,
} from './policy.ts';

const versions = ['3.9', '4.0', '4.1', '4.2', '4.3'];
const drivers = ['kafkajs'];

export const kafkaSpec = {
  name: 'kafka',
  versions,
  defaultVersion: '4.1',
  defaultNodes: 3,
  producerDrivers: drivers,
  consumerDrivers: drivers,
  destination: destinationSchema,
  producerPolicy: producerPolicySchema,
  consumerPolicy: consumerPolicySchema,
  defects: null,
  storeKind: () => 'log',
  acknowledges: (producer) => producer.policy['acks'] !== 0,
  contradictions: (scenario) => [
    ...clusterContradictions(scenario),
    ...destinationContradictions(scenario),
    ...producerContradictions(scenario.producer),
    ...consumerContradictions(scenario.consumer),
  ],
} satisfies BrokerSpec;

function clusterContradictions({ cluster }: Scenario): readonly Contradiction[] {
  return found([
    !versions.includes(cluster.version) && {
      path: 'cluster.version',
      message: `Kafka ${cluster.version} is not one of the versions that Leaderfall can start`,
      hint: `Use one of ${versions.join(', ')}.`,
    },
    cluster.nodes < 1 && { path: 'cluster.nodes', message: 'A cluster needs at least one node', hint: 'Use 1 or more; 3 for a cluster that survives a loss.' },
  ]);
}

function destinationContradictions({ cluster, destination }: Scenario): readonly Contradiction[] {
  const { replicationFactor, minInsyncReplicas, config } = destination.settings as unknown as KafkaDestination;
  return found([
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
    'min.insync.replicas' in config && {
      path: 'destination.config',
      message: 'min.insync.replicas has its own field',
      hint: 'Use destination.minInsyncReplicas.',
    },
    destination.partitions < 1 && { path: 'destination.partitions', message: 'A topic needs at least one partition', hint: 'Use 1 or more.' },
  ]);
}

function producerContradictions(producer: ProducerSpec): readonly Contradiction[] {
  const policy = producer.policy as unknown as KafkaProducerPolicy;
  const compression = producer.options['compression'];
  return [
    ...found([
      unknownDriver('producer', producer.driver),
      producer.batch < 1 && { path: 'producer.batch', message: 'A publish needs at least one message', hint: 'Use 1 or more.' },
      policy.acks === 0 && producer.resend === 'unknown' && {
        path: 'producer.resend',
        message: 'With acks=0 no attempt is ever known to be unknown: nothing could be resent',
        hint: "Use resend 'never', or acks 1 or 'all'.",
      },
      typeof compression === 'string' && !(compression in compressionCodecs) && {
        path: 'producer.options.compression',
        message: `kafkajs has no ${compression} codec of its own`,
        hint: `Use one of ${Object.keys(compressionCodecs).join(', ')}.`,
      },
    ]),
    ...(policy.idempotent ? idempotenceContradictions(producer, policy) : []),
    ...unknownOptions('producer', producer.options, knownProducerOptions),
  ];
}

function idempotenceContradictions(producer: ProducerSpec, policy: KafkaProducerPolicy): readonly Contradiction[] {
  const inFlightChosen = 'maxInFlightRequests' in producer.options;
  return found([
    policy.acks !== 'all' && {
      path: 'producer.idempotent',
      message: `An idempotent producer needs acks=all, not acks=${policy.acks}`,
      hint: "Set producer.acks to 'all', or idempotent to false.",
    },
    policy.retries < 1 && {
      path: 'producer.retries',
      message: 'An idempotent producer without retries is refused by kafkajs',
      hint: 'Leave retries out, or use 1 or more.',
    },
    producer.inFlight > 1 && !inFlightChosen && {
      path: 'producer.inFlight',
      message:
        'kafkajs gives the sequence numbers of a failed send to the next one: with several sends under way to a partition the broker drops ' +
        'new records as repetitions and stores others twice',
      hint: 'Use inFlight 1 (and a larger batch, or more producers); to test just this defect, set producer.options.maxInFlightRequests yourself.',
    },
  ]);
}

function consumerContradictions(consumer: ConsumerSpec): readonly Contradiction[] {
  const policy = consumer.policy as unknown as KafkaConsumerPolicy;
  return [
    ...found([
      unknownDriver('consumer', consumer.driver),
      policy.heartbeatIntervalMs >= policy.sessionTimeoutMs && {
        path: 'consumer.heartbeatIntervalMs',
        message: `A heartbeat every ${policy.heartbeatIntervalMs} ms cannot keep a session of ${policy.sessionTimeoutMs} ms alive`,
        hint: `Use about a third of the session timeout: ${Math.floor(policy.sessionTimeoutMs / 3)}.`,
      },
    ]),
    ...unknownOptions('consumer', consumer.options, knownConsumerOptions),
  ];
}

function unknownDriver(role: string, driver: string): Contradiction | false {
  return !drivers.includes(driver) && {
    path: `${role}.driver`,
    message: `There is no Kafka driver ${driver}`,
    hint: `Use ${drivers.join(' or ')}.`,
  };
}

/** kafkajs ignores options that it does not know, so a misspelt one would silently test something else. */
function unknownOptions(role: string, options: Readonly<Record<string, unknown>>, known: readonly string[]): readonly Contradiction[] {
  return Object.keys(options).filter((key) => !known.includes(key)).map((key) => ({
    path: `${role}.options.${key}`,
    message: `${key} is not an option of a kafkajs ${role} that a scenario may set`,
    hint: `Use ${known.join(', ')}.`,
  }));
}

function found(candidates: readonly (Contradiction | false)[]): readonly Contradiction[] {
  return candidates.filter((candidate) => candidate !== false);
}
