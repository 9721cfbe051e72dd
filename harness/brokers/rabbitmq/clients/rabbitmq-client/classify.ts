// What a publisher knows when an attempt with rabbitmq-client ends. Pure.
import type { ClientError, PublishOutcome } from '../../../../model/outcome.ts';
import { type AttemptEnd, outcomeOf } from '../attempt-end.ts';

/**
 * `send` also waits for a connection and opens its channel; its errors do not say whether that failed or the publish did (`CH_CLOSE` and
 * `CONN_CLOSE` are both), so they are `info`, except where no connection could be had in time or the publisher had been closed: then
 * nothing was written.
 */
export const classify = (end: AttemptEnd): PublishOutcome => outcomeOf(end, sendError);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'SendFailed';

function sendError(error: unknown): ClientError {
  const code = codeOf(error);
  return { name: code === 'NACK' ? 'Nacked' : code, message: error instanceof Error ? error.message : String(error) };
}

/** `TIMEOUT`: "channel aquisition timed out". `CLOSED`: "publisher is closed". Both come before the first byte. */
export const provesNothingWritten = (error: unknown): boolean => ['TIMEOUT', 'CLOSED'].includes(codeOf(error));
