// The rows of the RabbitMQ matrix: delivery policies as users run them, each a few fields of the vocabulary.
import type { RabbitmqScenarioInput } from './faults.ts';

export interface RabbitmqPolicy {
  /** Middle part of the scenario's name. */
  readonly name: string;
  /** Begins the scenario's title. */
  readonly title: string;
  readonly destination?: RabbitmqScenarioInput['destination'];
  readonly producer?: RabbitmqScenarioInput['producer'];
  readonly consumer?: RabbitmqScenarioInput['consumer'];
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** What the vendor says about it. */
  readonly sources: readonly string[];
}

const confirms = 'https://www.rabbitmq.com/docs/confirms';
const quorum = 'https://www.rabbitmq.com/docs/quorum-queues';
const classic = 'https://www.rabbitmq.com/docs/classic-queues';
const reliability = 'https://www.rabbitmq.com/docs/reliability';

export const quorumConfirms: RabbitmqPolicy = {
  name: 'quorum-confirms', title: 'Quorum queue with confirms', destination: { type: 'quorum' }, producer: { confirms: true }, sources: [quorum, confirms],
};
export const quorumNoConfirms: RabbitmqPolicy = {
  name: 'quorum-no-confirms', title: 'Quorum queue without confirms', destination: { type: 'quorum' }, producer: { confirms: false }, sources: [`${quorum}#data-safety`, confirms],
};

const durable = { type: 'classic', durable: true } as const;
export const classicConfirms: RabbitmqPolicy = {
  name: 'classic-confirms', title: 'Durable classic queue, persistent messages, confirms',
  destination: durable, producer: { persistent: true, confirms: true }, sources: [confirms, reliability, classic],
};
export const classicNoConfirms: RabbitmqPolicy = {
  name: 'classic-no-confirms', title: 'Durable classic queue, persistent messages, no confirms',
  destination: durable, producer: { persistent: true, confirms: false }, sources: [confirms, reliability, classic],
};
/** A transient message is confirmed as soon as the queue has it in memory. */
export const classicTransient: RabbitmqPolicy = {
  name: 'classic-transient', title: 'Durable classic queue, transient messages, confirms',
  destination: durable, producer: { persistent: false, confirms: true }, sources: [confirms, reliability],
};

export const streamConfirms: RabbitmqPolicy = {
  name: 'stream-confirms', title: 'Stream with confirms', destination: { type: 'stream' }, producer: { confirms: true }, sources: ['https://www.rabbitmq.com/docs/streams'],
};

const streamPlugin = 'https://www.rabbitmq.com/docs/stream';
const streamDeduplication = 'https://www.rabbitmq.com/blog/2021/07/28/rabbitmq-streams-message-deduplication';
export const streamDeduplicated: RabbitmqPolicy = {
  name: 'stream-deduplicated', title: 'Stream whose publisher has a name and numbers its messages',
  destination: { type: 'stream' }, producer: { deduplicate: true }, sources: [streamPlugin, streamDeduplication],
};
/** What is sent again is another message to the broker. */
export const streamNotDeduplicated: RabbitmqPolicy = {
  name: 'stream-not-deduplicated', title: 'Stream whose publisher has no name', destination: { type: 'stream' }, producer: { deduplicate: false }, sources: [streamPlugin, streamDeduplication],
};

/** Committed is stored; it is the older and slower way to learn what confirms tell. */
export const classicTransactions: RabbitmqPolicy = {
  name: 'classic-transactions', title: 'Durable classic queue, persistent messages, each publish a transaction',
  destination: durable, producer: { driver: 'rabbitmq-client', persistent: true, confirms: false, transaction: 'tx' }, sources: ['https://www.rabbitmq.com/docs/semantics', reliability],
};

const quorumQueue = { type: 'quorum' } as const;
export const manualAcknowledge: RabbitmqPolicy = {
  name: 'manual-acknowledge', title: 'Acknowledgement after handling', destination: quorumQueue, consumer: { settle: 'after-processing' }, sources: [confirms],
};
export const acknowledgeFirst: RabbitmqPolicy = {
  name: 'acknowledge-first', title: 'Acknowledgement before handling', destination: quorumQueue, consumer: { settle: 'before-processing' }, sources: [confirms],
};
/** "Should be considered unsafe", says the vendor. */
export const automaticAcknowledge: RabbitmqPolicy = {
  name: 'automatic-acknowledge', title: 'Automatic acknowledgement', destination: quorumQueue, consumer: { settle: 'automatic' }, sources: [`${confirms}#acknowledgement-modes`],
};

const poison = `${quorum}#poison-message-handling`;
export const deliveryLimit: RabbitmqPolicy = {
  name: 'delivery-limit', title: 'Quorum queue with a delivery limit of 20', destination: { type: 'quorum', deliveryLimit: 20 }, sources: [poison],
};
/** 20 since 4.0; before it there was none. */
export const defaultDeliveryLimit: RabbitmqPolicy = {
  name: 'default-delivery-limit', title: 'Quorum queue with the delivery limit that it comes with', destination: { type: 'quorum', deliveryLimit: null }, sources: [poison],
};
export const noDeliveryLimit: RabbitmqPolicy = {
  name: 'no-delivery-limit', title: 'Quorum queue without a delivery limit', destination: { type: 'quorum', deliveryLimit: -1 }, sources: [poison],
};
export const deliveryLimitDeadLetter: RabbitmqPolicy = {
  name: 'delivery-limit-dead-letter', title: 'Quorum queue with a delivery limit of 20 and a dead-letter exchange',
  destination: { type: 'quorum', deliveryLimit: 20, deadLetter: { strategy: 'at-most-once' } }, sources: [poison, 'https://www.rabbitmq.com/docs/dlx'],
};

/** One of several consumers gets messages at a time; the others wait for it to go. */
export const singleActiveConsumer: RabbitmqPolicy = {
  name: 'single-active-consumer', title: 'Quorum queue with a single active consumer of two',
  destination: { type: 'quorum', singleActiveConsumer: true }, consumer: { count: 2 }, sources: ['https://www.rabbitmq.com/docs/consumers#single-active-consumer'],
};

const ttl = 'https://www.rabbitmq.com/docs/ttl';
export const expiring: RabbitmqPolicy = { name: 'expiring', title: 'Messages expire after a second', destination: { type: 'quorum', messageTtlMs: 1_000 }, sources: [ttl] };
export const notExpiring: RabbitmqPolicy = { name: 'not-expiring', title: 'Messages never expire', destination: { type: 'quorum', messageTtlMs: null }, sources: [ttl] };
export const expiringDeadLetter: RabbitmqPolicy = {
  name: 'expiring-dead-letter', title: 'Messages expire after a second into a dead-letter exchange, at least once',
  destination: { type: 'quorum', messageTtlMs: 1_000, overflow: 'reject-publish', deadLetter: { strategy: 'at-least-once' } }, sources: [ttl, 'https://www.rabbitmq.com/docs/quorum-queues#dead-lettering'],
};

const length = 'https://www.rabbitmq.com/docs/maxlength';
export const dropHead: RabbitmqPolicy = {
  name: 'drop-head', title: 'At most 500 messages, the oldest are dropped', destination: { type: 'quorum', maxLength: 500, overflow: 'drop-head' }, sources: [length],
};
export const rejectPublish: RabbitmqPolicy = {
  name: 'reject-publish', title: 'At most 500 messages, further ones are refused', destination: { type: 'quorum', maxLength: 500, overflow: 'reject-publish' }, sources: [length],
};

const fullClassic = { type: 'classic', maxLength: 500, deadLetter: { strategy: 'at-most-once' } } as const;
/** Classic queues only; the publisher is refused as with reject-publish. */
export const rejectPublishDeadLetter: RabbitmqPolicy = {
  name: 'reject-publish-dlx', title: 'At most 500 messages, further ones are refused and dead-lettered', destination: { ...fullClassic, overflow: 'reject-publish-dlx' }, sources: [length],
};
export const dropHeadDeadLetter: RabbitmqPolicy = {
  name: 'drop-head-dead-letter', title: 'At most 500 messages, the oldest are dead-lettered', destination: { ...fullClassic, overflow: 'drop-head' }, sources: [length, 'https://www.rabbitmq.com/docs/dlx'],
};

const refusing = { refuse: { every: 10, requeue: false } } as const;
export const rejectedToDeadLetter: RabbitmqPolicy = {
  name: 'rejected-to-dead-letter', title: 'Handlers refuse every tenth message; a dead-letter exchange takes it',
  destination: { type: 'quorum', deadLetter: { strategy: 'at-most-once' } }, consumer: refusing, sources: ['https://www.rabbitmq.com/docs/dlx'],
};
export const deadLetterAtMostOnce: RabbitmqPolicy = {
  name: 'dead-letter-at-most-once', title: 'Handlers refuse every tenth message; it is dead-lettered at most once, to a queue on one node',
  destination: { type: 'quorum', deadLetter: { strategy: 'at-most-once', target: 'classic' } }, consumer: refusing, sources: ['https://www.rabbitmq.com/docs/dlx#safety'],
};
export const rejectedAway: RabbitmqPolicy = {
  name: 'rejected-away', title: 'Handlers refuse every tenth message; nobody takes it',
  destination: { type: 'quorum', deadLetter: null }, consumer: refusing, sources: ['https://www.rabbitmq.com/docs/nack'],
};
export const requeued: RabbitmqPolicy = {
  name: 'requeued', title: 'Handlers ask for every tenth message again',
  destination: { type: 'quorum' }, consumer: { refuse: { every: 10, requeue: true } }, sources: ['https://www.rabbitmq.com/docs/nack'],
};
