// The brokers that scenarios can name. A fourth broker is one more line in each of these two lists.
import type { z } from 'zod';
import { kafkaSpec } from '../brokers/kafka/spec.ts';
import { memorySpec } from '../brokers/memory/spec.ts';
import { rabbitmqSpec } from '../brokers/rabbitmq/spec.ts';
import type { BrokerSpec } from '../model/broker.ts';

export const brokerSpecs: readonly BrokerSpec[] = [memorySpec, kafkaSpec, rabbitmqSpec];

/** What a broker's schema takes, for editors: its fields where the spec keeps their types, any field where it does not, none of its own where it has none. */
type Fields<Schema> = Schema extends z.ZodType<unknown, infer Input>
  ? unknown extends Input ? Readonly<Record<string, unknown>> : string extends keyof Input ? unknown : Input
  : never;

interface InputsOf<Spec extends BrokerSpec> {
  readonly destination: Fields<Spec['destination']>;
  readonly producer: Fields<Spec['producerPolicy']>;
  readonly consumer: Fields<Spec['consumerPolicy']>;
  readonly defects: Fields<Spec['defects']>;
}

export interface BrokerInputs {
  readonly memory: InputsOf<typeof memorySpec>;
  readonly kafka: InputsOf<typeof kafkaSpec>;
  readonly rabbitmq: InputsOf<typeof rabbitmqSpec>;
}
