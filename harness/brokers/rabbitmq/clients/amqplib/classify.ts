// What a publisher knows when an attempt with amqplib ends: the one table from errors to outcomes. Pure.
import { describeError } from '../../../../model/errors.ts';
import type { ClientError, PublishOutcome } from '../../../../model/outcome.ts';
import type { AttemptEnd } from '../attempt-end.ts';

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
    case 'error': return info(callbackError(end.error, end.closedBy), end.returned);
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
