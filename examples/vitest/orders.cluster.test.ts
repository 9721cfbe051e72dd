import { Kafka, logLevel } from 'kafkajs';
import { contracts, defineScenario } from 'leaderfall';
import { expect, test } from 'leaderfall/vitest';

test('orders survive the death of their leader', { timeout: 180_000 }, async ({ scenario }) => {
  const run = await scenario(defineScenario({
    name: 'orders/acks-all/leader-kill',
    cluster: { broker: 'kafka' },
    destination: { partitions: 1, minInsyncReplicas: 2 },
    producer: { acks: 'all', inFlight: 8, ratePerSecond: 500, resend: 'unknown' },
    steps: [
      { wait: { acknowledged: 1_000 } },
      { inject: 'kill', target: { leader: 0 } },
      { wait: { acknowledged: 500, elapsedMs: 30_000 } },
      { heal: 'kill' },
    ],
    contract: contracts.atLeastOnce(),
  }));
  expect(run).toUphold();
  expect(run).toHaveDuplicated({ max: 50 });
});

// The same three nodes, with a client of your own.
test('our publisher finds the new leader', { timeout: 180_000 }, async ({ cluster }) => {
  const kafka = await cluster({ broker: 'kafka' });
  const orders = await kafka.destination({ partitions: 1 });
  const client = new Kafka({ brokers: [...kafka.endpoints], requestTimeout: 3_000, logLevel: logLevel.NOTHING });
  const producer = client.producer({ retry: { retries: 20 } });
  const admin = client.admin();
  await Promise.all([producer.connect(), admin.connect()]);

  const publish = (value: string) => producer.send({ topic: orders.name, acks: -1, messages: [{ value, partition: 0 }] });
  await publish('before');
  const leader = await kafka.leader(orders);
  await leader.kill();
  await publish('after');

  expect((await kafka.leader(orders, { not: leader })).id).not.toBe(leader.id);
  const [partition] = await admin.fetchTopicOffsets(orders.name);
  expect(Number(partition?.high)).toBeGreaterThanOrEqual(2);
  await Promise.all([producer.disconnect(), admin.disconnect()]);
});
