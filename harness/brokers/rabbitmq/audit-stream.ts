// Reads a stream from its first record to its last, with its offsets. Nothing is consumed: a stream stays as it is.
import type { StoredRecord } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { Incoming, Subscriber } from './clients/subscription.ts';
import { Inbox } from './inbox.ts';

export interface StreamAudit {
  /** Reads, with a library that is not under test. */
  readonly reader: Subscriber;
  readonly queue: string;
  readonly start: number;
  /** The offset after the last record. */
  readonly end: number;
  readonly signal: AbortSignal;
}

const prefetch = 2_000;
const idleMs = 200;

/** @throws LeaderfallError `E_TIMEOUT` when the subscription ends before the stream does; the signal's reason. */
export async function* auditStream({ reader, queue, start, end, signal }: StreamAudit): AsyncIterable<StoredRecord> {
  if (end <= start) return;
  const inbox = new Inbox<Incoming>(signal);
  const subscription = await reader.subscribe({ queue, prefetch, automatic: false, fromOffset: start, onMessage: (message) => inbox.put(message) }, signal);
  void subscription.ended.then((reason) => inbox.fail(new LeaderfallError('E_TIMEOUT', `Reading ${queue} ended early: ${reason}`)));
  try {
    for (let next = start; next < end;) {
      const messages = await inbox.take(idleMs);
      for (const { payload, redelivered, offset } of messages) {
        if (offset === null || offset < next || offset >= end) continue;
        next = offset + 1;
        yield { partition: 0, offset, payload, redelivered, deadLettered: false };
      }
      const last = messages.at(-1);
      if (last !== undefined) subscription.acknowledge(last.tag);
    }
  } finally {
    inbox.close();
    await subscription.close().catch(() => {});
  }
}
