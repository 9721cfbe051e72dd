// The embedded broker's consumer: subscribes, and subscribes again when the server comes back.
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientContext } from '../../../model/broker.ts';
import { settleInOrder, type ConsumerClient, type Delivery, type DeliverySink, type Settler } from '../../../model/client.ts';
import type { ConsumerSpec } from '../../../model/scenario.ts';
import { MemoryConnection } from '../connection.ts';
import { frameTypes, type Frame } from '../frames.ts';
import { memoryDestination } from '../spec.ts';

interface Tagged {
  readonly tag: number;
  readonly delivery: Delivery;
}

export class MemoryConsumer implements ConsumerClient {
  readonly #context: ClientContext;
  readonly #spec: ConsumerSpec;
  readonly #ended = new AbortController();
  #connection: MemoryConnection | null = null;
  #pending: Tagged[] = [];

  constructor(context: ClientContext, spec: ConsumerSpec) {
    this.#context = context;
    this.#spec = spec;
  }

  async start(sink: DeliverySink, signal: AbortSignal): Promise<void> {
    await this.#subscribe(sink, AbortSignal.any([signal, this.#ended.signal]));
  }

  alive(): boolean {
    return this.#connection?.usable === true;
  }

  async #subscribe(sink: DeliverySink, signal: AbortSignal): Promise<void> {
    const { connection, destination, destinationSpec } = this.#context;
    const request = { queue: destination.name, ...memoryDestination.parse(destinationSpec.settings) };
    for (;;) {
      try {
        this.#connection = await MemoryConnection.open(connection.endpoints[0]!.host, request, signal);
        break;
      } catch {
        await delay(50, undefined, { signal });
      }
    }
    const opened = this.#connection;
    opened.onDeliver = (frame) => this.#deliver(opened, sink, frame);
    opened.onClose = () => this.#reconnect(sink);
    opened.send(frameTypes.subscribe, this.#spec.prefetch);
  }

  #reconnect(sink: DeliverySink): void {
    const { signal } = this.#ended;
    if (signal.aborted) return;
    sink.note('connection lost, subscribing again');
    this.#subscribe(sink, signal).catch(() => {});
  }

  /** Deliveries of one turn go through the sink together. */
  #deliver(connection: MemoryConnection, sink: DeliverySink, { number: tag, payload }: Frame): void {
    this.#pending.push({ tag, delivery: { payload: Buffer.from(payload.subarray(1)), partition: 0, offset: null, redelivered: payload[0] === 1 } });
    if (this.#pending.length > 1) return;
    setImmediate(() => {
      const batch = this.#pending;
      this.#pending = [];
      // In the same breath as the sink gets them: what the server counts as settled is on record even if this process dies now.
      if (this.#spec.settle === 'automatic') for (const { tag: taken } of batch) connection.send(frameTypes.settle, taken);
      settleInOrder(this.#spec.settle, sink, batch.map(({ delivery }) => delivery), settlerOf(connection, batch)).catch((error: unknown) => sink.note(String(error)));
    });
  }

  /** At once: what is in hand comes again. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#connection?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The server has been told once the kernel has what was sent: a local socket loses nothing of it. */
function settlerOf(connection: MemoryConnection, batch: readonly Tagged[]): Settler {
  const tags = new Map(batch.map(({ tag, delivery }) => [delivery, tag]));
  const tell = (deliveries: readonly Delivery[], send: (tag: number) => void): Promise<boolean> => {
    for (const delivery of deliveries) send(tags.get(delivery)!);
    return connection.sent();
  };
  return {
    accept: (deliveries) => tell(deliveries, (tag) => connection.send(frameTypes.settle, tag)),
    reject: (deliveries, requeue) => tell(deliveries, (tag) => connection.send(frameTypes.reject, tag, Buffer.of(requeue ? 1 : 0))),
  };
}
