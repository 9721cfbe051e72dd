// Clients under test, as the workload sees them. They never throw from `publish`: an attempt always ends in an outcome.
import type { PublishOutcome } from './outcome.ts';

export interface Outgoing {
  readonly payload: Uint8Array;
  /** Chosen by the workload; 0 on a queue. All messages of one publish share it. */
  readonly partition: number;
  readonly key: string | null;
}

export interface ProducerClient extends AsyncDisposable {
  connect(signal: AbortSignal): Promise<void>;
  /** One batch to one partition; one outcome a message, in order. Never rejects. */
  publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]>;
  /** Returns once everything handed over has left this process and the broker has read it (RabbitMQ without confirms: closes the channel cleanly). */
  flush(signal: AbortSignal): Promise<void>;
}

export interface Delivery {
  readonly payload: Uint8Array;
  readonly partition: number;
  /** null where messages have no identity (queues). */
  readonly offset: number | null;
  readonly redelivered: boolean;
}

/** How a consumer settles: acknowledges, or commits. */
export type SettleMode = 'after-processing' | 'before-processing' | 'automatic';

/** The workload's side of a consumer. */
export interface DeliverySink {
  /** Resolves once the deliveries are in the file: only then may a handler start. */
  received(batch: readonly Delivery[]): Promise<void>;
  /** Runs the handlers; resolves once they ended and that is in the file: only then may the client settle. */
  process(batch: readonly Delivery[]): Promise<void>;
  /** Records that the broker was told. */
  settled(batch: readonly Delivery[]): void;
  assigned(partition: number, offset: number | null): void;
  revoked(partition: number): void;
  /** Connection lost, consumer restarted, and the like: goes into the timeline. */
  note(message: string): void;
}

export interface ConsumerClient extends AsyncDisposable {
  /** Connects and subscribes; resolves once it is consuming. The signal bounds the start only: it reconnects by itself until disposed. */
  start(sink: DeliverySink, signal: AbortSignal): Promise<void>;
  /** Connected and subscribed (for Kafka: a member of a stable group). */
  alive(): boolean;
  /** Messages that the driver took and that have not been handed to the sink yet; default 0. */
  waiting?(): number;
}

/**
 * Takes one batch through the sink in the order that the mode asks for; `settle` tells the broker.
 * With `automatic` the broker counts a delivery as settled when it sends it.
 */
export async function settleInOrder(mode: SettleMode, sink: DeliverySink, batch: readonly Delivery[], settle: () => Promise<void>): Promise<void> {
  await sink.received(batch);
  if (mode === 'after-processing') await sink.process(batch);
  if (mode !== 'automatic') await settle();
  sink.settled(batch);
  if (mode !== 'after-processing') await sink.process(batch);
}
