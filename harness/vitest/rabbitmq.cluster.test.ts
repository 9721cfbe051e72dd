// The fixture `cluster` on RabbitMQ: a client of one's own loses the leader of its queue and goes on through another node.
import amqp from 'amqplib';
import { describe } from 'vitest';
import { expect, test } from './index.ts';

describe('a queue of a test\'s own', () => {
  test('keeps its confirmed messages when its leader is killed', { timeout: 180_000 }, async ({ cluster }) => {
    const rabbit = await cluster({ broker: 'rabbitmq' });
    const queue = await rabbit.destination({ type: 'quorum' });
    const leader = await rabbit.leader(queue);
    const other = rabbit.nodes.find(({ id }) => id !== leader.id)!;
    const connection = await amqp.connect(`amqp://guest:guest@${other.endpoint}`);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(queue.name, Buffer.from('before'), { persistent: true });
    await channel.waitForConfirms();

    await leader.kill();
    expect(await leader.status()).toBe('exited');
    expect((await rabbit.leader(queue, { not: leader })).id).not.toBe(leader.id);
    expect(await channel.get(queue.name, { noAck: true })).toMatchObject({ content: Buffer.from('before') });
    await connection.close();
  });

  test('finds the cluster whole again in the next test', { timeout: 180_000 }, async ({ cluster }) => {
    const rabbit = await cluster({ broker: 'rabbitmq' });
    expect(await Promise.all(rabbit.nodes.map((node) => node.status()))).toEqual(['running', 'running', 'running']);
  });
});
