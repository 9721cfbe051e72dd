// AMQP transactions with rabbitmq-client: one publish is one transaction, and one transaction at a time. Committed means stored, as with
// a confirm (https://www.rabbitmq.com/docs/semantics#tx); what was not seen to be committed is unknown.
import type { Channel, Connection } from 'rabbitmq-client';
import { bounded } from '../../../../model/wait.ts';
import type { AttemptEnd } from '../attempt-end.ts';

export interface TransactionOptions {
  readonly connection: Connection;
  readonly queue: string;
  readonly persistent: boolean;
  /** For a whole transaction. The library waits for a commit's answer as long as the connection lives. */
  readonly timeoutMs: number;
}

export class Transactions {
  readonly #options: TransactionOptions;
  #channel: Channel | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TransactionOptions) {
    this.#options = options;
  }

  /** All of them end alike. Never rejects. */
  publish(batch: readonly Buffer[]): Promise<AttemptEnd> {
    const mine = this.#last.then(() => this.#transaction(batch));
    this.#last = mine;
    return mine;
  }

  /** Resolves once no transaction is under way. Bounded by the transactions' own bounds. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async close(): Promise<void> {
    const channel = this.#channel;
    this.#channel = null;
    if (channel !== null) await bounded(channel.close(), 'closing the channel', 2_000).catch(() => {});
  }

  async #transaction(batch: readonly Buffer[]): Promise<AttemptEnd> {
    const { queue, persistent, timeoutMs } = this.#options;
    let channel: Channel;
    try {
      channel = await bounded(this.#usable(), 'opening a channel for transactions', timeoutMs);
    } catch (error) {
      return { kind: 'not-written', error };
    }
    try {
      const publishes = Promise.all(batch.map((content) => channel.basicPublish({ routingKey: queue, durable: persistent }, content)));
      await bounded(publishes.then(() => channel.txCommit()), 'committing', timeoutMs);
      return { kind: 'confirmed', returned: false };
    } catch (error) {
      // Whatever came of this transaction, the next one must not share it.
      this.#channel = null;
      void channel.close().catch(() => {});
      return { kind: 'error', error, returned: false, closedBy: null };
    }
  }

  async #usable(): Promise<Channel> {
    if (this.#channel?.active) return this.#channel;
    const channel = await this.#options.connection.acquire({ emitErrorsFromChannel: true });
    // Without a listener an error of the channel would end the process; whoever waits for an answer gets it too.
    channel.on('error', () => {});
    await channel.txSelect();
    this.#channel = channel;
    return channel;
  }
}
