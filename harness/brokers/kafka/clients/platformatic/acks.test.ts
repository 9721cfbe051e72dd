import { Producer, type SendOptions } from '@platformatic/kafka';
import { expect, test } from 'vitest';

type Options = SendOptions<Buffer, Buffer, Buffer, Buffer>;

/** Nobody listens there: what goes into the request is settled before the library connects. */
async function acksSent(told: object, send: Pick<Options, 'acks'>): Promise<number | undefined> {
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({ clientId: 'acks', bootstrapBrokers: ['127.0.0.1:1'], retries: 0, connectTimeout: 200, ...told });
  const options: Options = { messages: [{ topic: 'orders', value: Buffer.from('one') }], ...send };
  await expect(producer.send(options)).rejects.toThrow();
  await producer.close();
  return options.acks;
}

// The library itself: where it begins to obey its constructor, or no longer tells what it sends, this is noticed here.
test.each([
  ['the constructor is told all, which is not used', { acks: -1 }, {}, 1],
  ['the send is told all', {}, { acks: -1 }, -1],
])('what the library writes into the options of a send is what it asks for: %s', async (_, told, send, acks) => {
  expect(await acksSent(told, send)).toBe(acks);
});
