// What a publisher knows when an attempt with rabbitmq-client ends: the one table from errors to outcomes. Pure.
import { describeError } from '../../../../model/errors.ts';
import type { ClientError, PublishOutcome } from '../../../../model/outcome.ts';
import type { AttemptEnd } from '../attempt-end.ts';

/**
 * The same reasoning as for amqplib: confirmed is `ok`, a nack and a lost channel are `info`. `send` also waits for a connection and
 * opens its channel; its errors do not say whether that failed or the publish did (`CH_CLOSE` and `CONN_CLOSE` are both), so they are
 * `info` too, except where no connection could be had in time or the publisher had been closed: then nothing was written.
 */
export function classify(end: AttemptEnd): PublishOutcome {
  switch (end.kind) {
    case 'confirmed': return end.returned ? { outcome: 'ok', returned: true } : { outcome: 'ok' };
    case 'handed-over': return { outcome: 'ok', handedOver: true };
    case 'error': return info(sendError(end.error), end.returned);
    case 'no-confirm': return info({ name: 'ConfirmTimeout', message: `no confirm within ${end.waitedMs} ms` }, end.returned);
    case 'not-written': return { outcome: 'fail', error: { name: 'NotWritten', message: describeError(end.error) } };
  }
}

const info = (error: ClientError, returned: boolean): PublishOutcome => ({ outcome: 'info', error, ...(returned ? { returned } : {}) });

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'SendFailed';

function sendError(error: unknown): ClientError {
  const code = codeOf(error);
  return { name: code === 'NACK' ? 'Nacked' : code, message: error instanceof Error ? error.message : String(error) };
}

/** `TIMEOUT`: "channel aquisition timed out". `CLOSED`: "publisher is closed". Both come before the first byte. */
export const provesNothingWritten = (error: unknown): boolean => ['TIMEOUT', 'CLOSED'].includes(codeOf(error));
