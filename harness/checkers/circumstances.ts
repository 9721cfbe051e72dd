// What the plan and the timeline say that bears on whose doing a loss was.
import type { Scenario } from '../model/scenario.ts';
import type { Circumstances } from './attribution.ts';
import type { KeepingPolicy } from './retention.ts';
import type { ClientEnd, ClosedRange, TimelineFacts } from './timeline-facts.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Quorum queues give up after 20 returns by default since RabbitMQ 4.0 (https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling). */
const defaultDeliveryLimit = 20;

export function circumstancesOf(scenario: Scenario, timeline: TimelineFacts): Circumstances {
  const { consumer, destination: { settings }, cluster: { broker } } = scenario;
  const ends = (by: ClientEnd['by']) => timeline.clientEnds.filter((end) => end.worker.startsWith('consumer') && end.by === by).length;
  const consumerEnds = Math.max(ends('edge'), ends('fault'), crashesOf(scenario, timeline));
  return {
    settle: consumer.settle,
    consumerEnds,
    nodeStruck: timeline.nodeStrikesNs.length > 0,
    brokerDisturbed: timeline.faults.some(({ strikes, struckMs }) => strikes !== 'client' && struckMs !== null),
    mayDrop: mayDrop(settings),
    deliveryLimit: deliveryLimitOf(scenario),
    deadLetters: argument(settings, 'x-dead-letter-exchange') !== undefined || settings['deadLetter'] != null,
    // A publisher confirm names no offset, on a stream neither: it is all the receipt that there is.
    confirmIsReceipt: broker === 'rabbitmq',
    closed: timeline.closed.filter(({ complete }) => complete).map((range) => ({ ...range, readBefore: undisturbed(range, timeline) })),
  };
}

/**
 * Whether all that the producer had sent before a closed publish went the same way: nothing was struck and its client said nothing of
 * its connection until then. The clean end of the channel then shows that the broker has read that as well.
 */
function undisturbed({ producer, timeNs }: ClosedRange, { faults, notes, clientEnds }: TimelineFacts): boolean {
  const name = `producer-${producer}`;
  return faults.every(({ beginMs }) => beginMs * 1e6 > timeNs) && [...notes, ...clientEnds].every(({ worker, timeNs: atNs }) => worker !== name || atNs > timeNs);
}

/** How often crash loops that struck were told to end a consumer. */
function crashesOf({ steps }: Scenario, { faults }: TimelineFacts): number {
  return steps.reduce((sum, step) => {
    const struck = step.kind === 'inject' && step.fault === 'crash-loop' && faults.some(({ id, struckMs }) => id === step.id && struckMs !== null);
    return struck ? sum + (step.parameters['times'] ?? 0) : sum;
  }, 0);
}

/** TTL and length limits drop messages without saying which (https://www.rabbitmq.com/docs/ttl, /docs/maxlength); overflow by refusal drops nothing that was taken. */
function mayDrop(settings: Settings): boolean {
  const refuses = String(settings['overflow'] ?? argument(settings, 'x-overflow') ?? '').startsWith('reject-publish');
  const expires = settings['messageTtlMs'] ?? argument(settings, 'x-message-ttl') ?? settings['expiresMs'] ?? argument(settings, 'x-expires');
  const length = settings['maxLength'] ?? argument(settings, 'x-max-length') ?? settings['maxLengthBytes'] ?? argument(settings, 'x-max-length-bytes');
  return expires != null || (length != null && !refuses);
}

function deliveryLimitOf({ destination: { settings }, cluster: { broker, version } }: Scenario): number | null {
  const limit = settings['deliveryLimit'] ?? argument(settings, 'x-delivery-limit');
  if (limit != null) return Number(limit) < 0 ? null : Number(limit);
  return broker === 'rabbitmq' && settings['type'] === 'quorum' && Number.parseInt(version, 10) >= 4 ? defaultDeliveryLimit : null;
}

export function keepingPolicyOf({ destination: { settings, partitions }, producer: { routing } }: Scenario): KeepingPolicy {
  const policy = settings['cleanupPolicy'] ?? mapOf(settings['config'])['cleanup.policy'];
  return { compacts: String(policy ?? '').includes('compact'), placed: partitions === 1 || !clientChooses(routing) };
}

export const clientChooses = (routing: Scenario['producer']['routing']): boolean => routing === 'keyed' || routing === 'keyless';

/** Where a group of consumers goes on that has committed nothing. */
export interface PositionPolicy {
  /** At the end: what is there already is not for it. */
  readonly resetsToEnd: boolean;
  /** Groups commit their positions to the broker. Where they do not, the position is where the consumers were. */
  readonly committed: boolean;
}

export const positionPolicyOf = ({ consumer, cluster }: Scenario): PositionPolicy => ({
  resetsToEnd: consumer.policy['autoOffsetReset'] === 'latest',
  committed: cluster.broker !== 'rabbitmq',
});

const argument = (settings: Settings, name: string): unknown => mapOf(settings['arguments'])[name];
const mapOf = (value: unknown): Settings => (typeof value === 'object' && value !== null ? (value as Settings) : {});
