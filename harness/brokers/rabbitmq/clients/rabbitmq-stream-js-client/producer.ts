// rabbitmq-stream-js-client as a publisher to a stream: every publish ends in an outcome. It reconnects by itself, which the library does
// not, and never resends. With `deduplicate` it has a name and its messages' own numbers as publishing ids.
import pRetry from 'p-retry';
import type { ClientContext } from '../../../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../../../model/client.ts';
import { describeError, invariant, LeaderfallError } from '../../../../model/errors.ts';
import type { PublishOutcome } from '../../../../model/outcome.ts';
import type { ProducerSpec } from '../../../../model/scenario.ts';
import { parseProducerPolicy, type RabbitmqProducerPolicy } from '../../policy.ts';
import type { AttemptEnd } from '../attempt-end.ts';
import { nodeOrder } from '../node-order.ts';
import { type Attempt, Outstanding } from '../outstanding.ts';
import { classify, PublishRefused } from './classify.ts';
import { openSession, type Session } from './session.ts';

const retryMs = { minTimeout: 50, maxTimeout: 1_000, factor: 2 } as const;
/** Of heartbeats: the library notices none that is missing. */
const silentAfter = 2.5;
const watchMs = 250;

export class RabbitmqStreamProducer implements ProducerClient {
  readonly #context: ClientContext;
  readonly #spec: ProducerSpec;
  readonly #policy: RabbitmqProducerPolicy;
  readonly #outstanding: Outstanding;
  readonly #disposed = new AbortController();
  /** Under way, by publishing id. */
  readonly #byId = new Map<bigint, Attempt>();
  readonly #watch: NodeJS.Timeout;
  #session: Session | null = null;
  #opening: Promise<Session> | null = null;
  #tries = 0;
  #ownId = 0n;
  /** Since when the broker owes an answer; null: it does not. */
  #askedMs: number | null = null;

  constructor(context: ClientContext, spec: ProducerSpec) {
    this.#context = context;
    this.#spec = spec;
    this.#policy = parseProducerPolicy(spec.policy);
    this.#outstanding = new Outstanding(this.#policy.confirmTimeoutMs);
    this.#watch = setInterval(() => this.#giveUpWhenSilent(), watchMs).unref();
  }

  async connect(signal: AbortSignal): Promise<void> {
    await this.#usable(signal);
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    const messages = batch.map((message) => ({ id: this.#idOf(message), content: Buffer.from(message.payload.buffer, message.payload.byteOffset, message.payload.byteLength) }));
    const signal = AbortSignal.any([AbortSignal.timeout(this.#policy.confirmTimeoutMs), this.#disposed.signal]);
    for (;;) {
      let session: Session;
      try {
        session = await this.#usable(signal);
      } catch (error) {
        return batch.map(() => classify({ kind: 'not-written', error }));
      }
      const ends = this.#write(session, messages);
      if (ends !== null) return (await Promise.all(ends)).map(classify);
      // Nothing was written, so writing again cannot make a copy.
      this.#lost(session, 'the connection cannot be written to');
    }
  }

  flush(signal: AbortSignal): Promise<void> {
    return this.#outstanding.empty(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    this.#disposed.abort(new LeaderfallError('E_INTERRUPTED', 'The producer was closed'));
    await this.#opening?.catch(() => {});
    await this.#session?.close('the producer was closed');
    this.#outstanding.end();
  }

  /** The broker drops an id that is not above the last one of this name; 0 would be such, so the first is 1. */
  #idOf({ sequence }: Outgoing): bigint {
    if (!this.#policy.deduplicate) return ++this.#ownId;
    invariant(sequence !== undefined, 'a message that is deduplicated has a number');
    return BigInt(sequence) + 1n;
  }

  /** null: nothing was written. */
  #write(session: Session, messages: readonly { readonly id: bigint; readonly content: Buffer }[]): readonly Promise<AttemptEnd>[] | null {
    const attempts = messages.map(({ id }) => {
      const attempt = this.#outstanding.begin(null);
      this.#byId.set(id, attempt);
      void attempt.end.then(() => { if (this.#byId.get(id) === attempt) this.#byId.delete(id); });
      return attempt;
    });
    if (session.write(messages)) {
      this.#askedMs ??= performance.now();
      return attempts.map(({ end }) => end);
    }
    for (const [position, attempt] of attempts.entries()) {
      this.#outstanding.forget(attempt);
      this.#byId.delete(messages[position]!.id);
    }
    return null;
  }

  async #usable(signal: AbortSignal): Promise<Session> {
    signal.throwIfAborted();
    if (this.#session !== null) return this.#session;
    this.#opening ??= this.#open().finally(() => { this.#opening = null; });
    this.#opening.catch(() => {});
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => aborted.reject(signal.reason as Error), { once: true });
    return Promise.race([this.#opening, aborted.promise]);
  }

  async #open(): Promise<Session> {
    const { connection, destination, leader, index, onNote } = this.#context;
    const order = nodeOrder(connection.endpoints, this.#policy.connectTo, leader, index);
    const session = await pRetry(() => openSession(order[this.#tries++ % order.length]!, {
      stream: destination.name,
      reference: this.#policy.deduplicate ? `${destination.name}/producer-${index}` : null,
      batch: this.#spec.batch,
      heartbeatSeconds: this.#policy.heartbeatSeconds,
      options: this.#spec.options,
      onConfirmed: (ids) => this.#answered(ids, null),
      onRefused: (code, ids) => this.#answered(ids, new PublishRefused(code)),
    }), { ...retryMs, retries: Number.POSITIVE_INFINITY, signal: this.#disposed.signal, onFailedAttempt: ({ error }) => onNote(`not connected: ${describeError(error)}`) });
    onNote(`connected to ${session.node}`);
    this.#session = session;
    this.#askedMs = null;
    void session.ended.then((reason) => this.#lost(session, reason));
    return session;
  }

  #answered(ids: readonly bigint[], error: PublishRefused | null): void {
    for (const id of ids) {
      const attempt = this.#byId.get(id);
      if (attempt !== undefined) this.#outstanding.answered(attempt, error, null);
      this.#byId.delete(id);
    }
    this.#askedMs = this.#byId.size > 0 ? performance.now() : null;
  }

  /** What was written there and not confirmed stays unknown; the next session is opened at once. */
  #lost(session: Session, reason: string): void {
    if (this.#session !== session) return;
    this.#session = null;
    void session.close(reason);
    for (const attempt of [...this.#byId.values()]) this.#outstanding.answered(attempt, new Error(reason), reason);
    if (this.#disposed.signal.aborted) return;
    this.#context.onNote(`connection lost: ${reason}`);
    this.#usable(this.#disposed.signal).catch(() => {});
  }

  #giveUpWhenSilent(): void {
    const silentMs = this.#askedMs === null ? 0 : performance.now() - this.#askedMs;
    if (this.#session === null || silentMs < silentAfter * this.#policy.heartbeatSeconds * 1_000) return;
    this.#lost(this.#session, `no answer for ${Math.round(silentMs)} ms`);
  }
}
