import { expect, test } from 'vitest';
import type { Scenario } from '../../model/scenario.ts';
import { rabbitmqSpec } from './spec.ts';

const settings = (given: Record<string, unknown> = {}) => rabbitmqSpec.destination.parse(given);

interface Changes {
  readonly cluster?: Partial<Scenario['cluster']>;
  readonly destination?: Record<string, unknown>;
  readonly partitions?: number;
  readonly producer?: Partial<Scenario['producer']>;
  readonly policy?: Record<string, unknown>;
  readonly consumer?: Partial<Scenario['consumer']>;
}

function scenario(changes: Changes = {}): Scenario {
  return {
    cluster: { broker: 'rabbitmq', version: '4.3', nodes: 3, properties: {}, file: null, defects: {}, ...changes.cluster },
    destination: { partitions: changes.partitions ?? 1, settings: settings(changes.destination) },
    producer: {
      driver: 'amqplib', count: 1, inFlight: 100, batch: 1, ratePerSecond: null, resend: 'never', options: {},
      policy: rabbitmqSpec.producerPolicy.parse(changes.policy ?? {}), ...changes.producer,
    },
    consumer: {
      driver: 'amqplib', count: 1, start: 'steady', settle: 'after-processing', prefetch: 50, handlerMs: 0, options: {},
      policy: rabbitmqSpec.consumerPolicy.parse({}), ...changes.consumer,
    },
    steps: [],
  } as unknown as Scenario;
}

const paths = (changes: Changes): readonly string[] => rabbitmqSpec.contradictions(scenario(changes)).map(({ path }) => path);

test('every default is filled in', () => {
  expect(settings()).toEqual({ type: 'quorum', durable: true, home: 'first', arguments: {} });
  expect(rabbitmqSpec.producerPolicy.parse({})).toEqual({
    confirms: true, persistent: true, mandatory: false, connectTo: 'other', heartbeatSeconds: 2, confirmTimeoutMs: 15_000,
  });
  expect(rabbitmqSpec.consumerPolicy.parse({})).toEqual({ connectTo: 'any', heartbeatSeconds: 2 });
});

test('unknown fields and values are refused', () => {
  expect(rabbitmqSpec.destination.safeParse({ typ: 'quorum' }).success).toBe(false);
  expect(rabbitmqSpec.destination.safeParse({ type: 'stream' }).success).toBe(false);
  expect(rabbitmqSpec.destination.safeParse({ home: 'rabbit@one' }).success).toBe(false);
  expect(rabbitmqSpec.producerPolicy.safeParse({ confirm: true }).success).toBe(false);
  expect(rabbitmqSpec.producerPolicy.safeParse({ heartbeatSeconds: 0 }).success).toBe(false);
});

test('a policy acknowledges exactly when it confirms', () => {
  expect(rabbitmqSpec.acknowledges(scenario().producer)).toBe(true);
  expect(rabbitmqSpec.acknowledges(scenario({ policy: { confirms: false } }).producer)).toBe(false);
});

test('cutting replication is a contradiction: this broker has no port for it alone', () => {
  const steps = [{ kind: 'wait', trigger: { elapsedMs: 1 } }, { kind: 'inject', fault: 'replication-cut', id: 'cut', target: { role: 'controller' } }] as const;
  expect(rabbitmqSpec.contradictions({ ...scenario(), steps }).map(({ path }) => path)).toEqual(['steps[1]']);
});

test('a plain scenario of either queue type has no contradictions', () => {
  expect(paths({})).toEqual([]);
  expect(paths({ destination: { type: 'classic' }, policy: { confirms: false } })).toEqual([]);
  expect(paths({ destination: { type: 'classic' }, policy: { persistent: false } })).toEqual([]);
  expect(paths({ cluster: { nodes: 1 } })).toEqual([]);
});

test.each<readonly [string, Changes, string]>([
  ['an unknown version', { cluster: { version: '3.13' } }, 'cluster.version'],
  ['a cluster without nodes', { cluster: { nodes: 0 }, destination: { type: 'classic' } }, 'cluster.nodes'],
  ['partitions', { partitions: 6 }, 'destination.partitions'],
  ['a batch', { producer: { batch: 10 } }, 'producer.batch'],
  ['a quorum queue that is not durable', { destination: { durable: false } }, 'destination.durable'],
  ['an exclusive quorum queue', { destination: { arguments: { exclusive: true } } }, 'destination.arguments'],
  ['a quorum queue with x-max-priority', { destination: { arguments: { 'x-max-priority': 5 } } }, 'destination.arguments'],
  ['the type given twice', { destination: { arguments: { 'x-queue-type': 'classic' } } }, 'destination.arguments'],
  ['more replicas than nodes', { destination: { arguments: { 'x-quorum-initial-group-size': 5 } } }, 'destination.arguments'],
  ['replicas of a classic queue', { destination: { type: 'classic', arguments: { 'x-quorum-initial-group-size': 3 } } }, 'destination.arguments'],
  ['a home beyond the cluster', { destination: { home: 'rabbitmq-4' } }, 'destination.home'],
  ['a transient classic queue on 4.3', { destination: { type: 'classic', durable: false } }, 'destination.durable'],
  ['transient messages on a quorum queue', { policy: { persistent: false } }, 'producer.persistent'],
  ['resending the unknown without confirms', { policy: { confirms: false }, producer: { resend: 'unknown' } }, 'producer.resend'],
  ['no prefetch limit on a quorum queue', { consumer: { prefetch: 0 } }, 'consumer.prefetch'],
])('%s is a contradiction, with a path and a hint', (_, changes, path) => {
  const found = rabbitmqSpec.contradictions(scenario(changes));
  expect(found.map((contradiction) => contradiction.path)).toContain(path);
  expect(found.every(({ message, hint }) => message.length > 0 && hint.length > 0)).toBe(true);
});

test('a transient classic queue is allowed where the broker permits it', () => {
  const destination = { type: 'classic', durable: false };
  expect(paths({ destination, cluster: { version: '4.0' } })).toEqual([]);
  expect(paths({ destination, cluster: { properties: { 'deprecated_features.permit.transient_nonexcl_queues': 'true' } } })).toEqual([]);
});
