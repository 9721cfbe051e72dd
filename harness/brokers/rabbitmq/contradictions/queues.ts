// Quorum and classic queues that the broker refuses, or that it would silently give less than was asked. Pure.
import { settingOf } from './cluster.ts';
import { at, type Rule, type Subject, when } from './rule.ts';

const isQuorum = ({ queue }: Subject): boolean => queue.type === 'quorum';
const isClassic = ({ queue }: Subject): boolean => queue.type === 'classic';

/** Arguments that have a field of their own, which alone sets them. */
const named: Readonly<Record<string, string>> = {
  'x-queue-type': 'type',
  'x-quorum-initial-group-size': 'members',
  'x-initial-cluster-size': 'members',
  'x-queue-leader-locator': 'home',
  'x-queue-master-locator': 'home',
  'x-delivery-limit': 'deliveryLimit',
  'x-message-ttl': 'messageTtlMs',
  'x-max-length': 'maxLength',
  'x-overflow': 'overflow',
  'x-dead-letter-exchange': 'deadLetter',
  'x-dead-letter-routing-key': 'deadLetter',
  'x-dead-letter-strategy': 'deadLetter',
  'x-single-active-consumer': 'singleActiveConsumer',
};

const namedTwice: Rule = ({ queue }) => {
  const key = Object.keys(queue.arguments).find((argument) => argument in named);
  return key === undefined ? null : at('destination.arguments', `${key} is set by destination.${named[key]!}`, `Remove the argument and use destination.${named[key]!}.`);
};

const partitioned: Rule = ({ scenario: { destination } }) =>
  when(destination.partitions !== 1, 'destination.partitions', `A queue has no partitions, ${destination.partitions} were asked for`, 'Leave partitions out.');

/** https://www.rabbitmq.com/docs/quorum-queues#feature-matrix and https://www.rabbitmq.com/docs/streams#feature-comparison: always durable, never exclusive. */
const notDurable: Rule = ({ queue }) =>
  when(queue.type !== 'classic' && !queue.durable, 'destination.durable', `A ${nameOf(queue.type)} is always durable; RabbitMQ refuses a non-durable one`, 'Set durable to true, or type to classic.');

const exclusive: Rule = ({ queue }) =>
  when(queue.type !== 'classic' && ['exclusive', 'x-exclusive'].some((key) => key in queue.arguments), 'destination.arguments',
    `A ${nameOf(queue.type)} cannot be exclusive`, 'Remove the argument, or set type to classic.');

const quorumPriority: Rule = (subject) =>
  when(isQuorum(subject) && 'x-max-priority' in subject.queue.arguments, 'destination.arguments', 'A quorum queue refuses x-max-priority',
    'Remove the argument: since 4.0 quorum queues have two priorities without it. Or set type to classic.');

const classicMembers: Rule = (subject) =>
  when(isClassic(subject) && subject.queue.members !== null, 'destination.members', 'A classic queue has no replicas', 'Remove members, or set type to quorum.');

const tooManyMembers: Rule = ({ scenario: { cluster }, queue: { members } }) =>
  when((members ?? 0) > cluster.nodes, 'destination.members', `${members} replicas do not fit on ${cluster.nodes} nodes`, 'Raise cluster.nodes or lower members.');

/** RabbitMQ 4.3 denies transient non-exclusive queues unless `deprecated_features.permit.transient_nonexcl_queues` is set. */
const transientDenied: Rule = (subject) => {
  const permit = 'deprecated_features.permit.transient_nonexcl_queues';
  return when(isClassic(subject) && !subject.queue.durable && subject.scenario.cluster.version === '4.3' && settingOf(subject, permit)?.value !== 'true',
    'destination.durable', 'RabbitMQ 4.3 denies non-durable queues that are not exclusive', `Set the broker property ${permit} to true, or use version 4.0.`);
};

/** https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling */
const classicDeliveryLimit: Rule = (subject) =>
  when(isClassic(subject) && subject.queue.deliveryLimit !== null, 'destination.deliveryLimit', 'A classic queue has no delivery limit', 'Remove it, or set type to quorum.');

const quorumRejectToDeadLetter: Rule = (subject) =>
  when(isQuorum(subject) && subject.queue.overflow === 'reject-publish-dlx', 'destination.overflow', 'A quorum queue does not know reject-publish-dlx', 'Use reject-publish, or set type to classic.');

const rejectedNowhere: Rule = ({ queue }) =>
  when(queue.overflow === 'reject-publish-dlx' && queue.deadLetter === null, 'destination.overflow', 'reject-publish-dlx without dead-lettering only refuses', 'Set deadLetter, or overflow to reject-publish.');

const overflowWithoutLimit: Rule = ({ queue }) =>
  when(queue.overflow !== 'drop-head' && queue.maxLength === null && !('x-max-length-bytes' in queue.arguments) && queue.deadLetter?.strategy !== 'at-least-once',
    'destination.overflow', `${queue.overflow} means nothing for a queue without a length limit`, 'Set maxLength, or leave overflow out.');

/** https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering: "it will fall back to at-most-once" silently. */
const deadLetterFallsBack: Rule = ({ queue }) => {
  if (queue.deadLetter?.strategy !== 'at-least-once') return null;
  if (queue.type === 'classic') return at('destination.deadLetter', 'Only quorum queues dead-letter at least once', 'Set type to quorum, or the strategy to at-most-once.');
  return when(queue.overflow !== 'reject-publish', 'destination.overflow', 'Dead-lettering at least once needs overflow reject-publish; without it RabbitMQ silently falls back to at most once', 'Set overflow to reject-publish.');
};

/** https://www.rabbitmq.com/docs/quorum-queues#leader-election: a leader has a majority behind it, and all members are equal. */
const noSuchElection: Rule = ({ scenario: { steps } }) => {
  const index = steps.findIndex((step) => step.kind === 'inject' && (step.fault === 'leader-election' || step.fault === 'unclean-election'));
  return when(index !== -1, `steps[${index}]`, 'RabbitMQ has no preferred leaders and no unclean elections', 'Use leader-transfer with a quorum queue.');
};

const nothingToTransfer: Rule = ({ queue, scenario: { steps } }) => {
  const index = steps.findIndex((step) => step.kind === 'inject' && step.fault === 'leader-transfer');
  return when(index !== -1 && (queue.type !== 'quorum' || queue.members === 1), `steps[${index}]`, `Leadership of ${queue.type === 'quorum' ? 'a single member' : `a ${nameOf(queue.type)}`} cannot be handed over`, 'Set type to quorum, with several members.');
};

export const nameOf = (type: Subject['queue']['type']): string => (type === 'stream' ? 'stream' : `${type} queue`);

export const queueRules: readonly Rule[] = [
  namedTwice, partitioned, notDurable, exclusive, quorumPriority, classicMembers, tooManyMembers, transientDenied, classicDeliveryLimit,
  quorumRejectToDeadLetter, rejectedNowhere, overflowWithoutLimit, deadLetterFallsBack, noSuchElection, nothingToTransfer,
];
