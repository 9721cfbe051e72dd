// The client libraries that a scenario can name. Pure.

/** Speaks the stream protocol; the others AMQP 0-9-1. Publishers only: over AMQP a stream's consumers acknowledge, which is what is tested. */
export const streamDriver = 'rabbitmq-stream-js-client';
export const consumerDrivers = ['amqplib', 'rabbitmq-client'] as const;
export const producerDrivers = [...consumerDrivers, streamDriver] as const;
