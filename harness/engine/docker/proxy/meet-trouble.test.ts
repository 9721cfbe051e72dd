// What a reset is proved by: small servers that end every connection, each in its own way.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { meetTrouble } from './meet-trouble.ts';

const question = { greeting: Buffer.from('hello\n'), echo: Buffer.from('echo\n'), echoAnswerBytes: 32 };
const politely = (socket: Socket): unknown => socket.end();
const byReset = (socket: Socket): unknown => socket.resetAndDestroy();

test.each([
  ['a reset', byReset, true, true],
  ['an ordinary end, where a reset would be told', politely, true, false],
  ['an ordinary end, where a reset looks like one', politely, false, true],
] as const)('of %s', async (_, end, tellsResets, ok) => {
  const server = createServer((socket) => socket.on('error', () => {}).once('data', () => end(socket))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const met = await meetTrouble({ kind: 'reset' }, { through, direct: through, question, tellsResets, witness: null });
  server.close();
  expect(met, met.detail).toMatchObject({ ok });
});
