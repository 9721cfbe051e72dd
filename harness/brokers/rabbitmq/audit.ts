// Takes what remained in a queue, after the consumers have closed: every message once, and only done when the queue itself says empty.
import type { Connection } from 'rabbitmq-client';
import type { StoredRecord } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { type Observation, waitUntil } from '../../model/wait.ts';
import { passiveCounts } from './admin-connection.ts';
import type { Incoming, Subscriber } from './clients/subscription.ts';
import type { ExactCounts } from './exact-counts.ts';
import { Inbox } from './inbox.ts';

export interface QueueAudit {
  /** Asks for counts. */
  readonly connection: Connection;
  /** Reads, with a library that is not under test. */
  readonly reader: Subscriber;
  readonly queue: string;
  /** Where rejected and expired messages went, or null. */
  readonly deadLetterQueue: string | null;
  readonly counts: (queue: string) => Promise<ExactCounts>;
  readonly signal: AbortSignal;
}

/** The most that a quorum queue grants a consumer. */
const prefetch = 2_000;
const idleMs = 50;

/** @throws LeaderfallError `E_TIMEOUT` when consumers never leave the queue, or the subscription ends before the queue is empty. */
export async function* auditQueue(options: QueueAudit): AsyncIterable<StoredRecord> {
  let position = 0;
  const targets = [{ queue: options.queue, deadLettered: false }, { queue: options.deadLetterQueue, deadLettered: true }];
  for (const { queue, deadLettered } of targets) {
    if (queue === null || !(await withoutConsumers(options, queue))) continue;
    if (deadLettered) await arrived(options);
    for await (const { payload, redelivered } of drainQueue(options, queue)) {
      yield { partition: 0, offset: position++, payload, redelivered, deadLettered };
    }
  }
}

/** Messages of a consumer that is just going would come back unseen. False: there is no such queue, so it holds nothing. */
function withoutConsumers({ connection, signal }: QueueAudit, queue: string): Promise<boolean> {
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

/** A target that is read while messages are still on their way to it would lack them. A queue that is gone sends nothing. */
async function arrived({ connection, queue, counts, signal }: QueueAudit): Promise<void> {
  if ((await passiveCounts(connection, queue)).kind === 'gone') return;
  await waitUntil(async () => {
    const { deadLettering } = await counts(queue);
    return deadLettering === 0 ? { done: true, value: null } : { done: false, seen: `${deadLettering} on their way` };
  }, { describe: `the dead letters of ${queue} to arrive`, timeoutMs: 15_000, signal, intervalMs: 200 });
}

async function* drainQueue(options: QueueAudit, queue: string): AsyncIterable<Incoming> {
  const inbox = new Inbox<Incoming>(options.signal);
  const subscription = await options.reader.subscribe(
    { queue, prefetch, automatic: false, fromOffset: null, onMessage: (message) => inbox.put(message) }, options.signal,
  );
  void subscription.ended.then((reason) => inbox.fail(new LeaderfallError('E_TIMEOUT', `Reading ${queue} ended early: ${reason}`)));
  try {
    for (;;) {
      const messages = await inbox.take(idleMs);
      yield* messages;
      const last = messages.at(-1);
      if (last !== undefined) subscription.acknowledge(last.tag);
      else if (await isEmpty(options, queue)) return;
    }
  } finally {
    inbox.close();
    await subscription.close().catch(() => {});
  }
}

/** The cheap question first; the exact one, which also sees what is unacknowledged, only to confirm it. */
async function isEmpty({ connection, counts }: QueueAudit, queue: string): Promise<boolean> {
  const seen = await passiveCounts(connection, queue);
  if (seen.kind !== 'counts') throw new LeaderfallError('E_TIMEOUT', `${queue} went away while it was read${seen.kind === 'unavailable' ? `: ${seen.detail}` : ''}`);
  if (seen.ready > 0) return false;
  const exact = await counts(queue);
  return exact.ready === 0 && exact.unacknowledged === 0;
}
