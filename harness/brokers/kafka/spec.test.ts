import { expect, test } from 'vitest';
import type { Scenario } from '../../model/scenario.ts';
import { kafkaSpec } from './spec.ts';

interface Parts {
  readonly cluster?: object;
  readonly destination?: object;
  readonly producer?: object;
  readonly policy?: object;
  readonly consumer?: object;
  readonly consumerPolicy?: object;
}

function scenario({ cluster, destination, producer, policy, consumer, consumerPolicy }: Parts = {}): Scenario {
  return {
    name: 'kafka/x', title: 'x', tags: [], twin: null,
    cluster: { broker: 'kafka', version: '4.1', nodes: 3, properties: {}, file: null, defects: {}, ...cluster },
    destination: { partitions: 1, settings: kafkaSpec.destination.parse(destination ?? {}) },
    producer: { driver: 'kafkajs', count: 1, inFlight: 1, batch: 1, ratePerSecond: null, resend: 'never', options: {}, ...producer, policy: kafkaSpec.producerPolicy.parse(policy ?? {}) },
    consumer: { driver: 'kafkajs', count: 1, start: 'steady', settle: 'after-processing', prefetch: 100, handlerMs: 0, options: {}, ...consumer, policy: kafkaSpec.consumerPolicy.parse(consumerPolicy ?? {}) },
    payloadBytes: 256, steady: { acknowledged: 1 }, steps: [], contract: {},
    bounds: { provisionMs: 1, steadyMs: 1, stepMs: 1, healMs: 1, recoverMs: 1, drainMs: 1, auditMs: 1, teardownMs: 1 },
    sources: [], configuration: [],
  };
}

const paths = (parts?: Parts) => kafkaSpec.contradictions(scenario(parts)).map(({ path }) => path);

test('schemas fill in every default', () => {
  expect(kafkaSpec.destination.parse({})).toEqual({ replicationFactor: 3, minInsyncReplicas: 2, config: {} });
  expect(kafkaSpec.producerPolicy.parse({})).toEqual({ acks: 'all', idempotent: false, retries: 20, requestTimeoutMs: 3000, retryInitialMs: 100, retryMaxMs: 1000 });
  expect(kafkaSpec.producerPolicy.parse({ idempotent: true })).toMatchObject({ retries: 120 });
  expect(kafkaSpec.consumerPolicy.parse({})).toMatchObject({ sessionTimeoutMs: 6000, fromBeginning: true });
});

test('schemas refuse unknown fields and take numbers as topic settings', () => {
  expect(kafkaSpec.producerPolicy.safeParse({ ack: 'all' }).success).toBe(false);
  expect(kafkaSpec.destination.parse({ config: { 'flush.messages': 1 } })).toMatchObject({ config: { 'flush.messages': '1' } });
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
  ['min.insync.replicas given twice', { destination: { config: { 'min.insync.replicas': '1' } } }, 'destination.config'],
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
  ['heartbeats slower than the session', { consumerPolicy: { sessionTimeoutMs: 1000, heartbeatIntervalMs: 1000 } }, 'consumer.heartbeatIntervalMs'],
])('%s is refused with its path and a hint', (_, parts, path) => {
  const found = kafkaSpec.contradictions(scenario(parts));
  expect(found.map((each) => each.path)).toEqual([path]);
  expect(found[0]?.hint).not.toBe('');
});

test('several idempotent sends under way are allowed to those who set the library\'s option themselves', () => {
  expect(paths({ policy: { idempotent: true }, producer: { inFlight: 5, options: { maxInFlightRequests: 5 } } })).toEqual([]);
});
