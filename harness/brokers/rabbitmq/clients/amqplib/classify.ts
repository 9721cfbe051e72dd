// What a publisher knows when an attempt with amqplib ends. Pure.
import type { ClientError, PublishOutcome } from '../../../../model/outcome.ts';
import { type AttemptEnd, outcomeOf } from '../attempt-end.ts';

export const classify = (end: AttemptEnd): PublishOutcome => outcomeOf(end, callbackError);

function callbackError(error: unknown, closedBy: string | null): ClientError {
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'message nacked') return { name: 'Nacked', message: 'the broker refused responsibility (basic.nack)' };
  return { name: 'ChannelClosed', message: closedBy ?? message };
}
