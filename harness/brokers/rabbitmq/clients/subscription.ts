// What a consumer needs of a library: one subscription on one channel. Each driver has a `Subscriber` of its own.
import type { Endpoint } from './node-order.ts';

export interface SubscriberOptions {
  /** Nodes in the order in which they are tried. */
  readonly order: readonly Endpoint[];
  readonly heartbeatSeconds: number;
  /** As the broker shows it. */
  readonly name: string;
  /** The scenario's driver options; they win. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Incoming {
  /** Delivery tag: counts up from 1 on its channel and means nothing on another. */
  readonly tag: number;
  readonly payload: Buffer;
  readonly redelivered: boolean;
  /** `x-stream-offset`; null on a queue. */
  readonly offset: number | null;
}

export interface SubscribeOptions {
  readonly queue: string;
  /** 0: no limit. */
  readonly prefetch: number;
  /** The broker forgets a delivery when it sends it. */
  readonly automatic: boolean;
  /** Of a stream: where to begin; null on a queue. */
  readonly fromOffset: number | null;
  readonly onMessage: (incoming: Incoming, subscription: Subscription) => void;
}

export interface Subscription {
  /** The node that it is on, or what is known of it. */
  readonly node: string;
  /** Why it ended, once it has: connection lost, channel closed, cancelled by the broker. */
  readonly ended: Promise<string>;
  /** Everything up to this tag. @throws where the channel is dead. */
  acknowledge(tag: number): void;
  /** This one. @throws where the channel is dead. */
  reject(tag: number, requeue: boolean): void;
  /** Resolves once the broker has worked through all that was sent on this channel before. @throws where it is dead. */
  roundTrip(): Promise<void>;
  /** No deliveries any more; what was received can still be settled. */
  cancel(): Promise<void>;
  /** Ends it and frees its socket, whatever state it is in. */
  close(): Promise<void>;
}

export interface Subscriber extends AsyncDisposable {
  /** Tries until it succeeds. @throws the signal's reason when aborted. */
  subscribe(options: SubscribeOptions, signal: AbortSignal): Promise<Subscription>;
}

/**
 * How long the broker may take to answer what makes a connection useful: channels, limits, subscriptions. Neither library bounds them, and
 * the answer may never come: a quorum queue's leader that was frozen when it was asked to consume abdicates when it thaws, and the request
 * is gone while the connection lives on (measured on 4.3: twice in 11 freezes, 65 s and more without an answer).
 */
export const answerTimeoutMs = 10_000;

/** Where a stream is read from: an offset of the stream, which counts from 0. */
export const consumeArguments = (fromOffset: number | null): Record<string, number> => (fromOffset === null ? {} : { 'x-stream-offset': fromOffset });

/** Both libraries decode it as a number. */
export function offsetIn(headers: Readonly<Record<string, unknown>> | undefined): number | null {
  const offset = headers?.['x-stream-offset'];
  return typeof offset === 'number' ? offset : null;
}
