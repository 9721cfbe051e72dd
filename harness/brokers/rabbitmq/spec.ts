// What users may write for RabbitMQ, with every default filled in, and which policies cannot work. Pure.
import { z } from 'zod';
import type { BrokerSpec } from '../../model/broker.ts';
import { findContradictions } from './contradictions.ts';

const argument = z.union([z.string(), z.number(), z.boolean()]);

/**
 * The queue. `home` is the node that it is declared on: where a classic queue lives for good, and where a quorum queue's first leader is.
 * `arguments` are passed as they are, apart from the type; with `x-dead-letter-exchange` the target is made and audited too.
 */
const destination = z.strictObject({
  type: z.enum(['quorum', 'classic']).default('quorum'),
  durable: z.boolean().default(true),
  home: z.union([z.enum(['first', 'last']), z.string().regex(/^rabbitmq-[1-9]\d*$/, 'first, last or a node such as rabbitmq-2')]).default('first'),
  arguments: z.record(z.string(), argument).default({}),
});

/** Which node clients connect to first: the queue's leader or home, any other node, or one by turns. They go on to the rest when it is down. */
const connectTo = z.enum(['home', 'other', 'any']);
const heartbeatSeconds = z.number().int().min(1).max(60).default(2);

const producerPolicy = z.strictObject({
  /** Publisher confirms (https://www.rabbitmq.com/docs/confirms). Without them a publish is only handed over. */
  confirms: z.boolean().default(true),
  /** Delivery mode 2. A quorum queue stores every message, whatever it says. */
  persistent: z.boolean().default(true),
  /** Unroutable messages come back before they are confirmed, instead of vanishing. */
  mandatory: z.boolean().default(false),
  connectTo: connectTo.default('other'),
  heartbeatSeconds,
  /** How long one publish waits for its confirm; after that its fate is unknown. amqplib has no deadline of its own. */
  confirmTimeoutMs: z.number().int().min(100).default(15_000),
});

const consumerPolicy = z.strictObject({ connectTo: connectTo.default('any'), heartbeatSeconds });

export type RabbitmqDestination = z.infer<typeof destination>;
export type RabbitmqProducerPolicy = z.infer<typeof producerPolicy>;
export type RabbitmqConsumerPolicy = z.infer<typeof consumerPolicy>;

/** Settings that were validated when the scenario was loaded, with their types back. */
export const parseDestination = (settings: unknown): RabbitmqDestination => destination.parse(settings);
export const parseProducerPolicy = (policy: unknown): RabbitmqProducerPolicy => producerPolicy.parse(policy);
export const parseConsumerPolicy = (policy: unknown): RabbitmqConsumerPolicy => consumerPolicy.parse(policy);

export const rabbitmqVersions = ['3.10', '4.0', '4.3'] as const;

export const rabbitmqSpec = {
  name: 'rabbitmq',
  versions: rabbitmqVersions,
  defaultVersion: '4.3',
  defaultNodes: 3,
  producerDrivers: ['amqplib'],
  consumerDrivers: ['amqplib'],
  destination,
  producerPolicy,
  consumerPolicy,
  defects: null,
  storeKind: () => 'queue',
  acknowledges: (producer) => producer.policy['confirms'] !== false,
  contradictions: (scenario) => findContradictions(scenario, rabbitmqVersions),
} satisfies BrokerSpec;
