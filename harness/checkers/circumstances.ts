// What the plan and the timeline say that bears on whose doing a loss was.
import { familyOf } from '../model/fault-parameters.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Circumstances, ReadRange } from './attribution.ts';
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
    // A program's own code may commit as well, and a group that begins at the end passes what was there without a commit.
    libraryCommits: broker === 'kafka' && consumer.settle === 'automatic' && consumer.program === null && !positionPolicyOf(scenario).resetsToEnd,
    consumerEnds,
    nodeStruck: timeline.nodeStrikesNs.length > 0,
    clientLinkStruck: timeline.faults.some(({ fault, struckMs }) => familyOf(fault) === 'client-links' && struckMs !== null),
    brokerDisturbed: timeline.faults.some(({ strikes, struckMs }) => strikes !== 'client' && struckMs !== null),
    mayDrop: mayDrop(settings),
    deliveryLimit: deliveryLimitOf(scenario),
    deadLetters: argument(settings, 'x-dead-letter-exchange') !== undefined || settings['deadLetter'] != null,
    // A publisher confirm names no offset, on a stream neither: it is all the receipt that there is.
    confirmIsReceipt: broker === 'rabbitmq',
    read: timeline.closed.filter(({ complete }) => complete).flatMap((range) => readRange(range, timeline)),
  };
}

/**
 * What the clean end of the channel after a closed publish shows that the broker has read: the publish itself, if nothing happened between
 * its beginning and its end; and all that the same producer had sent before it, if nothing had happened at all until then. A connection
 * that broke takes with it what was on its way, and the channel that ends cleanly is another one.
 */
function readRange(range: ClosedRange, timeline: TimelineFacts): readonly ReadRange[] {
  const { producer, from, to, timeNs } = range;
  if (isQuiet(producer, -Infinity, timeNs, timeline)) return [{ producer, from: 0, to }];
  // One that outlived its step is on record twice: as incomplete when the step ended, and when its last attempt had ended.
  const firstNs = timeline.closed.find((other) => other.producer === producer && other.from === from)!.timeNs;
  const beginNs = timeline.publishesNs.findLast((atNs) => atNs <= firstNs) ?? -Infinity;
  return isQuiet(producer, beginNs, timeNs, timeline) ? [{ producer, from, to }] : [];
}

/** Nothing was struck, and the producer's client said nothing of its connection. */
function isQuiet(producer: number, fromNs: number, toNs: number, { faults, notes, clientEnds }: TimelineFacts): boolean {
  const name = `producer-${producer}`;
  const within = (timeNs: number) => timeNs >= fromNs && timeNs <= toNs;
  return !faults.some(({ beginMs }) => within(beginMs * 1e6)) && ![...notes, ...clientEnds].some(({ worker, timeNs }) => worker === name && within(timeNs));
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
  const expires = settings['messageTtlMs'] ?? argument(settings, 'x-message-ttl') ?? argument(settings, 'x-expires');
  const length = settings['maxLength'] ?? argument(settings, 'x-max-length') ?? argument(settings, 'x-max-length-bytes');
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

/**
 * Whether every message that found no queue came back. RabbitMQ drops it otherwise, and confirms it all the same
 * (https://www.rabbitmq.com/docs/publishers#unroutable); its stream protocol and other brokers route nothing, so nothing is dropped so.
 */
export const unroutableComeBack = ({ cluster: { broker }, producer: { driver, policy } }: Scenario): boolean =>
  broker !== 'rabbitmq' || policy['mandatory'] === true || driver === 'rabbitmq-stream-js-client';

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
