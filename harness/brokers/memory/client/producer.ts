// The embedded broker's publisher: one request a message, one answer.
import pRetry from 'p-retry';
import type { ClientContext } from '../../../model/broker.ts';
import type { Outgoing, ProducerClient } from '../../../model/client.ts';
import type { PublishOutcome } from '../../../model/outcome.ts';
import type { ProducerSpec } from '../../../model/scenario.ts';
import { MemoryConnection, MemoryError } from '../connection.ts';
import { answerStatus, frameTypes } from '../frames.ts';
import { memoryDestination, memoryProducerPolicy } from '../spec.ts';

export class MemoryProducer implements ProducerClient {
  readonly #context: ClientContext;
  readonly #timeoutMs: number;
  #connection: MemoryConnection | null = null;

  constructor(context: ClientContext, spec: ProducerSpec) {
    this.#context = context;
    this.#timeoutMs = memoryProducerPolicy.parse(spec.policy).timeoutMs;
  }

  async connect(signal: AbortSignal): Promise<void> {
    await pRetry(() => this.#connected(signal), { retries: 50, minTimeout: 50, factor: 1, signal });
  }

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    return await Promise.all(batch.map(({ payload }) => this.#publishOne(payload)));
  }

  async #publishOne(payload: Uint8Array): Promise<PublishOutcome> {
    let connection: MemoryConnection;
    try {
      connection = await this.#connected(AbortSignal.timeout(this.#timeoutMs));
    } catch (error) {
      // Nothing was written: this attempt certainly did not happen.
      return { outcome: 'fail', error: asClientError(error) };
    }
    try {
      const answer = await connection.request(frameTypes.publish, payload, this.#timeoutMs);
      return { outcome: 'ok', ...(answer[0] === answerStatus.unreceipted ? { unreceipted: true } : {}) };
    } catch (error) {
      return { outcome: 'info', error: asClientError(error) };
    }
  }

  async #connected(signal: AbortSignal): Promise<MemoryConnection> {
    if (this.#connection?.usable) return this.#connection;
    const { connection, destination, destinationSpec } = this.#context;
    this.#connection = await MemoryConnection.open(connection.endpoints[0]!.host, { queue: destination.name, ...memoryDestination.parse(destinationSpec.settings) }, signal);
    return this.#connection;
  }

  async flush(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection?.close();
  }
}

function asClientError(error: unknown) {
  const name = error instanceof MemoryError ? error.code : error instanceof Error && 'code' in error ? String(error.code) : 'ERROR';
  return { name, message: error instanceof MemoryError ? error.message : 'the server cannot be reached' };
}
