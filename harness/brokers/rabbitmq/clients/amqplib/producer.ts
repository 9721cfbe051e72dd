// amqplib as a publisher: every publish ends in an outcome, whatever happens to the channel. It reconnects by itself; it never resends.
import type { Channel, ConfirmChannel, Options } from 'amqplib';
import type { ClientContext } from '../../../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../../../model/client.ts';
import { LeaderfallError } from '../../../../model/errors.ts';
import type { PublishOutcome } from '../../../../model/outcome.ts';
import type { ProducerSpec } from '../../../../model/scenario.ts';
import { bounded, untilAborted } from '../../../../model/wait.ts';
import { parseProducerPolicy, type RabbitmqProducerPolicy } from '../../policy.ts';
import type { AttemptEnd } from '../attempt-end.ts';
import { classify } from './classify.ts';
import { Link, type OpenLink } from './link.ts';
import { nodeOrder } from '../node-order.ts';
import { Outstanding } from '../outstanding.ts';

const reopenTimeoutMs = 2_000;

/** A channel that can be written to, and whether its buffer asks for a pause. */
interface OpenChannel {
  readonly channel: Channel | ConfirmChannel;
  /** Set while the channel's buffer is full; resolves when it drained or the channel closed. */
  full: Promise<void> | null;
  open: boolean;
  /** Its close is a flush, not a loss. */
  flushing: boolean;
}

export class AmqplibProducer implements ProducerClient {
  readonly #context: ClientContext;
  readonly #policy: RabbitmqProducerPolicy;
  readonly #link: Link;
  readonly #outstanding: Outstanding;
  readonly #disposed = new AbortController();
  #current: OpenChannel | null = null;
  #lastLink: OpenLink | null = null;
  #opening: Promise<OpenChannel> | null = null;
  #returnId = 0;
  #closedBy: string | null = null;
  /** A channel was lost since the last flush: what it had taken without confirms may never have been read. */
  #unflushedLoss = false;

  constructor(context: ClientContext, spec: ProducerSpec) {
    this.#context = context;
    this.#policy = parseProducerPolicy(spec.policy);
    this.#outstanding = new Outstanding(this.#policy.confirmTimeoutMs);
    this.#link = new Link({
      order: nodeOrder(context.connection.endpoints, this.#policy.connectTo, context.leader, context.index),
      heartbeatSeconds: this.#policy.heartbeatSeconds,
      name: `leaderfall producer ${context.index}`,
      options: spec.options,
    });
  }

  async connect(signal: AbortSignal): Promise<void> {
    await this.#usable(signal);
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    return Promise.all(batch.map(({ payload }) => this.#publishOne(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength))));
  }

  /**
   * With confirms: returns once no attempt is under way. Without: closes the channel cleanly, which the broker answers only after it
   * has read every publish on it, and opens the next one.
   * @throws LeaderfallError `E_TIMEOUT` when the channel died first: what was handed over since the last flush may not have arrived.
   */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.#policy.confirms) return this.#outstanding.empty(signal);
    const current = this.#current;
    this.#current = null;
    try {
      if (this.#unflushedLoss) throw new Error('the connection was lost since the last flush');
      if (current === null) return;
      current.flushing = true;
      await bounded(current.channel.close(), 'closing the channel', this.#policy.confirmTimeoutMs);
      await this.#reopen(signal);
    } catch (error) {
      throw new LeaderfallError('E_TIMEOUT', 'The channel died before everything handed over was read by the broker', { cause: error });
    } finally {
      this.#unflushedLoss = false;
    }
  }

  /** At once and not with the next publish, which may be meant for a node that is frozen by then. */
  async #reopen(signal: AbortSignal): Promise<void> {
    await this.#usable(AbortSignal.any([signal, AbortSignal.timeout(reopenTimeoutMs)])).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort(new LeaderfallError('E_INTERRUPTED', 'The producer was closed'));
    await this.#opening?.catch(() => {});
    await this.#lastLink?.close();
    this.#outstanding.end();
  }

  #publishOne(content: Buffer): Promise<PublishOutcome> {
    const current = this.#current;
    const end = current === null || current.full !== null ? null : this.#write(current, content);
    return end === null ? this.#publishLater(content) : end.then(classify);
  }

  /** Waits for a channel with room. Nothing is written before, so waiting, or writing again after a throw, cannot make a copy. */
  async #publishLater(content: Buffer): Promise<PublishOutcome> {
    const signal = AbortSignal.any([AbortSignal.timeout(this.#policy.confirmTimeoutMs), this.#disposed.signal]);
    for (;;) {
      let current: OpenChannel;
      try {
        current = this.#current ?? (await this.#usable(signal));
        if (current.full !== null) await untilAborted(current.full, signal);
        signal.throwIfAborted();
      } catch (error) {
        return classify({ kind: 'not-written', error });
      }
      const end = current.open && current.full === null ? this.#write(current, content) : null;
      if (end !== null) return classify(await end);
    }
  }

  /** null: the channel turned out to be closed and nothing was written. */
  #write(current: OpenChannel, content: Buffer): Promise<AttemptEnd> | null {
    const { persistent, mandatory, confirms } = this.#policy;
    const options: Options.Publish = mandatory ? { persistent, mandatory, messageId: String(++this.#returnId) } : { persistent };
    try {
      if (!confirms) {
        this.#pauseWhenFull(current, current.channel.publish('', this.#context.destination.name, content, options));
        return Promise.resolve({ kind: 'handed-over' });
      }
      const attempt = this.#outstanding.begin(options.messageId ?? null);
      try {
        const writable = (current.channel as ConfirmChannel).publish('', this.#context.destination.name, content, options, (error: unknown) =>
          this.#outstanding.answered(attempt, error, this.#closedBy));
        this.#pauseWhenFull(current, writable);
      } catch (error) {
        this.#outstanding.forget(attempt);
        throw error;
      }
      return attempt.end;
    } catch (error) {
      current.open = false;
      if (this.#current === current) this.#current = null;
      return isClosed(error) ? null : Promise.resolve({ kind: 'not-written', error });
    }
  }

  #pauseWhenFull(current: OpenChannel, writable: boolean): void {
    if (writable || current.full !== null) return;
    const drained = Promise.withResolvers<void>();
    current.full = drained.promise;
    const end = (): void => {
      current.full = null;
      current.channel.off('drain', end).off('close', end);
      drained.resolve();
    };
    current.channel.once('drain', end).once('close', end);
  }

  /** The open channel, or the next one. All that wait share one attempt to open it, which goes on when a waiter gives up. */
  async #usable(signal: AbortSignal): Promise<OpenChannel> {
    signal.throwIfAborted();
    this.#opening ??= this.#open().finally(() => { this.#opening = null; });
    return untilAborted(this.#opening, signal);
  }

  #open(): Promise<OpenChannel> {
    const previous = this.#lastLink;
    const prepare = async (link: OpenLink): Promise<OpenChannel> => {
      const channel = this.#policy.confirms ? await link.model.createConfirmChannel() : await link.model.createChannel();
      return this.#adopt(channel, link);
    };
    // After a flush the connection is still good, and staying on it keeps the publisher on its node.
    const reuse = previous === null ? Promise.reject(new Error('no connection yet')) : prepare(previous);
    return reuse.catch(() => this.#link.open(prepare, this.#disposed.signal));
  }

  #adopt(channel: Channel | ConfirmChannel, link: OpenLink): OpenChannel {
    const opened: OpenChannel = { channel, full: null, open: true, flushing: false };
    channel.on('error', (error) => { this.#closedBy = error.message; });
    channel.on('return', (message) => this.#outstanding.returned(String(message.properties.messageId)));
    channel.on('close', () => {
      opened.open = false;
      if (!opened.flushing) this.#unflushedLoss = true;
      if (this.#current === opened) this.#current = null;
    });
    if (this.#lastLink !== link) this.#follow(link);
    this.#current = opened;
    return opened;
  }

  /** Reconnects as soon as the connection is lost, not only when the next message comes. */
  #follow(link: OpenLink): void {
    this.#lastLink = link;
    this.#closedBy = null;
    this.#context.onNote(`connected to ${link.node}`);
    void link.lost.then((reason) => {
      if (this.#lastLink === link) this.#lastLink = null;
      if (this.#disposed.signal.aborted) return;
      this.#context.onNote(`connection lost: ${reason}`);
      this.#usable(this.#disposed.signal).catch(() => {});
    });
    link.model.on('error', (error) => { this.#closedBy = error.message; });
  }
}

/** amqplib throws this when a channel that is closing or closed is written to, before it writes anything. */
const isClosed = (error: unknown): boolean => error instanceof Error && error.name === 'IllegalOperationError';
