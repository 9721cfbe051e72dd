// Publishers and consumers that could not do what they are asked. Pure.
import { streamDriver } from '../drivers.ts';
import { nameOf } from './queues.ts';
import { at, isMajor, type Rule, when } from './rule.ts';

const routed: Rule = ({ scenario: { producer } }) =>
  when(producer.routing !== 'explicit', 'producer.routing', `A queue has no partitions to choose: ${producer.routing} means nothing`, 'Leave routing out.');

const transientMessages: Rule = ({ queue, policy }) =>
  when(queue.type !== 'classic' && !policy.persistent, 'producer.persistent', `A ${nameOf(queue.type)} stores every message: transient messages change nothing there`, 'Set persistent to true, or type to classic.');

/** Without confirms no attempt is ever known to have failed, so nothing would ever be sent again. */
const resendWithoutConfirms: Rule = ({ scenario: { producer }, policy }) =>
  when(!policy.confirms && policy.transaction === 'none' && producer.resend === 'unknown', 'producer.resend', 'Without confirms a publisher never learns what is unknown', 'Set confirms to true, or resend to never.');

const mandatoryWithoutConfirms: Rule = ({ policy }) =>
  when(!policy.confirms && policy.transaction === 'none' && policy.mandatory, 'producer.mandatory', 'Without confirms a publisher never knows until when a message may still come back', 'Set confirms to true, or mandatory to false.');

/** Of a user's own program only what the broker itself refuses is known. */
const transactions: Rule = ({ scenario: { producer }, queue, policy }) => {
  if (policy.transaction === 'none') return null;
  if (queue.type !== 'classic') return at('producer.transaction', `A ${nameOf(queue.type)} takes no part in AMQP transactions`, 'Use confirms, or set type to classic.');
  if (producer.driver === 'program') return null;
  if (producer.driver !== 'rabbitmq-client') return at('producer.transaction', `${producer.driver} offers no tx.select`, 'Set driver to rabbitmq-client, or use confirms.');
  return when(policy.mandatory, 'producer.mandatory', 'With transactions a returned message is not told from the others here', 'Set mandatory to false, or transaction to none.');
};

/** "A transactional channel cannot be put into confirm mode": https://www.rabbitmq.com/docs/confirms */
const confirmedTransactions: Rule = ({ scenario: { configuration }, policy }) =>
  when(policy.transaction !== 'none' && policy.confirms && configuration.some(({ scope, key, source }) => scope === 'producer' && key === 'confirms' && source !== 'default'),
    'producer.confirms', 'A channel is in confirm mode or transactional, never both', 'Set confirms to false, or transaction to none.');

const deduplication: Rule = ({ scenario: { producer }, queue, policy }) => {
  if (!policy.deduplicate) return null;
  if (queue.type !== 'stream') return at('producer.deduplicate', `Only a stream knows publishing ids, not a ${nameOf(queue.type)}`, 'Remove deduplicate.');
  if (producer.driver === 'amqplib' || producer.driver === 'rabbitmq-client') {
    return at('producer.deduplicate', `Publishing ids need the stream protocol; ${producer.driver} speaks AMQP 0-9-1, which has none`, 'Set driver to rabbitmq-stream-js-client, or remove deduplicate.');
  }
  return when(producer.inFlight > 1 && producer.resend === 'unknown', 'producer.inFlight',
    'A stream drops, and confirms, every publishing id that is not above the last one of its publisher: of several publishes under way, one that is sent again comes too late and is lost',
    'Set inFlight to 1, and batch to 100 or so for throughput.');
};

/** Its publishes always have ids and are always confirmed: https://www.rabbitmq.com/docs/stream */
const streamProtocol: Rule = ({ scenario: { producer, cluster }, queue, policy }) => {
  if (producer.driver !== streamDriver) return null;
  // Measured: the publisher ends with "Unknown response 22" before it has published anything.
  if (isMajor(cluster.version, 3)) return at('producer.driver', `${streamDriver} does not get through the handshake of RabbitMQ ${cluster.version}`, 'Set cluster.version to 4.0 or later, or use another driver.');
  if (queue.type !== 'stream') return at('producer.driver', `${streamDriver} speaks the stream protocol, which knows no ${nameOf(queue.type)}`, 'Set type to stream, or use another driver.');
  if (!policy.confirms) return at('producer.confirms', 'The stream protocol confirms every publish', 'Set confirms to true, or use another driver.');
  return when(policy.mandatory, 'producer.mandatory', 'The stream protocol publishes to a stream, not to an exchange: nothing can be unroutable', 'Set mandatory to false.');
};

/** A consumer without a limit takes the whole queue, and one crash then counts against every message's delivery limit. */
const quorumUnlimitedPrefetch: Rule = ({ scenario: { consumer }, queue }) =>
  when(queue.type === 'quorum' && consumer.prefetch === 0 && consumer.settle !== 'automatic', 'consumer.prefetch',
    'Prefetch 0 has no limit: one consumer would take the whole quorum queue', 'Set prefetch to 50 or so, or settle to automatic.');

const refusedTooLate: Rule = ({ scenario: { consumer } }) =>
  when(consumer.refuse !== null && consumer.settle !== 'after-processing', 'consumer.refuse', `With settle ${consumer.settle} the broker has been told before the handler could refuse`, 'Set settle to after-processing, or remove refuse.');

export const clientRules: readonly Rule[] = [
  routed, transientMessages, resendWithoutConfirms, mandatoryWithoutConfirms, transactions, confirmedTransactions, deduplication, streamProtocol, quorumUnlimitedPrefetch, refusedTooLate,
];
