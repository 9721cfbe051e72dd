// One amqplib connection at a time, to the first node in order that answers. amqplib has no host list, never gives up a silent
// socket, and ends the process on an 'error' without a listener; this is where all three are put right.
import { connect, type ChannelModel } from 'amqplib';
import pRetry from 'p-retry';
import { describeError } from '../../../../model/errors.ts';
import { bounded } from '../../../../model/wait.ts';
import { credentials } from '../../configuration/broker-configuration.ts';
import { answerTimeoutMs, type SubscriberOptions } from '../subscription.ts';

export interface OpenLink {
  readonly model: ChannelModel;
  readonly node: string;
  /** Why it was lost, once it is. */
  readonly lost: Promise<string>;
  /** Ends it and frees the socket, whatever state it is in. */
  close(): Promise<void>;
}

/** Covers the handshake: a frozen broker's port accepts connections and then says nothing. */
const connectTimeoutMs = 3_000;
const closeTimeoutMs = 2_000;
const retryMs = { minTimeout: 50, maxTimeout: 1_000, factor: 2 } as const;

export class Link {
  readonly #options: SubscriberOptions;
  readonly #answerTimeoutMs: number;
  #next = 0;

  constructor(options: SubscriberOptions, limitMs = answerTimeoutMs) {
    this.#answerTimeoutMs = limitMs;
    // The library's own recovery knows one address, and goes back to it for ever: with it there is nothing to rotate.
    this.#options = options.options['recovery'] ? { ...options, order: options.order.slice(0, 1) } : options;
  }

  /**
   * Tries the nodes in turn, beginning after the last one used, with a pause that grows from 50 ms to 1 s, until one has taken the
   * connection and `prepare` (channels, consumers) has succeeded on it, within 10 s on each node.
   * @throws the signal's reason when aborted.
   */
  open<T>(prepare: (link: OpenLink) => Promise<T>, signal: AbortSignal): Promise<T> {
    return pRetry(async () => {
      signal.throwIfAborted();
      const link = await this.#connect();
      try {
        signal.throwIfAborted();
        const prepared = await bounded(prepare(link), 'preparing the connection', this.#answerTimeoutMs);
        signal.throwIfAborted();
        return prepared;
      } catch (error) {
        await link.close();
        // p-retry gives up on a TypeError; here every failure is a reason to try the next node.
        throw new Error(`${link.node}: ${describeError(error)}`, { cause: error });
      }
    }, { ...retryMs, retries: Number.POSITIVE_INFINITY, signal });
  }

  async #connect(): Promise<OpenLink> {
    const { order, heartbeatSeconds, name, options } = this.#options;
    const endpoint = order[this.#next % order.length]!;
    this.#next++;
    const model = await connect(
      { protocol: 'amqp', hostname: endpoint.host, port: endpoint.port, ...credentials, heartbeat: heartbeatSeconds, vhost: '/' },
      { timeout: connectTimeoutMs, noDelay: true, clientProperties: { connection_name: name }, ...options },
    ).catch((error: unknown) => {
      throw new Error(`${endpoint.node}: ${describeError(error)}`, { cause: error });
    });
    return watch(model, endpoint.node);
  }
}

function watch(model: ChannelModel, node: string): OpenLink {
  let reason = 'closed by the broker';
  const lost = Promise.withResolvers<string>();
  model.on('error', (error) => { reason = error.message; });
  model.on('close', (error) => {
    lost.resolve(`${node}: ${error?.message ?? reason}`);
    destroySocket(model);
  });
  const close = async (): Promise<void> => {
    await bounded(model.close(), 'closing a connection', closeTimeoutMs).catch(() => {});
    destroySocket(model);
  };
  return { model, node, lost: lost.promise, close };
}

/** After a heartbeat timeout amqplib only half-closes the socket, which then keeps the process alive until the frozen broker wakes. */
function destroySocket(model: ChannelModel): void {
  (model.connection as unknown as { stream?: { destroy(): void } } | undefined)?.stream?.destroy();
}
