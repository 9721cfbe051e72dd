// A broker that takes no more bytes: every publish ends in an outcome all the same.
import { expect, test } from 'vitest';
import type { ClientContext } from '../../../../model/broker.ts';
import type { ProducerSpec } from '../../../../model/scenario.ts';
import { rabbitmqSpec } from '../../spec.ts';
import { AmqplibProducer } from './producer.ts';
import { DeafServer } from './testing/deaf-server.ts';

const confirmTimeoutMs = 400;

function contextOf(port: number): ClientContext {
  const settings = rabbitmqSpec.destination.parse({ type: 'quorum' });
  return {
    connection: { broker: 'rabbitmq', endpoints: [{ node: 'rabbitmq-1', host: '127.0.0.1', port }] }, destination: { name: 'orders', partitions: 1 },
    destinationSpec: { partitions: 1, settings }, leader: 'rabbitmq-1', index: 0, onNote: () => {},
  };
}

// A heartbeat far away: the connection does not end while the test lasts.
const spec: ProducerSpec = {
  driver: 'amqplib', program: null, count: 1, inFlight: 64, batch: 1, routing: 'explicit', keys: 1, ratePerSecond: null, resend: 'never', options: {},
  policy: rabbitmqSpec.producerPolicy.parse({ confirmTimeoutMs, heartbeatSeconds: 60 }),
};

test('a publish that waits for room in a buffer that stays full ends within the confirm timeout, and was not sent', async () => {
  await using server = await DeafServer.open();
  await using producer = new AmqplibProducer(contextOf(server.port), spec);
  await producer.connect(AbortSignal.timeout(5_000));
  // More pieces than the library queues for a channel (1024), and more bytes than sockets take while nobody reads.
  const payload = new Uint8Array(64 * 1024);
  const outcomes = await producer.publish(Array.from({ length: 1_200 }, () => ({ payload, partition: 0, key: null })));
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['info', 'fail']));
  expect([outcomes[0]!.outcome, outcomes.at(-1)!.outcome]).toEqual(['info', 'fail']);
});
