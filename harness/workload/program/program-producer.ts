// A user's own producer behind the interface of our drivers: every publish ends in outcomes, whatever the program does.
// What it has not answered when it dies, or within the limit, is unknown; what it was never given did not happen.
import type { ClientContext } from '../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../model/client.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { PublishOutcome } from '../../model/outcome.ts';
import type { ProducerSpec, ProgramSpec } from '../../model/scenario.ts';
import { producerHello, type BrokerFacts, type Hello } from './hello.ts';
import type { FromProgram, LineOf, OutcomeLine } from './messages.ts';
import { ProgramProcess } from './program-process.ts';

export interface ProgramClientOptions {
  readonly context: ClientContext;
  readonly program: ProgramSpec;
  readonly broker: BrokerFacts;
  /** The program ended, or was ended, by a fault of its own: the worker cannot go on. */
  readonly onFailure: (error: LeaderfallError) => void;
}

export interface ProgramProducerOptions extends ProgramClientOptions {
  readonly producer: ProducerSpec;
  /** How long one publish may stay unanswered; default 150 s, a little more than Java's delivery.timeout.ms. */
  readonly answerMs?: number;
}

const defaultAnswerMs = 150_000;
/** The worker gives a producer 2 s to close. */
const closeMs = 1_500;

interface UnderWay {
  readonly size: number;
  readonly end: (outcomes: readonly PublishOutcome[]) => void;
}

export class ProgramProducer implements ProducerClient {
  readonly #hello: Extract<Hello, { readonly role: 'producer' }>;
  readonly #answerMs: number;
  readonly #onNote: (message: string) => void;
  readonly #process: ProgramProcess;
  readonly #publishes = new Map<number, UnderWay>();
  readonly #flushes = new Map<number, PromiseWithResolvers<string | undefined>>();
  #nextId = 1;
  #lastWords = 'the program is gone';

  constructor({ context, program, broker, onFailure, producer, answerMs = defaultAnswerMs }: ProgramProducerOptions) {
    this.#hello = producerHello(context, producer, broker);
    this.#answerMs = answerMs;
    this.#onNote = context.onNote;
    this.#process = new ProgramProcess({
      role: 'producer', spec: program, onNote: context.onNote, onLine: (line) => this.#take(line),
      onFailure: (error) => {
        this.#lastWords = error.message;
        this.#endAll();
        onFailure(error);
      },
      onEnd: () => this.#endAll(),
    });
  }

  async connect(signal: AbortSignal): Promise<void> {
    await this.#process.greet(this.#hello, signal);
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    const id = this.#nextId++;
    const size = batch.length;
    if (this.#process.ended) return batch.map(() => ({ outcome: 'fail', error: { name: 'ProgramEnded', message: this.#lastWords } }));
    const answer = Promise.withResolvers<readonly PublishOutcome[]>();
    this.#publishes.set(id, { size, end: answer.resolve });
    const timer = setTimeout(() => this.#giveUp(id), this.#answerMs);
    void this.#process.send({ type: 'publish', id, messages: batch.map(({ payload, partition, key }) => ({ payload: base64(payload), partition, key })) });
    const outcomes = await answer.promise;
    clearTimeout(timer);
    return outcomes;
  }

  /** @throws LeaderfallError `E_TIMEOUT` when the program could not flush, or is gone. */
  async flush(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const id = this.#nextId++;
    const answer = Promise.withResolvers<string | undefined>();
    this.#flushes.set(id, answer);
    const abort = () => answer.reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (this.#process.ended) answer.resolve(this.#lastWords);
      else void this.#process.send({ type: 'flush', id });
      const error = await answer.promise;
      if (error !== undefined) throw new LeaderfallError('E_TIMEOUT', `The producer's program could not flush: ${error}`, { hint: 'Everything handed over since the last flush may not have arrived.' });
    } finally {
      signal.removeEventListener('abort', abort);
      this.#flushes.delete(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.close(closeMs);
    this.#endAll();
  }

  #take(line: FromProgram): void {
    if (line.type === 'published') this.#published(line);
    else if (line.type === 'flushed') this.#flushed(line);
  }

  #published({ id, outcomes }: LineOf<'published'>): void {
    const underWay = this.#publishes.get(id);
    if (underWay === undefined) {
      if (!this.#known(id)) this.#process.breach(`it answered publish ${id}, which it was never asked for`);
      else this.#onNote(`publish ${id} was answered again, or too late; its outcome stays`);
      return;
    }
    if (outcomes.length !== underWay.size) {
      this.#process.breach(`publish ${id} has ${underWay.size} messages, it gave ${outcomes.length} outcomes`);
      return;
    }
    this.#publishes.delete(id);
    underWay.end(outcomes.map((outcome) => this.#outcomeOf(outcome)));
  }

  #flushed({ id, error }: LineOf<'flushed'>): void {
    const flush = this.#flushes.get(id);
    if (flush !== undefined) flush.resolve(error);
    else if (!this.#known(id)) this.#process.breach(`it answered flush ${id}, which it was never asked for`);
  }

  #known(id: number): boolean {
    return id > 0 && id < this.#nextId;
  }

  /** Where the policy asks for no acknowledgement, what went well was handed over, and no more is known. */
  #outcomeOf({ outcome, returned, partition, offset, error }: OutcomeLine): PublishOutcome {
    return {
      outcome,
      ...(outcome === 'ok' && !this.#hello.acknowledged ? { handedOver: true } : {}),
      ...(returned ? { returned } : {}),
      ...(partition === undefined ? {} : { partition }),
      ...(offset === undefined ? {} : { offset }),
      ...(error === undefined ? {} : { error }),
    };
  }

  #giveUp(id: number): void {
    const underWay = this.#publishes.get(id);
    this.#publishes.delete(id);
    underWay?.end(unknown(underWay.size, 'NoAnswer', `no answer of the program within ${this.#answerMs} ms`));
  }

  #endAll(): void {
    for (const { size, end } of this.#publishes.values()) end(unknown(size, 'ProgramEnded', this.#lastWords));
    this.#publishes.clear();
    for (const flush of this.#flushes.values()) flush.resolve(this.#lastWords);
  }
}

const unknown = (size: number, name: string, message: string): readonly PublishOutcome[] => Array.from({ length: size }, () => ({ outcome: 'info', error: { name, message } }));

const base64 = (payload: Uint8Array): string => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
