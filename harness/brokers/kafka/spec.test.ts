import { expect, test } from 'vitest';
import type { Scenario } from '../../model/scenario.ts';
import { kafkaSpec } from './spec.ts';

interface Parts {
  readonly cluster?: object;
  readonly partitions?: number;
  readonly destination?: object;
  readonly producer?: object;
  readonly policy?: object;
  readonly consumer?: object;
  readonly consumerPolicy?: object;
  readonly configuration?: Scenario['configuration'];
  readonly contract?: Scenario['contract'];
}

function scenario({ cluster, partitions, destination, producer, policy, consumer, consumerPolicy, configuration, contract }: Parts = {}): Scenario {
  return {
    name: 'kafka/x', title: 'x', tags: [], twin: null,
    cluster: { broker: 'kafka', version: '4.1', nodes: 3, properties: {}, file: null, defects: {}, ...cluster },
    destination: { partitions: partitions ?? 1, settings: kafkaSpec.destination.parse(destination ?? {}) },
    producer: { driver: 'kafkajs', program: null, count: 1, inFlight: 1, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', options: {}, ...producer, policy: kafkaSpec.producerPolicy.parse(policy ?? {}) },
    consumer: { driver: 'kafkajs', program: null, count: 1, start: 'steady', settle: 'after-processing', prefetch: 100, handlerMs: 0, refuse: null, options: {}, ...consumer, policy: kafkaSpec.consumerPolicy.parse(consumerPolicy ?? {}) },
    payloadBytes: 256, steady: { acknowledged: 1 }, steps: [], contract: contract ?? {},
    bounds: { provisionMs: 1, steadyMs: 1, stepMs: 1, healMs: 1, recoverMs: 1, drainMs: 1, auditMs: 1, teardownMs: 1 },
    sources: [], configuration: configuration ?? [], only: null, conditions: [],
  };
}

const paths = (parts?: Parts) => kafkaSpec.contradictions(scenario(parts)).map(({ path }) => path);

test('schemas fill in every default', () => {
  expect(kafkaSpec.destination.parse({})).toEqual({
    replicationFactor: 3, minInsyncReplicas: 2, uncleanLeaderElection: false, flushMessages: null, retentionMs: null, retentionBytes: null,
    segmentBytes: null, segmentMs: null, cleanupPolicy: null, config: {},
  });
  expect(kafkaSpec.producerPolicy.parse({})).toEqual({ acks: 'all', idempotent: false, transaction: 'none', retries: 20, requestTimeoutMs: 3000, retryInitialMs: 100, retryMaxMs: 1000 });
  expect(kafkaSpec.producerPolicy.parse({ idempotent: true })).toMatchObject({ retries: 120 });
  expect(kafkaSpec.consumerPolicy.parse({})).toMatchObject({ sessionTimeoutMs: 6000, rebalanceTimeoutMs: 10_000, autoOffsetReset: 'earliest', autoCommitIntervalMs: 1000 });
});

test('schemas refuse unknown fields and take numbers as topic settings', () => {
  expect(kafkaSpec.producerPolicy.safeParse({ ack: 'all' }).success).toBe(false);
  expect(kafkaSpec.destination.parse({ config: { 'max.message.bytes': 1 } })).toMatchObject({ config: { 'max.message.bytes': '1' } });
});

test('acks=0 has no acknowledgements, acks=1 has', () => {
  expect(kafkaSpec.acknowledges(scenario({ policy: { acks: 0 } }).producer)).toBe(false);
  expect(kafkaSpec.acknowledges(scenario({ policy: { acks: 1 } }).producer)).toBe(true);
});

test('the defaults contradict nothing', () => {
  expect(paths()).toEqual([]);
});

test.each<[string, Parts, string]>([
  ['more replicas than nodes', { cluster: { nodes: 1 } }, 'destination.replicationFactor'],
  ['more in-sync replicas than replicas', { destination: { replicationFactor: 1 } }, 'destination.minInsyncReplicas'],
  ['min.insync.replicas given twice', { destination: { config: { 'min.insync.replicas': '1' } } }, 'destination.config.min.insync.replicas'],
  ['a named topic setting given twice', { destination: { flushMessages: 1, config: { 'flush.messages': '1' } } }, 'destination.config.flush.messages'],
  ['a broker setting that the topic would outvote', { cluster: { properties: { 'unclean.leader.election.enable': 'true' } } }, 'destination.uncleanLeaderElection'],
  ['the same in the user\'s own file', { cluster: { file: { path: 'server.properties', text: 'min.insync.replicas = 1\n' } } }, 'destination.minInsyncReplicas'],
  ['eligible leader replicas before they existed', { cluster: { version: '3.9', properties: { 'eligible.leader.replicas.version': '1' } } }, 'cluster.properties.eligible.leader.replicas.version'],
  ['eligible leader replicas that are neither on nor off', { cluster: { properties: { 'eligible.leader.replicas.version': 'true' } } }, 'cluster.properties.eligible.leader.replicas.version'],
  ['a send over several partitions of one', { producer: { routing: 'multi-partition', batch: 6 } }, 'producer.routing'],
  ['a send over more partitions than it has messages', { partitions: 6, producer: { routing: 'multi-partition', batch: 5 } }, 'producer.batch'],
  ['compaction without keys', { destination: { cleanupPolicy: 'compact' } }, 'destination.cleanupPolicy'],
  ['compaction where the client chooses and there are no keys', { destination: { cleanupPolicy: 'compact' }, producer: { routing: 'keyless' } }, 'destination.cleanupPolicy'],
  ['a handler that refuses', { consumer: { refuse: { every: 2, requeue: false } } }, 'consumer.refuse'],
  ['a session that the broker refuses', { consumerPolicy: { sessionTimeoutMs: 900 } }, 'consumer.sessionTimeoutMs'],
  ['an interval for commits that nothing makes', { configuration: [{ scope: 'consumer', key: 'autoCommitIntervalMs', value: '9', source: 'scenario' }] }, 'consumer.autoCommitIntervalMs'],
  ['idempotence that platformatic would retry for ever', { policy: { idempotent: true, retries: 1 }, producer: { driver: 'platformatic' } }, 'producer.retries'],
  ['acks told nowhere', { producer: { driver: 'platformatic', options: { acksTold: 'somewhere' } } }, 'producer.options.acksTold'],
  ['an option of the other library', { producer: { driver: 'platformatic', options: { maxInFlightRequests: 1 } } }, 'producer.options.maxInFlightRequests'],
  ['idempotence with acks=1', { policy: { idempotent: true, acks: 1 } }, 'producer.idempotent'],
  ['idempotence without retries', { policy: { idempotent: true, retries: 0 } }, 'producer.retries'],
  ['idempotence with several sends under way', { policy: { idempotent: true }, producer: { inFlight: 5 } }, 'producer.inFlight'],
  ['resending what acks=0 cannot know', { policy: { acks: 0 }, producer: { resend: 'unknown' } }, 'producer.resend'],
  ['an empty batch', { producer: { batch: 0 } }, 'producer.batch'],
  ['an unknown version', { cluster: { version: '2.8' } }, 'cluster.version'],
  ['an unknown driver', { producer: { driver: 'node-rdkafka' } }, 'producer.driver'],
  ['an unknown consumer driver', { consumer: { driver: 'node-rdkafka' } }, 'consumer.driver'],
  ['a misspelt client option', { producer: { options: { requestTimeOut: 1 } } }, 'producer.options.requestTimeOut'],
  ['an option that the harness owns', { consumer: { options: { groupId: 'mine' } } }, 'consumer.options.groupId'],
  ['a codec that kafkajs lacks', { producer: { options: { compression: 'zstd' } } }, 'producer.options.compression'],
  ['more sends under way than the broker remembers', { policy: { idempotent: true }, producer: { driver: 'platformatic', inFlight: 6 } }, 'producer.inFlight'],
  ['segments that Kafka 4 refuses', { destination: { segmentBytes: 65_536 } }, 'destination.segmentBytes'],
  ['a session longer than the broker takes', { cluster: { properties: { 'group.max.session.timeout.ms': '5000' } } }, 'consumer.sessionTimeoutMs'],
  ['a batch larger than a topic takes', { producer: { batch: 5_000 } }, 'producer.batch'],
  ['a message larger than the topic takes', { destination: { config: { 'max.message.bytes': '200' } } }, 'payloadBytes'],
  ['waiting in vain for what acks=0 never answers', { policy: { acks: 0 }, contract: { indeterminate: 'required' } }, 'contract.indeterminate'],
  ['heartbeats slower than the session', { consumerPolicy: { sessionTimeoutMs: 1000, heartbeatIntervalMs: 1000 } }, 'consumer.heartbeatIntervalMs'],
])('%s is refused with its path and a hint', (_, parts, path) => {
  const found = kafkaSpec.contradictions(scenario(parts));
  expect(found.map((each) => each.path)).toEqual([path]);
  expect(found[0]?.hint).not.toBe('');
});

test('what only just fits contradicts nothing', () => {
  expect(paths({ cluster: { version: '3.9' }, destination: { segmentBytes: 65_536 } })).toEqual([]);
  expect(paths({ cluster: { properties: { 'message.max.bytes': '2000000' } }, producer: { batch: 5_000 } })).toEqual([]);
  expect(paths({ producer: { batch: 5_000, options: { compression: 'gzip' } } })).toEqual([]);
  expect(paths({ policy: { acks: 0 }, contract: { indeterminate: 'forbidden' } })).toEqual([]);
});

test('several idempotent sends under way are allowed to those who set the library\'s option themselves', () => {
  expect(paths({ policy: { idempotent: true }, producer: { inFlight: 5, options: { maxInFlightRequests: 5 } } })).toEqual([]);
});

test('rules of one library are not asked of another, nor of a user\'s own program', () => {
  expect(paths({ policy: { idempotent: true }, producer: { inFlight: 5, driver: 'platformatic', options: { compression: 'zstd' } } })).toEqual([]);
  expect(paths({ policy: { idempotent: true, retries: 0 }, producer: { inFlight: 5, driver: 'program', options: { anything: 1 } }, consumer: { driver: 'program' } })).toEqual([]);
});

test('a compacted topic with keys, and a send that reaches every partition, contradict nothing', () => {
  expect(paths({ destination: { cleanupPolicy: 'compact' }, producer: { routing: 'keyed' } })).toEqual([]);
  expect(paths({ partitions: 6, producer: { routing: 'multi-partition', batch: 6 } })).toEqual([]);
});

test('transactions are not there yet', () => {
  expect(kafkaSpec.producerPolicy.safeParse({ transaction: 'per-batch' }).success).toBe(false);
});
