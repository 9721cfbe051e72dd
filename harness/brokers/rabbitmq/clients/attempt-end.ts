// How an attempt to publish ended, as a driver showed it, and what its publisher then knows: the one table from ends to outcomes. Pure.
import { describeError } from '../../../model/errors.ts';
import type { ClientError, PublishOutcome } from '../../../model/outcome.ts';

export type AttemptEnd =
  | { readonly kind: 'confirmed'; readonly returned: boolean }
  /** No confirms: the library took it without an error. */
  | { readonly kind: 'handed-over' }
  /** A nack, or the channel died: both libraries say it with an error. */
  | { readonly kind: 'error'; readonly error: unknown; readonly returned: boolean; readonly closedBy: string | null }
  /** No confirm in time. No library gives up on a silent peer by itself (amqplib #419, #530). */
  | { readonly kind: 'no-confirm'; readonly waitedMs: number; readonly returned: boolean }
  /** Nothing was written: the library refused before its first byte, or there was no channel until the attempt's time was up. */
  | { readonly kind: 'not-written'; readonly error: unknown };

/**
 * - confirmed is `ok`, also when the message was returned as unroutable before: the broker acknowledges what it throws away
 *   (https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed); `returned` says so.
 * - a nack is `info`. The broker "was unable to process the messages and refuses responsibility for them" (same page), which is not
 *   proof that no replica holds one: the queue's process may have failed after it stored the message. A queue with
 *   `overflow: reject-publish` nacks too, and a publisher cannot tell the two apart.
 * - a channel that closed, or silence, is `info`.
 * - only an attempt of which nothing was written is `fail`.
 * @param told what the driver's library says with this error.
 */
export function outcomeOf(end: AttemptEnd, told: (error: unknown, closedBy: string | null) => ClientError): PublishOutcome {
  switch (end.kind) {
    case 'confirmed': return end.returned ? { outcome: 'ok', returned: true } : { outcome: 'ok' };
    case 'handed-over': return { outcome: 'ok', handedOver: true };
    case 'error': return info(told(end.error, end.closedBy), end.returned);
    case 'no-confirm': return info({ name: 'ConfirmTimeout', message: `no confirm within ${end.waitedMs} ms` }, end.returned);
    case 'not-written': return { outcome: 'fail', error: { name: 'NotWritten', message: describeError(end.error) } };
  }
}

const info = (error: ClientError, returned: boolean): PublishOutcome => ({ outcome: 'info', error, ...(returned ? { returned } : {}) });
