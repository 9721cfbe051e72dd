// rabbitmq-client as a publisher, through its `createPublisher`, or a channel of ours for transactions: every publish ends in an outcome.
// The library reconnects by itself; it resends only where the scenario's options say so (`maxAttempts`).
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, Publisher } from 'rabbitmq-client';
import type { ClientContext } from '../../../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../../../model/client.ts';
import { LeaderfallError } from '../../../../model/errors.ts';
import type { PublishOutcome } from '../../../../model/outcome.ts';
import type { ProducerSpec } from '../../../../model/scenario.ts';
import { bounded } from '../../../../model/wait.ts';
import { closeConnection } from '../../admin-connection.ts';
import { parseProducerPolicy, type RabbitmqProducerPolicy } from '../../policy.ts';
import type { AttemptEnd } from '../attempt-end.ts';
import { nodeOrder } from '../node-order.ts';
import { type Attempt, Outstanding } from '../outstanding.ts';
import { classify, provesNothingWritten } from './classify.ts';
import { openSubject } from './open-subject.ts';
import { Transactions } from './transactions.ts';

export class RabbitmqClientProducer implements ProducerClient {
  readonly #queue: string;
  readonly #policy: RabbitmqProducerPolicy;
  readonly #maxAttempts: number;
  readonly #outstanding: Outstanding;
  readonly #connection: Connection;
  /** null: confirms, or neither. */
  readonly #transactions: Transactions | null;
  #publisher: Publisher | null = null;
  #returnId = 0;
  /** The connection was lost since the last flush: what was handed over without confirms may never have been read. */
  #unflushedLoss = false;

  constructor(context: ClientContext, spec: ProducerSpec) {
    const { maxAttempts = 1, ...options } = spec.options;
    this.#queue = context.destination.name;
    this.#policy = parseProducerPolicy(spec.policy);
    this.#maxAttempts = Number(maxAttempts);
    this.#outstanding = new Outstanding(this.#policy.confirmTimeoutMs);
    this.#connection = openSubject({
      order: nodeOrder(context.connection.endpoints, this.#policy.connectTo, context.leader, context.index),
      heartbeatSeconds: this.#policy.heartbeatSeconds,
      acquireTimeoutMs: this.#policy.confirmTimeoutMs,
      name: `leaderfall producer ${context.index}`,
      options,
      onNote: context.onNote,
    });
    const { transaction, persistent, confirmTimeoutMs: timeoutMs } = this.#policy;
    this.#transactions = transaction === 'none' ? null : new Transactions({ connection: this.#connection, queue: this.#queue, persistent, timeoutMs });
    this.#connection.on('error', () => { this.#unflushedLoss = true; });
  }

  async connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => aborted.reject(signal.reason as Error), { once: true });
    // 0: the signal is the bound.
    await Promise.race([this.#connection.onConnect(0, true), aborted.promise]);
    this.#unflushedLoss = false;
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    const contents = batch.map(({ payload }) => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
    if (this.#transactions === null) return Promise.all(contents.map(async (content) => classify(await this.#publishOne(content))));
    const outcome = classify(await this.#transactions.publish(contents));
    return batch.map(() => outcome);
  }

  /**
   * With confirms or transactions: returns once no attempt is under way. Without: closes the publisher's channel cleanly, which the broker answers only
   * after it has read every publish on it.
   * @throws LeaderfallError `E_TIMEOUT` when the connection was lost: what was handed over since the last flush may not have arrived.
   */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.#transactions !== null) return this.#transactions.idle();
    if (this.#policy.confirms) return this.#outstanding.empty(signal);
    const publisher = this.#publisher;
    this.#publisher = null;
    try {
      if (publisher !== null) await bounded(publisher.close(), 'closing the channel', this.#policy.confirmTimeoutMs);
      if (this.#unflushedLoss) throw new Error('the connection was lost since the last flush');
    } catch (error) {
      throw new LeaderfallError('E_TIMEOUT', 'The channel died before everything handed over was read by the broker', { cause: error });
    } finally {
      this.#unflushedLoss = false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transactions?.close();
    if (this.#publisher !== null) await bounded(this.#publisher.close(), 'closing the publisher', 2_000).catch(() => {});
    await closeConnection(this.#connection);
    this.#outstanding.end();
  }

  async #publishOne(content: Buffer): Promise<AttemptEnd> {
    const { confirms, mandatory, persistent } = this.#policy;
    const messageId = mandatory ? String(++this.#returnId) : null;
    const attempt = this.#outstanding.begin(messageId);
    this.#usable().send({ routingKey: this.#queue, durable: persistent, mandatory, ...(messageId === null ? {} : { messageId }) }, content)
      .then(() => this.#sent(attempt, mandatory), (error: unknown) => this.#outstanding.answered(attempt, error, null));
    const end = await attempt.end;
    if (end.kind === 'confirmed' && !confirms) return { kind: 'handed-over' };
    // After a try of the library's own, failing to get a connection says nothing about that one.
    return end.kind === 'error' && this.#maxAttempts === 1 && provesNothingWritten(end.error) ? { kind: 'not-written', error: end.error } : end;
  }

  /** The library tells of a returned message one turn after it resolves the publish, although the broker said it first. */
  async #sent(attempt: Attempt, mandatory: boolean): Promise<void> {
    if (mandatory) await nextTurn();
    this.#outstanding.answered(attempt, null, null);
  }

  #usable(): Publisher {
    if (this.#publisher !== null) return this.#publisher;
    const publisher = this.#connection.createPublisher({ confirm: this.#policy.confirms, maxAttempts: this.#maxAttempts });
    publisher.on('basic.return', (message) => this.#outstanding.returned(String(message.messageId)));
    this.#publisher = publisher;
    return publisher;
  }
}
