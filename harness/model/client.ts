// Clients under test, as the workload sees them. They never throw from `publish`: an attempt always ends in an outcome.
import type { PublishOutcome } from './outcome.ts';

export interface Outgoing {
  readonly payload: Uint8Array;
  /** Chosen by the workload; 0 on a queue; null: the client chooses. Without `multi-partition` routing all messages of one publish share it. */
  readonly partition: number | null;
  readonly key: string | null;
  /** Of its producer, the same for every attempt of a message: what a broker that deduplicates can go by. The workload always gives it. */
  readonly sequence?: number;
}

export interface ProducerClient extends AsyncDisposable {
  connect(signal: AbortSignal): Promise<void>;
  /** One batch; one outcome a message, in order, each with the partition that the client chose where the workload did not. Never rejects. */
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

/** How a handler took its batch. */
export interface Processed {
  /** Acknowledge or commit these. */
  readonly accepted: readonly Delivery[];
  /** Reject these. Always empty on a log. */
  readonly refused: readonly Delivery[];
  /** What the broker is to do with the refused. */
  readonly requeue: boolean;
}

/** The workload's side of a consumer. */
export interface DeliverySink {
  /** Resolves once the deliveries are in the file: only then may a handler start. */
  received(batch: readonly Delivery[]): Promise<void>;
  /** Runs the handlers; resolves once they ended and that is in the file: only then may the client settle. What the handlers refused comes back, to be rejected. */
  process(batch: readonly Delivery[]): Promise<Processed>;
  /** Records that the broker was told. Resolves at once, or never where this process is to die here. */
  settled(batch: readonly Delivery[]): Promise<void>;
  /** Records that the broker was told to take them back (`requeue`), or to drop or dead-letter them. */
  rejected(batch: readonly Delivery[], requeue: boolean): void;
  assigned(partition: number, offset: number | null): void;
  revoked(partition: number): void;
  /** Connection lost, consumer restarted, and the like: goes into the timeline. */
  note(message: string): void;
}

/** What a consumer gets to close in good order, unless it is told otherwise. */
export const consumerCloseMs = 10_000;

/** Disposing closes within `consumerCloseMs`. */
export interface ConsumerClient extends AsyncDisposable {
  /** Connects and subscribes; resolves once it is consuming. The signal bounds the start only: it reconnects by itself until disposed. */
  start(sink: DeliverySink, signal: AbortSignal): Promise<void>;
  /** Connected and subscribed (for Kafka: a member of a stable group). */
  alive(): boolean;
  /** Messages that the driver took and that have not been handed to the sink yet; default 0. */
  waiting?(): number;
  /**
   * Takes no more, finishes and settles what it has received, and leaves so that the broker knows.
   * @throws LeaderfallError `E_TIMEOUT` where that is not done within the bound, and what its library throws: then the broker learns of it by itself.
   */
  close(withinMs: number): Promise<void>;
}

/** Tells the broker; resolves once it has been told as well as the client can know. False: the connection is gone, it will deliver them again. */
export interface Settler {
  accept(batch: readonly Delivery[]): Promise<boolean>;
  /** Only where handlers may refuse (queues). */
  reject?(batch: readonly Delivery[], requeue: boolean): Promise<boolean>;
}

/**
 * Takes one batch through the sink in the order that the mode asks for.
 * With `automatic` the broker counts a delivery as settled when it sends it.
 */
export async function settleInOrder(mode: SettleMode, sink: DeliverySink, batch: readonly Delivery[], settler: Settler): Promise<void> {
  await sink.received(batch);
  if (mode === 'after-processing') return await settleProcessed(await sink.process(batch), sink, settler);
  if (mode === 'automatic' || (await settler.accept(batch))) await sink.settled(batch);
  await sink.process(batch);
}

async function settleProcessed({ accepted, refused, requeue }: Processed, sink: DeliverySink, settler: Settler): Promise<void> {
  if (refused.length > 0 && (await settler.reject?.(refused, requeue))) sink.rejected(refused, requeue);
  if (accepted.length > 0 && (await settler.accept(accepted))) await sink.settled(accepted);
}
