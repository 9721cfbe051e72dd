// AMQP for the harness's own needs, by rabbitmq-client: never the library under test. It reconnects to any node by itself.
import { Connection } from 'rabbitmq-client';
import { describeError } from '../../model/errors.ts';
import { bounded } from '../../model/wait.ts';
import { credentials } from './configuration/broker-configuration.ts';

/** Straight from the queue process: unlike statistics it is never old. */
export type PassiveCounts =
  | { readonly kind: 'counts'; readonly ready: number; readonly consumers: number }
  /** The broker knows no such queue. */
  | { readonly kind: 'gone' }
  /** There is a queue, but nobody can be asked now, such as a classic queue whose home is down. */
  | { readonly kind: 'unavailable'; readonly detail: string };

const requestTimeoutMs = 5_000;

/** @param endpoints `host:port`, tried in turn. */
export function openConnection(endpoints: readonly string[], name: string): Connection {
  const connection = new Connection({
    hosts: [...endpoints],
    ...credentials,
    connectionName: name,
    acquireTimeout: requestTimeoutMs,
    connectionTimeout: 2_000,
    heartbeat: 2,
    retryLow: 100,
    retryHigh: 500,
  });
  // Without a listener a lost connection would end the process; every request fails or is retried by itself.
  connection.on('error', () => {});
  return connection;
}

export async function passiveCounts(connection: Connection, queue: string): Promise<PassiveCounts> {
  try {
    const declared = await bounded(connection.queueDeclare({ queue, passive: true }), `asking for the queue ${queue}`, requestTimeoutMs);
    return { kind: 'counts', ready: declared.messageCount, consumers: declared.consumerCount };
  } catch (error) {
    const detail = describeError(error);
    // The same 404 also tells of a classic queue whose home node is down; its text is the only difference.
    return /NOT_FOUND/i.test(detail) && /no queue/i.test(detail) ? { kind: 'gone' } : { kind: 'unavailable', detail };
  }
}

/** Closes politely, and at once where the other side does not answer. */
export async function closeConnection(connection: Connection): Promise<void> {
  await bounded(connection.close(), 'closing a connection', 2_000).catch(() => connection.unsafeDestroy());
}
