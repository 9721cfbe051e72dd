// Delivery policies by name, spelled out for each broker in its own fields: nothing is hidden behind the word.
import { LeaderfallError } from '../model/errors.ts';
import type { BrokerInputs } from './broker-specs.ts';
import type { ScenarioInputOf } from './input.ts';

/** What a policy sets; everything else keeps its default, and what is written beside it wins. */
export type PolicyFragment<Name extends keyof BrokerInputs> = Required<Pick<ScenarioInputOf<Name>, 'destination' | 'producer' | 'consumer'>>;

const replicated = { replicationFactor: 3, minInsyncReplicas: 2 } as const;

/**
 * Sources: Kafka https://kafka.apache.org/documentation/#semantics and KIP-98; RabbitMQ https://www.rabbitmq.com/docs/reliability,
 * https://www.rabbitmq.com/docs/confirms and https://www.rabbitmq.com/docs/quorum-queues.
 */
export const policyFragments = {
  memory: {
    'at-most-once': { destination: { answer: 'on-accept' }, producer: { resend: 'never' }, consumer: { settle: 'before-processing' } },
    'at-least-once': { destination: { answer: 'after-processing' }, producer: { resend: 'unknown' }, consumer: { settle: 'after-processing' } },
  },
  kafka: {
    'at-most-once': { destination: replicated, producer: { acks: 0, idempotent: false, retries: 0, resend: 'never' }, consumer: { settle: 'before-processing' } },
    'at-least-once': { destination: replicated, producer: { acks: 'all', idempotent: false, resend: 'unknown' }, consumer: { settle: 'after-processing' } },
    // One publish under way: kafkajs gives the sequence numbers of a failed send to the next one.
    'stored-once': { destination: replicated, producer: { acks: 'all', idempotent: true, inFlight: 1, resend: 'never' }, consumer: { settle: 'after-processing' } },
  },
  rabbitmq: {
    'at-most-once': { destination: { type: 'classic', durable: true }, producer: { confirms: false, persistent: false, resend: 'never' }, consumer: { settle: 'automatic' } },
    // The broker's own delivery limit, 20 since 4.0, drops what came back too often: 864 of 10 343 were lost though nobody had died.
    'at-least-once': { destination: { type: 'quorum', durable: true, deliveryLimit: -1 }, producer: { confirms: true, persistent: true, mandatory: true, resend: 'unknown' }, consumer: { settle: 'after-processing', prefetch: 100 } },
  },
} as const satisfies { readonly [Name in keyof BrokerInputs]: Readonly<Record<string, PolicyFragment<Name>>> };

/** The names that each broker has. */
export type PolicyNames = { readonly [Name in keyof BrokerInputs]: keyof (typeof policyFragments)[Name] };

export const policyNames = (broker: keyof BrokerInputs): readonly string[] => Object.keys(policyFragments[broker]);

/** Said wherever someone asks for it by name. */
export const exactlyOnceToCome = 'exactly-once needs transactions from the topic that is read to the topic that is written, which Leaderfall does not drive yet';
export const insteadOfExactlyOnce = 'stored-once (Kafka) is the nearest that there is: nothing is lost or stored twice, and consumers may see a record again.';

/** Fragments to spread into `defineScenario`: `...policies.atLeastOnce('kafka')`, or one part: `producer: { ...policies.atLeastOnce('kafka').producer, inFlight: 4 }`. */
export const policies = {
  /** Sent once, settled before it is handled: losses are the price. */
  atMostOnce: <Name extends keyof BrokerInputs>(broker: Name): (typeof policyFragments)[Name]['at-most-once'] => policyFragments[broker]['at-most-once'],
  /** Acknowledged by a majority, published again while its fate is unknown, settled once it is handled: repetitions are the price. */
  atLeastOnce: <Name extends keyof BrokerInputs>(broker: Name): (typeof policyFragments)[Name]['at-least-once'] => policyFragments[broker]['at-least-once'],
  /** Kafka's idempotent producer (KIP-98): the log holds each record once. */
  storedOnce: (_broker: 'kafka') => policyFragments.kafka['stored-once'],
  /** The same under the name that Kafka gives it. */
  idempotent: (_broker: 'kafka') => policyFragments.kafka['stored-once'],
  /** Not there yet. @throws LeaderfallError `E_USAGE`. */
  exactlyOnce: (_broker: keyof BrokerInputs): never => {
    throw new LeaderfallError('E_USAGE', `There is no policy exactly-once: ${exactlyOnceToCome}`, { hint: insteadOfExactlyOnce });
  },
};
