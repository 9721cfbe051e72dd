// Streams over AMQP 0-9-1 (https://www.rabbitmq.com/docs/streams#feature-comparison): a log knows neither limits per message nor refusals. Pure.
import { at, type Rule, type Subject } from './rule.ts';

type Ban = (subject: Subject) => readonly [holds: boolean, path: string, message: string, hint: string];

const bans: readonly Ban[] = [
  ({ queue }) => [queue.messageTtlMs !== null, 'destination.messageTtlMs', 'Messages of a stream do not expire one by one', 'Use the argument x-max-age, such as 1h, which removes whole segments.'],
  ({ queue }) => [queue.deadLetter !== null, 'destination.deadLetter', 'A stream has no dead-lettering', 'Remove it, or set type to quorum.'],
  ({ queue }) => [queue.deliveryLimit !== null, 'destination.deliveryLimit', 'A stream has no delivery limit', 'Remove it, or set type to quorum.'],
  ({ queue }) => [queue.maxLength !== null, 'destination.maxLength', 'A stream is limited by bytes or age, not by messages', 'Use the argument x-max-length-bytes or x-max-age.'],
  ({ queue }) => [queue.overflow !== 'drop-head', 'destination.overflow', 'A stream never refuses for length: it drops its oldest segments', 'Leave overflow out.'],
  ({ queue }) => [queue.singleActiveConsumer, 'destination.singleActiveConsumer', 'Over AMQP 0-9-1 a stream has no single active consumer', 'Remove it, or set type to quorum.'],
  ({ scenario: { consumer } }) => [consumer.prefetch === 0, 'consumer.prefetch', 'A consumer of a stream must have a prefetch limit: RabbitMQ refuses it otherwise', 'Set prefetch to 100 or so.'],
  ({ scenario: { consumer } }) => [consumer.settle === 'automatic', 'consumer.settle', 'A stream refuses automatic acknowledgement: acknowledgements are its flow control', 'Set settle to after-processing or before-processing.'],
  ({ scenario: { consumer } }) => [consumer.refuse !== null, 'consumer.refuse', 'Nothing can be refused on a stream: its messages stay where they are', 'Remove refuse, or set type to quorum.'],
];

const rule = (ban: Ban): Rule => (subject) => {
  if (subject.queue.type !== 'stream') return null;
  const [holds, path, message, hint] = ban(subject);
  return holds ? at(path, message, hint) : null;
};

export const streamRules: readonly Rule[] = bans.map(rule);
