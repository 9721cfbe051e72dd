// A user's own consumer behind the interface of our drivers. Each step of its messages is in the file before the program hears
// that it is recorded, and until then the program may not go on: a worker that dies in between has lost nothing and done nothing more.
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { consumerCloseMs, type ConsumerClient, type Delivery, type DeliverySink } from '../../model/client.ts';
import { describeError, isLeaderfallError, LeaderfallError } from '../../model/errors.ts';
import type { ConsumerSpec } from '../../model/scenario.ts';
import { consumerHello, type Hello } from './hello.ts';
import type { BatchStep, FromProgram, LineOf } from './messages.ts';
import { OpenBatch, type SettleOrder } from './open-batch.ts';
import type { ProgramClientOptions } from './program-producer.ts';
import { ProgramProcess } from './program-process.ts';

export interface ProgramConsumerOptions extends ProgramClientOptions {
  readonly consumer: ConsumerSpec;
}

/** Messages that are delivered and not done; beyond it a program forgets to process or settle. */
const maxOpen = 200_000;

export class ProgramConsumer implements ConsumerClient {
  readonly #hello: Extract<Hello, { readonly role: 'consumer' }>;
  readonly #onFailure: (error: LeaderfallError) => void;
  readonly #order: SettleOrder;
  readonly #process: ProgramProcess;
  readonly #batches = new Map<number, OpenBatch>();
  /** Settle before processing: resolves once every batch so far is done. */
  #turn: Promise<void> = Promise.resolve();
  #open = 0;
  #sink: DeliverySink | null = null;
  #ready = false;
  #alive = true;

  constructor({ context, program, broker, onFailure, consumer }: ProgramConsumerOptions) {
    this.#hello = consumerHello(context, consumer, broker);
    this.#onFailure = onFailure;
    this.#order = consumer.settle === 'automatic' ? `automatic-${this.#hello.store}` : consumer.settle;
    this.#process = new ProgramProcess({ role: 'consumer', spec: program, onNote: context.onNote, onLine: (line) => this.#take(line), onFailure, onEnd: () => {} });
  }

  async start(sink: DeliverySink, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    await this.#process.greet(this.#hello, signal);
    this.#ready = true;
  }

  alive(): boolean {
    return this.#ready && this.#alive && !this.#process.ended;
  }

  /** The program finishes and settles what it delivered; those steps are still recorded. */
  async close(withinMs: number): Promise<void> {
    if (await this.#process.close(withinMs)) return;
    throw new LeaderfallError('E_TIMEOUT', `the consumer's program did not end with exit code 0 within ${withinMs} ms`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.close(consumerCloseMs);
  }

  #take(line: FromProgram): void {
    const sink = this.#sink;
    if (sink === null) return;
    switch (line.type) {
      case 'delivered': return this.#delivered(sink, line);
      case 'processed': return this.#processed(sink, line);
      case 'settled': return this.#settled(sink, line);
      case 'rejected': return this.#rejected(sink, line);
      case 'assigned': return sink.assigned(line.partition, line.offset);
      case 'revoked': return sink.revoked(line.partition);
      case 'alive': this.#alive = line.alive;
    }
  }

  #delivered(sink: DeliverySink, { batch: id, messages }: LineOf<'delivered'>): void {
    if (this.#batches.has(id)) return this.#process.breach(`it delivered batch ${id} again before the first was done`);
    this.#open += messages.length;
    if (this.#open > maxOpen) return this.#process.breach(`${this.#open} messages are delivered and not done: each has to be processed, and settled unless its connection is lost`);
    const deliveries = messages.map(({ payload, partition, offset, redelivered }): Delivery => ({ payload: Buffer.from(payload, 'base64'), partition, offset, redelivered }));
    const batch = new OpenBatch(this.#order, deliveries);
    this.#batches.set(id, batch);
    this.#answer(id, batch, 'delivered', batch.positions, this.#arrived(sink, batch));
  }

  async #arrived(sink: DeliverySink, batch: OpenBatch): Promise<void> {
    const { deliveries } = batch;
    const before = this.#turn;
    if (this.#order === 'before-processing') this.#turn = batch.finished;
    await sink.received(deliveries);
    if (this.#order === 'automatic-queue') await settledOnFile(sink, deliveries);
    // One batch after the other: of those that follow the one at which this process dies, the broker has been told nothing.
    await before;
  }

  #processed(sink: DeliverySink, line: LineOf<'processed'>): void {
    const { batch, positions, deliveries } = this.#chosen(line);
    const handled = sink.process(deliveries).then(({ refused, requeue }) =>
      refused.length === 0 ? {} : { refuse: refused.map((delivery) => batch.deliveries.indexOf(delivery)), requeue });
    this.#answer(line.batch, batch, 'processed', positions, handled);
  }

  #settled(sink: DeliverySink, line: LineOf<'settled'>): void {
    const { batch, positions, deliveries } = this.#chosen(line);
    this.#answer(line.batch, batch, 'settled', positions, settledOnFile(sink, deliveries));
  }

  #rejected(sink: DeliverySink, line: LineOf<'rejected'>): void {
    const { batch, positions, deliveries } = this.#chosen(line);
    sink.rejected(deliveries, line.requeue);
    this.#answer(line.batch, batch, 'rejected', positions, endOfTurn());
  }

  /** The messages that a line speaks of, once the step is found to be in order. */
  #chosen({ type, batch: id, messages }: LineOf<'processed' | 'settled' | 'rejected'>) {
    const batch = this.#batches.get(id);
    if (batch === undefined) throw this.#outOfOrder(type, id, 'there is no such batch, or it is done');
    const positions = messages ?? batch.positions;
    for (const position of positions) {
      const refusal = batch.refuses(type, position);
      if (refusal !== null) throw this.#outOfOrder(type, id, `message ${position}: ${refusal}`);
    }
    batch.begins(type, positions);
    return { batch, positions, deliveries: positions.map((position) => batch.deliveries[position]!) };
  }

  #outOfOrder(step: string, id: number, why: string): Error {
    return new Error(`batch ${id} cannot be ${step} now: ${why}`);
  }

  /** Tells the program once the step is in the file. A step that never resolves is where this process is about to die, or a handler that is held. */
  #answer(id: number, batch: OpenBatch, of: BatchStep, positions: readonly number[], work: Promise<void | { readonly refuse?: number[]; readonly requeue?: boolean }>): void {
    work.then(
      (refusal) => {
        batch.ends(of, positions);
        if (batch.done) this.#close(id, batch);
        void this.#process.send({ type: 'recorded', of, batch: id, messages: [...positions], ...refusal });
      },
      (error: unknown) => {
        this.#process.kill();
        this.#onFailure(isLeaderfallError(error) ? error : new LeaderfallError('E_INTERNAL', `A step of the program could not be recorded: ${describeError(error)}`, { cause: error }));
      },
    );
  }

  #close(id: number, batch: OpenBatch): void {
    if (this.#batches.delete(id)) this.#open -= batch.deliveries.length;
  }
}

/** The recorder writes at the end of the turn in which something was appended, so one turn later it is in the file. */
async function settledOnFile(sink: DeliverySink, deliveries: readonly Delivery[]): Promise<void> {
  await sink.settled(deliveries);
  await endOfTurn();
}
