// The options that @platformatic/kafka really gets: ours first, the user's after them, and what the harness must own last. Pure.
import type { ConsumerSpec, ProducerSpec } from '../../../../model/scenario.ts';
import { consumerPolicySchema, producerPolicySchema } from '../../policy.ts';

type Options = Readonly<Record<string, unknown>>;

const clientKeys = ['clientId', 'tls', 'ssl', 'sasl', 'connectTimeout', 'requestTimeout', 'metadataMaxAge', 'maxInflights', 'handleBackPressure'];
export const knownProducerOptions: readonly string[] = [...clientKeys, 'timeout', 'compression', 'repeatOnStaleMetadata', 'acksTold'];
export const knownConsumerOptions: readonly string[] = [
  ...clientKeys, 'retries', 'minBytes', 'maxBytes', 'maxBytesPerPartition', 'isolationLevel', 'highWaterMark', 'heartbeatStallTimeout',
];
export const compressions: readonly string[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** The group requests of a member wait for the others: as long as a rebalance may take, and then some. */
const rebalanceMarginMs = 1000;
/** isolation.level read_committed. */
const readCommitted = 1;

/** The library's own defaults (2.12) where they matter, written out. */
const base = { connectTimeout: 2000, metadataMaxAge: 5000, maxInflights: 5, autocreateTopics: false, strict: true };

/** Not an option of the library: where it is told `acks`, `send` (default) or `constructor`. */
const acksTold = 'acksTold';

export interface PlatformaticProducerOptions {
  readonly producer: Options;
  readonly send: { readonly acks?: number };
  /** What it is told, here or there. */
  readonly asked: number;
}

/**
 * The library takes `acks` in its constructor without a word and does not use it: a send that is not told goes out with acks=1
 * (2.12, measured: suites/client-truth/kafka-acks-ignored.ts). So every send is told, unless a scenario shows just this.
 */
export function producerOptions(spec: ProducerSpec): PlatformaticProducerOptions {
  const { acks, idempotent, retries, requestTimeoutMs, retryInitialMs, retryMaxMs } = producerPolicySchema.parse(spec.policy);
  const { [acksTold]: told = 'send', ...options } = spec.options;
  const asked = acks === 'all' ? -1 : acks;
  const producer = {
    ...base,
    requestTimeout: requestTimeoutMs, timeout: requestTimeoutMs, retryDelay: growing(retryInitialMs, retryMaxMs), compression: 'none', repeatOnStaleMetadata: true,
    ...options,
    retries, idempotent,
  };
  return told === 'constructor' ? { producer: { ...producer, acks: asked }, send: {}, asked } : { producer, send: { acks: asked }, asked };
}

export interface PlatformaticConsumerOptions {
  readonly consumer: Options;
  readonly consume: Options;
}

export function consumerOptions(spec: ConsumerSpec): PlatformaticConsumerOptions {
  const policy = consumerPolicySchema.parse(spec.policy);
  return {
    consumer: {
      ...base,
      // One bound serves all requests of a consumer, and a join lasts as long as the slowest member.
      requestTimeout: Math.max(policy.requestTimeoutMs, policy.rebalanceTimeoutMs + rebalanceMarginMs),
      retries: 5, retryDelay: growing(100, 1000), minBytes: 1, maxWaitTime: policy.maxWaitMs, isolationLevel: readCommitted,
      ...spec.options,
      sessionTimeout: policy.sessionTimeoutMs, heartbeatInterval: policy.heartbeatIntervalMs, rebalanceTimeout: policy.rebalanceTimeoutMs,
    },
    consume: { mode: 'committed', fallbackMode: policy.autoOffsetReset, autocommit: spec.settle === 'automatic' ? policy.autoCommitIntervalMs : false },
  };
}

type RetryDelay = (client: unknown, operation: string, attempt: number) => number;

/** Doubled each time, up to a longest. `toJSON` is for `describeOptions`. */
function growing(initialMs: number, maxMs: number): RetryDelay & { readonly toJSON: () => string } {
  const delay: RetryDelay = (_, __, attempt) => Math.min(maxMs, initialMs * 2 ** (attempt - 1));
  return Object.assign(delay, { toJSON: () => `${initialMs} ms doubled up to ${maxMs} ms` });
}
