// Publishers and consumers that could not do what they are asked. Pure.
import { nameOf } from './queues.ts';
import { at, type Rule, when } from './rule.ts';

const batched: Rule = ({ scenario: { producer } }) =>
  when(producer.batch !== 1, 'producer.batch', 'AMQP 0-9-1 publishes one message at a time', 'Set batch to 1 and raise inFlight for throughput.');

const routed: Rule = ({ scenario: { producer } }) =>
  when(producer.routing !== 'explicit', 'producer.routing', `A queue has no partitions to choose: ${producer.routing} means nothing`, 'Leave routing out.');

const transientMessages: Rule = ({ queue, policy }) =>
  when(queue.type !== 'classic' && !policy.persistent, 'producer.persistent', `A ${nameOf(queue.type)} stores every message: transient messages change nothing there`, 'Set persistent to true, or type to classic.');

/** Without confirms no attempt is ever known to have failed, so nothing would ever be sent again. */
const resendWithoutConfirms: Rule = ({ scenario: { producer }, policy }) =>
  when(!policy.confirms && producer.resend === 'unknown', 'producer.resend', 'Without confirms a publisher never learns what is unknown', 'Set confirms to true, or resend to never.');

const mandatoryWithoutConfirms: Rule = ({ policy }) =>
  when(!policy.confirms && policy.mandatory, 'producer.mandatory', 'Without confirms a publisher never knows until when a message may still come back', 'Set confirms to true, or mandatory to false.');

const transactions: Rule = ({ policy }) =>
  when(policy.transaction === 'tx', 'producer.transaction', 'Transactions have their place here and are not built yet: amqplib offers no tx.select', 'Use confirms: they say the same for each message, and faster.');

const deduplication: Rule = ({ queue, policy }) => {
  if (!policy.deduplicate) return null;
  if (queue.type !== 'stream') return at('producer.deduplicate', `Only a stream knows publishing ids, not a ${nameOf(queue.type)}`, 'Remove deduplicate.');
  return at('producer.deduplicate', 'Publishing ids need the stream protocol; these drivers speak AMQP 0-9-1, which has none', 'Remove deduplicate.');
};

/** A consumer without a limit takes the whole queue, and one crash then counts against every message's delivery limit. */
const quorumUnlimitedPrefetch: Rule = ({ scenario: { consumer }, queue }) =>
  when(queue.type === 'quorum' && consumer.prefetch === 0 && consumer.settle !== 'automatic', 'consumer.prefetch',
    'Prefetch 0 has no limit: one consumer would take the whole quorum queue', 'Set prefetch to 50 or so, or settle to automatic.');

const refusedTooLate: Rule = ({ scenario: { consumer } }) =>
  when(consumer.refuse !== null && consumer.settle !== 'after-processing', 'consumer.refuse', `With settle ${consumer.settle} the broker has been told before the handler could refuse`, 'Set settle to after-processing, or remove refuse.');

export const clientRules: readonly Rule[] = [
  batched, routed, transientMessages, resendWithoutConfirms, mandatoryWithoutConfirms, transactions, deduplication, quorumUnlimitedPrefetch, refusedTooLate,
];
