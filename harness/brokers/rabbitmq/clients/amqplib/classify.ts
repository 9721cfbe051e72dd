// What a publisher knows when an attempt with amqplib ends: the one table from errors to outcomes. Pure.
import { describeError } from '../../../../model/errors.ts';
import type { ClientError, PublishOutcome } from '../../../../model/outcome.ts';

/** How an attempt ended, as the driver showed it. */
export type AttemptEnd =
  | { readonly kind: 'confirmed'; readonly returned: boolean }
  /** No confirms: `publish` returned without an error. */
  | { readonly kind: 'handed-over' }
  /** `basic.nack`, or the channel died: amqplib calls the publish's callback with an error for both. */
  | { readonly kind: 'callback-error'; readonly error: unknown; readonly returned: boolean; readonly closedBy: string | null }
  /** No confirm in time. amqplib itself would wait for ever while a peer is silent (amqplib #419, #530). */
  | { readonly kind: 'no-confirm'; readonly waitedMs: number; readonly returned: boolean }
  /** `publish` threw before a byte was written, or there was no channel to write to until the attempt's time was up. */
  | { readonly kind: 'not-written'; readonly error: unknown };

/**
 * - confirmed is `ok`, also when the message was returned as unroutable before: the broker acknowledges what it throws away
 *   (https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed); `returned` says so.
 * - a nack is `info`. The broker "was unable to process the messages and refuses responsibility for them" (same page), which is not
 *   proof that no replica holds one: the queue's process may have failed after it stored the message. A queue with
 *   `overflow: reject-publish` nacks too, and a publisher cannot tell the two apart.
 * - a channel that closed, or silence, is `info`.
 * - only an attempt of which nothing was written is `fail`.
 */
export function classify(end: AttemptEnd): PublishOutcome {
  switch (end.kind) {
    case 'confirmed': return end.returned ? { outcome: 'ok', returned: true } : { outcome: 'ok' };
    case 'handed-over': return { outcome: 'ok', handedOver: true };
    case 'callback-error': return info(callbackError(end.error, end.closedBy), end.returned);
    case 'no-confirm': return info({ name: 'ConfirmTimeout', message: `no confirm within ${end.waitedMs} ms` }, end.returned);
    case 'not-written': return { outcome: 'fail', error: { name: 'NotWritten', message: describeError(end.error) } };
  }
}

const info = (error: ClientError, returned: boolean): PublishOutcome => ({ outcome: 'info', error, ...(returned ? { returned } : {}) });

function callbackError(error: unknown, closedBy: string | null): ClientError {
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'message nacked') return { name: 'Nacked', message: 'the broker refused responsibility (basic.nack)' };
  return { name: 'ChannelClosed', message: closedBy ?? message };
}
