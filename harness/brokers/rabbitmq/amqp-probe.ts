// Whether a node's AMQP listener is up: it opens last when a node starts, and only a broker that runs answers the protocol header.
import { connect } from 'node:net';

const header = Buffer.from('AMQP\0\0\u0009\u0001', 'latin1');

/** @param endpoint `host:port`. Never rejects. A published port of a dead node accepts and closes; a frozen one stays silent. */
export function answersAmqp(endpoint: string, timeoutMs: number): Promise<boolean> {
  const separator = endpoint.lastIndexOf(':');
  const socket = connect({ host: endpoint.slice(0, separator), port: Number(endpoint.slice(separator + 1)) });
  return new Promise((resolve) => {
    const end = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.on('connect', () => socket.write(header));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}
