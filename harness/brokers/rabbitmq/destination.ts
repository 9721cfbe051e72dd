// Declares a scenario's queue on its home node, with its dead-letter target, and removes both again.
import { AMQPChannelError, type Connection } from 'rabbitmq-client';
import type { DestinationArgs } from '../../model/cluster.ts';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import { parseDestination, type RabbitmqDestination } from './spec.ts';

/** What the cluster must remember of a queue that it declared. */
export interface DeclaredQueue {
  readonly name: string;
  readonly type: 'quorum' | 'classic';
  /** Index of the node that it was declared on. */
  readonly home: string;
  readonly deadLetterQueue: string | null;
}

/** Queue names are limited to 255 bytes; the run makes them unique. */
export const queueName = (name: string): string => name.slice(0, 200);

/**
 * @param home a connection to the home node alone: `client-local` puts the classic queue, or the quorum queue's first leader, there
 * (https://www.rabbitmq.com/docs/clustering#queue-leader-placement).
 */
export async function declareQueue(home: Connection, args: DestinationArgs, cluster: ClusterShape): Promise<Omit<DeclaredQueue, 'home'>> {
  const settings = parseDestination(args.settings);
  const queue = queueName(args.name);
  try {
    const deadLetterQueue = await declareDeadLetterTarget(home, queue, settings);
    await home.queueDeclare({ queue, durable: settings.durable, arguments: queueArguments(settings, cluster) });
    return { name: queue, type: settings.type, deadLetterQueue };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new LeaderfallError('E_BROKER_SETTING', `RabbitMQ refuses the queue: ${describeError(error)}`, {
      hint: 'Correct destination.arguments or destination.durable.', cause: error,
    });
  }
}

export interface ClusterShape {
  readonly nodes: number;
  readonly version: string;
}

const isRefusal = (error: unknown): boolean => error instanceof AMQPChannelError && ['PRECONDITION_FAILED', 'NOT_IMPLEMENTED', 'INTERNAL_ERROR'].includes(error.code);

export async function deleteQueue(connection: Connection, { name, deadLetterQueue }: DeclaredQueue): Promise<void> {
  await connection.queueDelete({ queue: name });
  if (deadLetterQueue !== null) await connection.queueDelete({ queue: deadLetterQueue });
}

function queueArguments(settings: RabbitmqDestination, { nodes, version }: ClusterShape): Record<string, string | number | boolean> {
  const replicas = settings.type === 'quorum' ? { 'x-quorum-initial-group-size': nodes } : {};
  // Before 4.0 classic queues had the argument under another name, and refuse this one.
  const locator = settings.type === 'classic' && version.startsWith('3.') ? 'x-queue-master-locator' : 'x-queue-leader-locator';
  return { [locator]: 'client-local', ...replicas, ...settings.arguments, 'x-queue-type': settings.type };
}

/** A fan-out of the named exchange, or with the default exchange the queue that the routing key names; a quorum queue, so that it survives the faults. */
async function declareDeadLetterTarget(connection: Connection, queue: string, settings: RabbitmqDestination): Promise<string | null> {
  const exchange = settings.arguments['x-dead-letter-exchange'];
  if (exchange === undefined) return null;
  const target = exchange === '' ? String(settings.arguments['x-dead-letter-routing-key'] ?? `${queue}.dead`) : `${queue}.dead`;
  await connection.queueDeclare({ queue: target, durable: true, arguments: { 'x-queue-type': 'quorum' } });
  if (exchange !== '') {
    await connection.exchangeDeclare({ exchange: String(exchange), type: 'fanout', durable: true });
    await connection.queueBind({ queue: target, exchange: String(exchange) });
  }
  return target;
}
