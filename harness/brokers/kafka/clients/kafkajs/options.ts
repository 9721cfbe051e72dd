// The options that kafkajs really gets: ours first, the user's after them, and what the harness must own last. Pure.
import type { ConsumerSpec, ProducerSpec } from '../../../../model/scenario.ts';
import { consumerPolicySchema, producerPolicySchema } from '../../policy.ts';

type Options = Readonly<Record<string, unknown>>;

/** kafkajs takes its options in three places; a scenario writes one flat map. */
const clientKeys = ['ssl', 'sasl', 'clientId', 'connectionTimeout', 'authenticationTimeout', 'reauthenticationThreshold', 'requestTimeout', 'enforceRequestTimeout'];
const producerKeys = ['retry', 'metadataMaxAge', 'allowAutoTopicCreation', 'maxInFlightRequests', 'transactionTimeout'];
const sendKeys = ['compression', 'timeout'];
const consumerKeys = [
  'retry', 'metadataMaxAge', 'allowAutoTopicCreation', 'maxInFlightRequests', 'maxBytesPerPartition', 'minBytes', 'maxBytes', 'readUncommitted', 'rackId',
];
const runKeys = ['autoCommitThreshold', 'partitionsConsumedConcurrently'];

export const knownProducerOptions: readonly string[] = [...clientKeys, ...producerKeys, ...sendKeys];
export const knownConsumerOptions: readonly string[] = [...clientKeys, ...consumerKeys, ...runKeys];

/** Codecs as kafkajs numbers them. Only gzip works without a further package. */
export const compressionCodecs: Readonly<Record<string, number>> = { none: 0, gzip: 1 };
export const compressions: readonly string[] = Object.keys(compressionCodecs);

export interface KafkajsProducerOptions {
  readonly client: Options;
  readonly producer: Options;
  readonly send: Options;
}

export interface KafkajsConsumerOptions {
  readonly client: Options;
  readonly consumer: Options;
  readonly run: Options;
  readonly fromBeginning: boolean;
}

export function producerOptions(spec: ProducerSpec): KafkajsProducerOptions {
  const policy = producerPolicySchema.parse(spec.policy);
  const retry = { retries: policy.retries, initialRetryTime: policy.retryInitialMs, maxRetryTime: policy.retryMaxMs, multiplier: 2, factor: 0.2 };
  return {
    client: { connectionTimeout: 2000, requestTimeout: policy.requestTimeoutMs, enforceRequestTimeout: true, retry, ...pick(spec.options, clientKeys) },
    producer: {
      retry, metadataMaxAge: 300_000, allowAutoTopicCreation: false,
      ...(policy.idempotent ? { maxInFlightRequests: 1 } : {}),
      ...pick(spec.options, producerKeys),
      idempotent: policy.idempotent,
    },
    send: { timeout: policy.requestTimeoutMs, ...pick(spec.options, sendKeys), acks: policy.acks === 'all' ? -1 : policy.acks },
  };
}

export function consumerOptions(spec: ConsumerSpec): KafkajsConsumerOptions {
  const policy = consumerPolicySchema.parse(spec.policy);
  // Few retries: only the restart after them looks for a new coordinator when the old one died.
  const retry = { retries: 5, initialRetryTime: 100, maxRetryTime: 1000, multiplier: 2, factor: 0.2 };
  return {
    client: { connectionTimeout: 2000, requestTimeout: policy.requestTimeoutMs, enforceRequestTimeout: true, retry, ...pick(spec.options, clientKeys) },
    consumer: {
      retry, metadataMaxAge: 300_000, allowAutoTopicCreation: false, rebalanceTimeout: policy.rebalanceTimeoutMs, readUncommitted: false,
      sessionTimeout: policy.sessionTimeoutMs, heartbeatInterval: policy.heartbeatIntervalMs, maxWaitTimeInMs: policy.maxWaitMs,
      ...pick(spec.options, consumerKeys),
    },
    run: {
      partitionsConsumedConcurrently: 1, ...pick(spec.options, runKeys), eachBatchAutoResolve: false,
      ...(spec.settle === 'automatic' ? { autoCommit: true, autoCommitInterval: policy.autoCommitIntervalMs } : { autoCommit: false }),
    },
    fromBeginning: policy.autoOffsetReset === 'earliest',
  };
}

function pick(options: Options, keys: readonly string[]): Options {
  return Object.fromEntries(Object.entries(options).filter(([key]) => keys.includes(key)));
}
