// What a publisher knows when an attempt over the stream protocol ends. Pure.
import type { ClientError, PublishOutcome } from '../../../../model/outcome.ts';
import { type AttemptEnd, outcomeOf } from '../attempt-end.ts';

/** A publish error of the broker, by its code: https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbitmq_stream/docs/PROTOCOL.adoc#response-codes */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
  readonly code: number;

  constructor(code: number) {
    super(`the broker answered with publish error ${code}${code in meanings ? ` (${meanings[code]!})` : ''}`);
    this.code = code;
  }
}

const meanings: Readonly<Record<number, string>> = { 2: 'stream does not exist', 6: 'stream not available', 16: 'access refused', 18: 'publisher does not exist' };

/** A publish error, too, is `info`: it is sent when the stream's writer is not to be had, of which the stream may still have got the message before. */
export const classify = (end: AttemptEnd): PublishOutcome => outcomeOf(end, publishError);

const publishError = (error: unknown, closedBy: string | null): ClientError => ({
  name: error instanceof PublishRefused ? error.name : 'ConnectionLost',
  message: closedBy ?? (error instanceof Error ? error.message : String(error)),
});
