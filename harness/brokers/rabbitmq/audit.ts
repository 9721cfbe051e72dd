// Takes what remained in a queue, after the consumers have closed: every message once, and only done when the queue itself says empty.
import type { AsyncMessage, Connection } from 'rabbitmq-client';
import type { StoredRecord } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { type Observation, waitUntil } from '../../model/wait.ts';
import { passiveCounts } from './admin-connection.ts';
import type { ExactCounts } from './exact-counts.ts';

export interface AuditOptions {
  readonly connection: Connection;
  readonly queue: string;
  /** Where rejected and expired messages went, or null. */
  readonly deadLetterQueue: string | null;
  readonly counts: (queue: string) => Promise<ExactCounts>;
  readonly signal: AbortSignal;
}

/** The most that a quorum queue grants a consumer. */
const prefetch = 2000;
const idleMs = 50;

/** @throws LeaderfallError `E_TIMEOUT` when consumers never leave the queue; the driver's error when the channel dies. */
export async function* auditQueue(options: AuditOptions): AsyncIterable<StoredRecord> {
  let position = 0;
  const targets = [{ queue: options.queue, deadLettered: false }, { queue: options.deadLetterQueue, deadLettered: true }];
  for (const { queue, deadLettered } of targets) {
    if (queue === null || !(await withoutConsumers(options, queue))) continue;
    for await (const message of drainQueue(options, queue)) {
      yield { partition: 0, offset: position++, payload: bytesOf(message.body), redelivered: message.redelivered, deadLettered };
    }
  }
}

/** The driver decodes what says that it is text or JSON: such a message is not ours, but it is counted. */
const bytesOf = (body: unknown): Uint8Array =>
  Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

/** Messages of a consumer that is just going would come back unseen. False: there is no such queue, so it holds nothing. */
function withoutConsumers({ connection, signal }: AuditOptions, queue: string): Promise<boolean> {
  return waitUntil(
    async (): Promise<Observation<boolean>> => {
      const counts = await passiveCounts(connection, queue);
      if (counts.kind === 'gone') return { done: true, value: false };
      if (counts.kind === 'counts' && counts.consumers === 0) return { done: true, value: true };
      return { done: false, seen: counts.kind === 'counts' ? `${counts.consumers} consumers` : counts.detail };
    },
    { describe: `the consumers to leave ${queue}`, timeoutMs: 15_000, signal, intervalMs: 200 },
  );
}

async function* drainQueue(options: AuditOptions, queue: string): AsyncIterable<AsyncMessage> {
  const channel = await options.connection.acquire({ emitErrorsFromChannel: true });
  const inbox = new Inbox(options.signal);
  channel.on('error', (error: unknown) => inbox.fail(error));
  channel.on('close', () => inbox.fail(new LeaderfallError('E_TIMEOUT', `The channel that reads ${queue} was closed`)));
  channel.on('basic.cancel', () => inbox.fail(new LeaderfallError('E_TIMEOUT', `The broker cancelled the reader of ${queue}`)));
  try {
    await channel.basicQos({ prefetchCount: prefetch });
    await channel.basicConsume({ queue }, (message) => inbox.put(message));
    for (;;) {
      const messages = await inbox.take(idleMs);
      yield* messages;
      const last = messages.at(-1);
      if (last !== undefined) channel.basicAck({ deliveryTag: last.deliveryTag, multiple: true });
      else if (await isEmpty(options, queue)) return;
    }
  } finally {
    inbox.close();
    await channel.close().catch(() => {});
  }
}

/** The cheap question first; the exact one, which also sees what is unacknowledged, only to confirm it. */
async function isEmpty({ connection, counts }: AuditOptions, queue: string): Promise<boolean> {
  const seen = await passiveCounts(connection, queue);
  if (seen.kind !== 'counts') throw new LeaderfallError('E_TIMEOUT', `${queue} went away while it was read`);
  if (seen.ready > 0) return false;
  const exact = await counts(queue);
  return exact.ready === 0 && exact.unacknowledged === 0;
}

/** Deliveries that arrived and were not taken yet; a failure reaches whoever waits. */
class Inbox {
  #messages: AsyncMessage[] = [];
  #failure: unknown;
  #wake: () => void = () => {};
  #open = true;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  put(message: AsyncMessage): void {
    this.#messages.push(message);
    this.#wake();
  }

  fail(error: unknown): void {
    if (this.#open) this.#failure ??= error;
    this.#wake();
  }

  close(): void {
    this.#open = false;
  }

  /** What is there; where nothing is, whatever comes within the given time. */
  async take(withinMs: number): Promise<readonly AsyncMessage[]> {
    this.#signal.throwIfAborted();
    if (this.#messages.length === 0 && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#wake = () => { clearTimeout(timer); resolve(); };
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }
}
