// One connection of rabbitmq-client as a subject: it has a host list, reconnects by itself, and goes on to the next host each time.
import { Connection, type ConnectionOptions } from 'rabbitmq-client';
import { credentials } from '../../configuration/broker-configuration.ts';
import type { SubscriberOptions } from '../subscription.ts';

export interface OpenOptions extends SubscriberOptions {
  /** How long a request waits for a connection. */
  readonly acquireTimeoutMs: number;
  readonly onNote: (message: string) => void;
}

/** The library's own pauses are 1 to 30 s; these keep a failover from being mostly waiting. */
const retryMs = { retryLow: 100, retryHigh: 1_000 } as const;

export function openSubject({ order, heartbeatSeconds, acquireTimeoutMs, name, options, onNote }: OpenOptions): Connection {
  const given: ConnectionOptions = {
    hosts: order.map(({ host, port }) => `${host}:${port}`),
    ...credentials,
    vhost: '/',
    connectionName: name,
    heartbeat: heartbeatSeconds,
    connectionTimeout: 3_000,
    acquireTimeout: acquireTimeoutMs,
    noDelay: true,
    ...retryMs,
    ...options,
  };
  const connection = new Connection(given);
  // Without a listener a lost connection would end the process.
  connection.on('error', (error: unknown) => onNote(`connection lost: ${error instanceof Error ? error.message : String(error)}`));
  connection.on('connection', () => onNote('connected'));
  return connection;
}
