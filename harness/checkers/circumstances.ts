// What the plan and the timeline say that bears on whose doing a loss was.
import type { Scenario } from '../model/scenario.ts';
import type { Circumstances } from './attribution.ts';
import type { TimelineFacts } from './timeline-facts.ts';

/** Arguments by which a queue drops messages without saying which (https://www.rabbitmq.com/docs/ttl, /docs/maxlength). */
const dropping = ['x-message-ttl', 'x-max-length', 'x-max-length-bytes', 'x-expires'];

export function circumstancesOf({ consumer, destination }: Scenario, { deadWorkers, strikesNs, closed }: TimelineFacts): Circumstances {
  const queueArguments = mapOf(destination.settings['arguments']);
  return {
    settle: consumer.settle,
    consumerGone: deadWorkers.some((worker) => worker.startsWith('consumer')),
    nodeStruck: strikesNs.length > 0,
    mayDrop: dropping.some((name) => name in queueArguments),
    // Quorum queues have a delivery limit of 20 by default since RabbitMQ 4.0 (https://www.rabbitmq.com/docs/quorum-queues).
    limitsDeliveries: 'x-delivery-limit' in queueArguments || destination.settings['type'] === 'quorum',
    closed,
  };
}

/** A compacted topic forgets all but the latest record of a key. */
export function mayCompact({ destination }: Scenario): boolean {
  return String(mapOf(destination.settings['config'])['cleanup.policy'] ?? '').includes('compact');
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
