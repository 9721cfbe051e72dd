// One publisher of the stream protocol, on the node that leads the stream. rabbitmq-stream-js-client has no deadline for a handshake or
// an answer, and a publisher that lost its connection keeps what it is given; here every wait is bounded and every end is told.
import { connect, type Client, type Publisher } from 'rabbitmq-stream-js-client';
import { describeError } from '../../../../model/errors.ts';
import { bounded } from '../../../../model/wait.ts';
import { credentials } from '../../configuration/broker-configuration.ts';
import type { Endpoint } from '../node-order.ts';

export interface SessionOptions {
  readonly stream: string;
  /** The publisher's name, by which the broker remembers its last publishing id; null: it remembers none. */
  readonly reference: string | null;
  readonly batch: number;
  readonly heartbeatSeconds: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** The broker has stored these. */
  readonly onConfirmed: (ids: readonly bigint[]) => void;
  /** The broker refused these. */
  readonly onRefused: (code: number, ids: readonly bigint[]) => void;
}

export interface Session {
  readonly node: string;
  /** Why it ended, once it has. */
  readonly ended: Promise<string>;
  /** In the order of the batch, in one frame or a few. False: nothing was written. */
  write(messages: readonly { readonly id: bigint; readonly content: Buffer }[]): boolean;
  /** Ends it for `reason` and frees its sockets, whatever state they are in. */
  close(reason: string): Promise<void>;
}

const connectTimeoutMs = 3_000;
const closeTimeoutMs = 2_000;

/** Asks this node where the stream's leader is, and goes there. @throws what the library says, or `E_TIMEOUT`. */
export async function openSession({ host, streamPort, node }: Endpoint, options: SessionOptions): Promise<Session> {
  if (streamPort === undefined) throw new Error(`${node} does not speak the stream protocol`);
  const { heartbeatSeconds, options: given } = options;
  const ended = Promise.withResolvers<string>();
  const connecting = connect({
    hostname: host, port: streamPort, ...credentials, vhost: '/', heartbeat: heartbeatSeconds, connectionName: 'leaderfall', ...given,
  });
  const client = await bounded(connecting, `connecting to ${node}`, connectTimeoutMs).catch((error: unknown) => {
    // It may still come about: then nobody would close it.
    void connecting.then(closeClient, () => {});
    throw new Error(describeError(error), { cause: error });
  });
  try {
    const publisher = await bounded(declare(client, options, () => ended.resolve('the connection was closed')), 'declaring the publisher', connectTimeoutMs);
    return sessionOf({ client, publisher, ended }, options);
  } catch (error) {
    await closeClient(client);
    throw new Error(`through ${node}: ${describeError(error)}`, { cause: error });
  }
}

const declare = (client: Client, { stream, reference, batch }: SessionOptions, onClosed: () => void): Promise<Publisher> =>
  client.declarePublisher({ stream, maxChunkLength: batch, connectionClosedListener: onClosed, ...(reference === null ? {} : { publisherRef: reference }) });

interface Open {
  readonly client: Client;
  readonly publisher: Publisher;
  readonly ended: PromiseWithResolvers<string>;
}

function sessionOf({ client, publisher, ended }: Open, { onConfirmed, onRefused }: SessionOptions): Session {
  const { host, port } = publisher.getConnectionInfo();
  let isOpen = true;
  void ended.promise.then(() => { isOpen = false; });
  publisher.on('publish_confirm', (code, ids) => (code === null ? onConfirmed(ids) : onRefused(code, ids)));
  // The stream has another leader, or none: this node takes nothing more.
  publisher.on('metadata_update', () => ended.resolve('the stream moved'));
  return {
    node: `${host}:${port}`,
    ended: ended.promise,
    write: (messages) => {
      // Not ready, the library would keep them in a queue of its own and try again without a pause, for ever.
      if (!isOpen || publisher.closed || publisher.getConnectionInfo().writable !== true || !publisher.getConnectionInfo().ready) return false;
      for (const { id, content } of messages) publisher.basicSend(id, content).catch(() => {});
      publisher.flush().catch(() => {});
      return true;
    },
    close: async (reason) => {
      ended.resolve(reason);
      await closeClient(client);
    },
  };
}

/** What the library keeps of its own, for the sockets that it does not close when nobody answers. */
interface Inside {
  readonly locatorConnection?: { readonly socket?: { destroy(): void } };
  readonly publishers?: ReadonlyMap<string, { readonly connection?: { readonly socket?: { destroy(): void }; readonly heartbeat?: { stop(): void } } }>;
}

async function closeClient(client: Client): Promise<void> {
  const inside = client as unknown as Inside;
  const connections = [...(inside.publishers?.values() ?? [])].map(({ connection }) => connection);
  await bounded(client.close(), 'closing a stream connection', closeTimeoutMs).catch(() => {});
  for (const connection of connections) {
    connection?.heartbeat?.stop();
    connection?.socket?.destroy();
  }
  inside.locatorConnection?.socket?.destroy();
}
