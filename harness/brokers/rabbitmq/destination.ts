// Declares a scenario's queue on its home node, with its dead-letter target, and removes both again.
import { AMQPChannelError, type Connection } from 'rabbitmq-client';
import type { DestinationArgs } from '../../model/cluster.ts';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import type { ManagementApi, QueuePolicy } from './management-api.ts';
import { parseDestination, type RabbitmqDestination } from './policy.ts';

/** What the cluster must remember of a queue that it declared. */
export interface DeclaredQueue {
  readonly name: string;
  readonly settings: RabbitmqDestination;
  /** Where rejected, expired and dropped messages go, or null. */
  readonly deadLetterQueue: string | null;
}

export interface ClusterShape {
  readonly nodes: number;
  readonly version: string;
}

/** Connections to one node each: `client-local` puts a classic queue, or the first leader, there (https://www.rabbitmq.com/docs/clustering#queue-leader-placement). */
export interface DeclarationPlaces {
  readonly home: Connection;
  /** Of a dead-letter target that is a classic queue. */
  readonly last: () => Connection;
}

/** Queue names are limited to 255 bytes; the run makes them unique. */
export const queueName = (name: string): string => name.slice(0, 200);

/**
 * Mirroring comes first: a policy applies to a queue from its declaration on.
 * @throws LeaderfallError `E_BROKER_SETTING` in the broker's own words.
 */
export async function declareQueue({ home, last }: DeclarationPlaces, api: ManagementApi, args: DestinationArgs, cluster: ClusterShape, signal: AbortSignal): Promise<DeclaredQueue> {
  const settings = parseDestination(args.settings);
  const queue = queueName(args.name);
  try {
    if (settings.mirrors !== null) await api.putPolicy(queue, mirrorPolicy(queue, settings), { timeoutMs: 5_000, signal });
    const deadLetterQueue = settings.deadLetter === null ? null : await declareDeadLetterTarget(settings.deadLetter.target === 'quorum' ? home : last(), queue, settings.deadLetter.target);
    await home.queueDeclare({ queue, durable: settings.durable, arguments: queueArguments(queue, settings, cluster) });
    return { name: queue, settings, deadLetterQueue };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new LeaderfallError('E_BROKER_SETTING', `RabbitMQ refuses the queue: ${describeError(error)}`, {
      hint: 'Correct destination; the broker\'s own words are part of this error.', cause: error,
    });
  }
}

const isRefusal = (error: unknown): boolean => error instanceof AMQPChannelError && ['PRECONDITION_FAILED', 'NOT_IMPLEMENTED', 'INTERNAL_ERROR'].includes(error.code);

/** @param apis any of them can remove a policy; one answer is enough. */
export async function deleteQueue(connection: Connection, apis: readonly ManagementApi[], { name, settings, deadLetterQueue }: DeclaredQueue, signal: AbortSignal): Promise<void> {
  await connection.queueDelete({ queue: name });
  if (settings.mirrors !== null) await Promise.any(apis.map((api) => api.deletePolicy(name, { timeoutMs: 5_000, signal })));
  if (deadLetterQueue === null) return;
  await connection.queueDelete({ queue: deadLetterQueue });
  await connection.exchangeDelete({ exchange: deadLetterExchange(name) });
}

/** https://www.rabbitmq.com/docs/3.13/ha#mirroring-arguments */
function mirrorPolicy(queue: string, { mirrors, promoteOnFailure, promoteOnShutdown, synchronise }: RabbitmqDestination): QueuePolicy {
  const extent = mirrors === 'all' ? { 'ha-mode': 'all' } : { 'ha-mode': 'exactly', 'ha-params': Number(mirrors) };
  return {
    pattern: `^${queue.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`,
    definition: { ...extent, 'ha-sync-mode': synchronise, 'ha-promote-on-failure': promoteOnFailure, 'ha-promote-on-shutdown': promoteOnShutdown },
  };
}

/** Exported for its tests. */
export function queueArguments(queue: string, settings: RabbitmqDestination, { nodes, version }: ClusterShape): Record<string, string | number | boolean> {
  const old = version.startsWith('3.');
  const { type, members, deliveryLimit, messageTtlMs, maxLength, overflow, deadLetter, singleActiveConsumer } = settings;
  const sizes = { quorum: 'x-quorum-initial-group-size', stream: 'x-initial-cluster-size', classic: null } as const;
  const named: Record<string, string | number | boolean | null> = {
    'x-queue-type': type,
    // Before 4.0 classic queues had the argument under another name, and refuse this one.
    [type === 'classic' && old ? 'x-queue-master-locator' : 'x-queue-leader-locator']: 'client-local',
    // 3.x knows no -1: there is no limit without the argument.
    'x-delivery-limit': deliveryLimit === -1 && old ? null : deliveryLimit,
    'x-message-ttl': messageTtlMs,
    'x-max-length': maxLength,
    'x-overflow': overflow === 'drop-head' ? null : overflow,
    'x-dead-letter-exchange': deadLetter === null ? null : deadLetterExchange(queue),
    'x-dead-letter-strategy': deadLetter === null || type !== 'quorum' ? null : deadLetter.strategy,
    'x-single-active-consumer': singleActiveConsumer ? true : null,
  };
  const size = sizes[type];
  if (size !== null) named[size] = members ?? nodes;
  const given = Object.entries(named).filter((entry): entry is [string, string | number | boolean] => entry[1] !== null);
  return { ...settings.arguments, ...Object.fromEntries(given) };
}

const deadLetterExchange = (queue: string): string => `${queue}.dlx`;

/** A quorum queue survives the faults; a classic one is down with the node that it was declared on, which is where it is put by default. */
async function declareDeadLetterTarget(connection: Connection, queue: string, type: 'quorum' | 'classic'): Promise<string> {
  const target = `${queue}.dead`;
  const exchange = deadLetterExchange(queue);
  await connection.exchangeDeclare({ exchange, type: 'fanout', durable: true });
  await connection.queueDeclare({ queue: target, durable: true, arguments: { 'x-queue-type': type } });
  await connection.queueBind({ queue: target, exchange });
  return target;
}
