// What only one client library refuses, ignores or gets wrong. A user's own program brings its own rules and is not asked. Pure.
import type { Contradiction } from '../../model/broker.ts';
import type { ProducerSpec, Scenario } from '../../model/scenario.ts';
import * as kafkajs from './clients/kafkajs/options.ts';
import * as platformatic from './clients/platformatic/options.ts';
import type { KafkaProducerPolicy } from './policy.ts';
import { drivers } from './vocabulary.ts';

const libraries: Readonly<Record<string, { readonly knownProducerOptions: readonly string[]; readonly knownConsumerOptions: readonly string[]; readonly compressions: readonly string[] }>> = { kafkajs, platformatic };

export function driverContradictions({ producer, consumer }: Scenario): readonly Contradiction[] {
  return [
    ...unknownDriver('producer', producer.driver),
    ...unknownCompression(producer),
    ...unknownPlaceOfAcks(producer),
    ...idempotenceContradictions(producer),
    ...unknownOptions('producer', producer.driver, producer.options, libraries[producer.driver]?.knownProducerOptions),
    ...unknownDriver('consumer', consumer.driver),
    ...unknownOptions('consumer', consumer.driver, consumer.options, libraries[consumer.driver]?.knownConsumerOptions),
  ];
}

/** Of each producer and partition; what the Java client allows with idempotence: https://kafka.apache.org/documentation/#producerconfigs_max.in.flight.requests.per.connection */
const rememberedBatches = 5;

function idempotenceContradictions(producer: ProducerSpec): readonly Contradiction[] {
  const policy = producer.policy as unknown as KafkaProducerPolicy;
  if (!policy.idempotent) return [];
  const found: Contradiction[] = [];
  if (producer.driver === 'kafkajs' && policy.retries < 1) {
    found.push({
      path: 'producer.retries',
      message: 'An idempotent producer without retries is refused by kafkajs',
      hint: 'Leave retries out, or use 1 or more.',
    });
  }
  if (producer.driver === 'kafkajs' && producer.inFlight > 1 && !('maxInFlightRequests' in producer.options)) {
    found.push({
      path: 'producer.inFlight',
      message:
        'kafkajs gives the sequence numbers of a failed send to the next one: with several sends under way to a partition the broker drops ' +
        'new records as repetitions and stores others twice',
      hint: 'Use inFlight 1 (and a larger batch, or more producers); to test just this defect, set producer.options.maxInFlightRequests yourself.',
    });
  }
  if (producer.driver === 'platformatic' && producer.inFlight > rememberedBatches) {
    found.push({
      path: 'producer.inFlight',
      message: `The broker remembers the last ${rememberedBatches} batches of an idempotent producer: with ${producer.inFlight} sends under way a repetition may be refused as out of order, or stored twice`,
      hint: `Use inFlight ${rememberedBatches} or less, and a larger batch or more producers.`,
    });
  }
  if (producer.driver === 'platformatic' && policy.retries < 2) {
    found.push({
      path: 'producer.retries',
      message: `@platformatic/kafka takes ${policy.retries} as "without end" when the producer is idempotent`,
      hint: 'Leave retries out, or use 2 or more.',
    });
  }
  return found;
}

function unknownDriver(role: string, driver: string): readonly Contradiction[] {
  if (driver === 'program' || drivers.includes(driver)) return [];
  return [{ path: `${role}.driver`, message: `There is no Kafka driver ${driver}`, hint: `Use ${drivers.join(' or ')}, or program.` }];
}

function unknownCompression({ driver, options }: ProducerSpec): readonly Contradiction[] {
  const { compression } = options;
  const known = libraries[driver]?.compressions;
  if (known === undefined || typeof compression !== 'string' || known.includes(compression)) return [];
  return [{ path: 'producer.options.compression', message: `${driver} has no ${compression} codec of its own`, hint: `Use one of ${known.join(', ')}.` }];
}

function unknownPlaceOfAcks({ driver, options }: ProducerSpec): readonly Contradiction[] {
  const { acksTold } = options;
  if (driver !== 'platformatic' || acksTold === undefined || acksTold === 'send' || acksTold === 'constructor') return [];
  return [{ path: 'producer.options.acksTold', message: '@platformatic/kafka can be told acks in its constructor, where it does not use them, or in each send', hint: "Use 'send', or 'constructor' to show what that loses." }];
}

/** Both libraries ignore options that they do not know, so a misspelt one would silently test something else. */
function unknownOptions(role: string, driver: string, options: Readonly<Record<string, unknown>>, known: readonly string[] | undefined): readonly Contradiction[] {
  if (known === undefined) return [];
  return Object.keys(options).filter((key) => !known.includes(key)).map((key) => ({
    path: `${role}.options.${key}`,
    message: `${key} is not an option of a ${driver} ${role} that a scenario may set`,
    hint: `Use ${known.join(', ')}.`,
  }));
}
