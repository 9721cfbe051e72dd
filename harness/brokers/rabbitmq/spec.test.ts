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
  readonly configuration?: Scenario['configuration'];
  readonly contract?: Scenario['contract'];
}

function scenario(changes: Changes = {}): Scenario {
  return {
    cluster: { broker: 'rabbitmq', version: '4.3', nodes: 3, properties: {}, file: null, defects: {}, ...changes.cluster },
    destination: { partitions: changes.partitions ?? 1, settings: settings(changes.destination) },
    producer: {
      driver: 'amqplib', program: null, count: 1, inFlight: 100, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', options: {},
      policy: rabbitmqSpec.producerPolicy.parse(changes.policy ?? {}), ...changes.producer,
    },
    consumer: {
      driver: 'amqplib', program: null, count: 1, start: 'steady', settle: 'after-processing', prefetch: 50, handlerMs: 0, refuse: null, options: {},
      policy: rabbitmqSpec.consumerPolicy.parse({}), ...changes.consumer,
    },
    steps: [],
    configuration: changes.configuration ?? [],
    contract: changes.contract ?? {},
  } as unknown as Scenario;
}

/** As a part of a producer's changes. */
const policyOf = (policy: Record<string, unknown>) => ({ policy: rabbitmqSpec.producerPolicy.parse(policy) });

const paths = (changes: Changes): readonly string[] => rabbitmqSpec.contradictions(scenario(changes)).map(({ path }) => path);

test('every default is filled in', () => {
  expect(settings()).toEqual({
    type: 'quorum', durable: true, home: 'first', members: null, mirrors: null, promoteOnFailure: 'always', promoteOnShutdown: 'when-synced',
    synchronise: 'manual', deliveryLimit: null, messageTtlMs: null, maxLength: null, overflow: 'drop-head', deadLetter: null,
    singleActiveConsumer: false, arguments: {},
  });
  expect(settings({ deadLetter: {} })).toMatchObject({ deadLetter: { strategy: 'at-most-once' } });
  expect(rabbitmqSpec.producerPolicy.parse({})).toEqual({
    confirms: true, transaction: 'none', persistent: true, mandatory: false, deduplicate: false, connectTo: 'other', heartbeatSeconds: 2, confirmTimeoutMs: 15_000,
  });
  expect(rabbitmqSpec.consumerPolicy.parse({})).toEqual({ connectTo: 'any', heartbeatSeconds: 2 });
});

test('unknown fields and values are refused', () => {
  expect(rabbitmqSpec.destination.safeParse({ typ: 'quorum' }).success).toBe(false);
  expect(rabbitmqSpec.destination.safeParse({ type: 'topic' }).success).toBe(false);
  expect(rabbitmqSpec.destination.safeParse({ home: 'rabbit@one' }).success).toBe(false);
  expect(rabbitmqSpec.producerPolicy.safeParse({ confirm: true }).success).toBe(false);
  expect(rabbitmqSpec.producerPolicy.safeParse({ heartbeatSeconds: 0 }).success).toBe(false);
});

test('a policy acknowledges exactly when it confirms', () => {
  expect(rabbitmqSpec.acknowledges(scenario().producer)).toBe(true);
  expect(rabbitmqSpec.acknowledges(scenario({ policy: { confirms: false } }).producer)).toBe(false);
});

test('cutting replication is a contradiction: this broker has no port for it alone', () => {
  const steps = [{ kind: 'wait', trigger: { elapsedMs: 1 } }, { kind: 'inject', fault: 'replication-cut', id: 'cut', target: { role: 'node', node: 'rabbitmq-1' }, parameters: {} }] as const;
  expect(rabbitmqSpec.contradictions({ ...scenario(), steps }).map(({ path }) => path)).toEqual(['steps[1]']);
});

test('a target that this broker or this queue does not have is a contradiction', () => {
  const struck = (target: Extract<Scenario['steps'][number], { kind: 'inject' }>['target'], parts: Parameters<typeof scenario>[0] = {}) =>
    rabbitmqSpec.contradictions({ ...scenario(parts), steps: [{ kind: 'inject', fault: 'kill', id: 'kill', target, parameters: {} }] }).map(({ path }) => path);
  const follower = { role: 'follower', partition: 0 } as const;
  expect(struck({ role: 'controller' })).toEqual(['steps[0].target']);
  expect(struck(follower, { destination: { type: 'classic' } })).toEqual(['steps[0].target.follower']);
  expect(struck(follower, { destination: { members: 1 } })).toEqual(['steps[0].target.follower']);
  expect(struck(follower)).toEqual([]);
});

test('a plain scenario of either queue type has no contradictions', () => {
  expect(paths({})).toEqual([]);
  expect(paths({ destination: { type: 'classic' }, policy: { confirms: false } })).toEqual([]);
  expect(paths({ destination: { type: 'classic' }, policy: { persistent: false } })).toEqual([]);
  expect(paths({ cluster: { nodes: 1 } })).toEqual([]);
  expect(paths({ destination: { type: 'stream' } })).toEqual([]);
  expect(paths({ producer: { batch: 10 } })).toEqual([]);
  expect(paths({ destination: { type: 'classic' }, producer: { driver: 'rabbitmq-client', resend: 'unknown', ...policyOf({ confirms: false, transaction: 'tx' }) } })).toEqual([]);
  expect(paths({ destination: { type: 'classic' }, producer: { driver: 'program', ...policyOf({ transaction: 'tx' }) } })).toEqual([]);
  expect(paths({ destination: { type: 'stream' }, producer: { driver: 'rabbitmq-stream-js-client', inFlight: 1, batch: 50, resend: 'unknown', ...policyOf({ deduplicate: true }) } })).toEqual([]);
  expect(paths({ destination: { type: 'classic', mirrors: 2, promoteOnFailure: 'when-synced' }, cluster: { version: '3.10' } })).toEqual([]);
  expect(paths({ destination: { deadLetter: { strategy: 'at-least-once' }, overflow: 'reject-publish' } })).toEqual([]);
  expect(paths({ producer: { driver: 'program' }, consumer: { driver: 'program', refuse: { every: 10, requeue: true } } })).toEqual([]);
});

test('only publishers of the stream protocol need nodes that speak it', () => {
  const equipmentOf = (changes: Changes) => rabbitmqSpec.clientEquipment(scenario(changes));
  expect(equipmentOf({ destination: { type: 'stream' } })).toEqual([]);
  expect(equipmentOf({ producer: { driver: 'rabbitmq-stream-js-client' } })).toEqual(['streams']);
  expect(equipmentOf({ producer: { driver: 'program', ...policyOf({ deduplicate: true }) } })).toEqual(['streams']);
});

test('a stream is a log, every other queue a queue', () => {
  const kindOf = (type: string) => rabbitmqSpec.storeKind({ partitions: 1, settings: settings({ type }) });
  expect(['stream', 'quorum', 'classic'].map(kindOf)).toEqual(['log', 'queue', 'queue']);
});

test('partition handling is refused where the broker ignores it, inline and in the file, and unknown strategies everywhere', () => {
  const properties = { cluster_partition_handling: 'autoheal' };
  expect(paths({ cluster: { properties } })).toEqual(['cluster.properties']);
  expect(paths({ cluster: { file: { path: 'rabbitmq.conf', text: 'cluster_partition_handling = ignore\n' } } })).toEqual(['cluster.configFile']);
  expect(paths({ cluster: { properties, version: '4.0' } })).toEqual([]);
  expect(paths({ cluster: { properties: { cluster_partition_handling: 'pause' }, version: '3.10' } })).toEqual(['cluster.properties']);
});

test.each<readonly [string, Changes, string]>([
  ['an unknown version', { cluster: { version: '3.13' } }, 'cluster.version'],
  ['a cluster without nodes', { cluster: { nodes: 0 }, destination: { type: 'classic' } }, 'cluster.nodes'],
  ['partitions', { partitions: 6 }, 'destination.partitions'],
  ['a quorum queue that is not durable', { destination: { durable: false } }, 'destination.durable'],
  ['an exclusive quorum queue', { destination: { arguments: { exclusive: true } } }, 'destination.arguments'],
  ['a quorum queue with x-max-priority', { destination: { arguments: { 'x-max-priority': 5 } } }, 'destination.arguments'],
  ['the type given twice', { destination: { arguments: { 'x-queue-type': 'classic' } } }, 'destination.arguments'],
  ['more replicas than nodes', { destination: { members: 5 } }, 'destination.members'],
  ['replicas of a classic queue', { destination: { type: 'classic', members: 3 } }, 'destination.members'],
  ['an argument that has a field of its own', { destination: { arguments: { 'x-message-ttl': 5 } } }, 'destination.arguments'],
  ['mirrors on 4.0', { destination: { type: 'classic', mirrors: 'all' }, cluster: { version: '4.0' } }, 'destination.mirrors'],
  ['a mirrored quorum queue', { destination: { mirrors: 2 }, cluster: { version: '3.10' } }, 'destination.mirrors'],
  ['the stream protocol on 3.10', { destination: { type: 'stream' }, cluster: { version: '3.10' }, producer: { driver: 'rabbitmq-stream-js-client', inFlight: 1, batch: 50 } }, 'producer.driver'],
  ['a mirrored stream', { destination: { type: 'stream', mirrors: 2 }, cluster: { version: '3.10' } }, 'destination.mirrors'],
  ['more copies than nodes', { destination: { type: 'classic', mirrors: 4 }, cluster: { version: '3.10' } }, 'destination.mirrors'],
  ['mirrors\' terms without mirrors', { destination: { type: 'classic', promoteOnFailure: 'when-synced' } }, 'destination.mirrors'],
  ['mirroring by arguments', { destination: { type: 'classic', arguments: { 'ha-mode': 'all' } } }, 'destination.arguments'],
  ['a delivery limit on a classic queue', { destination: { type: 'classic', deliveryLimit: 5 } }, 'destination.deliveryLimit'],
  ['reject-publish-dlx on a quorum queue', { destination: { maxLength: 5, overflow: 'reject-publish-dlx', deadLetter: {} } }, 'destination.overflow'],
  ['reject-publish-dlx without dead-lettering', { destination: { type: 'classic', maxLength: 5, overflow: 'reject-publish-dlx' } }, 'destination.overflow'],
  ['an overflow without a limit', { destination: { overflow: 'reject-publish' } }, 'destination.overflow'],
  ['dead-lettering at least once without reject-publish', { destination: { deadLetter: { strategy: 'at-least-once' } } }, 'destination.overflow'],
  ['dead-lettering at least once from a classic queue', { destination: { type: 'classic', deadLetter: { strategy: 'at-least-once' } } }, 'destination.deadLetter'],
  ['a stream that is not durable', { destination: { type: 'stream', durable: false } }, 'destination.durable'],
  ['messages of a stream that expire', { destination: { type: 'stream', messageTtlMs: 1 } }, 'destination.messageTtlMs'],
  ['a stream with dead-lettering', { destination: { type: 'stream', deadLetter: {} } }, 'destination.deadLetter'],
  ['a stream with a delivery limit', { destination: { type: 'stream', deliveryLimit: 3 } }, 'destination.deliveryLimit'],
  ['a stream limited by messages', { destination: { type: 'stream', maxLength: 3 } }, 'destination.maxLength'],
  ['a stream with a single active consumer', { destination: { type: 'stream', singleActiveConsumer: true } }, 'destination.singleActiveConsumer'],
  ['a stream without a prefetch limit', { destination: { type: 'stream' }, consumer: { prefetch: 0 } }, 'consumer.prefetch'],
  ['a stream with automatic acknowledgement', { destination: { type: 'stream' }, consumer: { settle: 'automatic' } }, 'consumer.settle'],
  ['refusing on a stream', { destination: { type: 'stream' }, consumer: { refuse: { every: 10, requeue: false } } }, 'consumer.refuse'],
  ['refusing what was settled before', { consumer: { settle: 'automatic', refuse: { every: 10, requeue: false } } }, 'consumer.refuse'],
  ['keys without partitions', { producer: { routing: 'keyed' } }, 'producer.routing'],
  ['a transaction with amqplib', { destination: { type: 'classic' }, policy: { transaction: 'tx' } }, 'producer.transaction'],
  ['a transaction on a quorum queue', { producer: { driver: 'rabbitmq-client' }, policy: { transaction: 'tx' } }, 'producer.transaction'],
  ['a transaction of a program on a stream', { destination: { type: 'stream' }, producer: { driver: 'program' }, policy: { transaction: 'tx' } }, 'producer.transaction'],
  ['returned messages in a transaction', { destination: { type: 'classic' }, producer: { driver: 'rabbitmq-client', ...policyOf({ transaction: 'tx', mandatory: true }) } }, 'producer.mandatory'],
  ['the stream protocol to a queue', { producer: { driver: 'rabbitmq-stream-js-client' } }, 'producer.driver'],
  ['the stream protocol without confirms', { destination: { type: 'stream' }, producer: { driver: 'rabbitmq-stream-js-client', ...policyOf({ confirms: false }) } }, 'producer.confirms'],
  ['mandatory over the stream protocol', { destination: { type: 'stream' }, producer: { driver: 'rabbitmq-stream-js-client', ...policyOf({ mandatory: true }) } }, 'producer.mandatory'],
  ['publishing ids out of order', { destination: { type: 'stream' }, producer: { driver: 'rabbitmq-stream-js-client', resend: 'unknown', ...policyOf({ deduplicate: true }) } }, 'producer.inFlight'],
  ['publishing ids on a queue', { policy: { deduplicate: true } }, 'producer.deduplicate'],
  ['publishing ids over AMQP 0-9-1', { destination: { type: 'stream' }, policy: { deduplicate: true } }, 'producer.deduplicate'],
  ['confirms of a transaction', { destination: { type: 'classic' }, producer: { driver: 'rabbitmq-client', ...policyOf({ transaction: 'tx' }) }, configuration: [{ scope: 'producer', key: 'confirms', value: 'true', source: 'scenario' }] }, 'producer.confirms'],
  ['unroutable messages that nobody is told of', { contract: { unroutable: 'required' } }, 'contract.unroutable'],
  ['redelivery after automatic acknowledgement', { consumer: { settle: 'automatic' }, contract: { redelivered: { min: 1 } } }, 'contract.redelivered'],
  ['mandatory without confirms', { policy: { confirms: false, mandatory: true } }, 'producer.mandatory'],
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
