// Every request to the engine is bounded, follows the caller's signal and fails with one of our codes.
import { describeError, isLeaderfallError, LeaderfallError, type ErrorCode } from '../../model/errors.ts';

export interface EngineCallOptions {
  /** Completes "The engine could not …". */
  readonly describe: string;
  readonly signal: AbortSignal;
  /** Default 30 000 ms. */
  readonly timeoutMs?: number;
  /** Code of a refusal; default `E_NODE_FAILED`. */
  readonly code?: ErrorCode;
}

/**
 * @throws LeaderfallError `E_TIMEOUT` when the engine does not answer in time, the given code when it refuses; the signal's reason when aborted.
 */
export async function engineCall<T>(options: EngineCallOptions, call: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
  const { describe, signal, timeoutMs = 30_000, code = 'E_NODE_FAILED' } = options;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  try {
    return await abortable(call(either), either);
  } catch (error) {
    signal.throwIfAborted();
    if (isLeaderfallError(error)) throw error;
    if (timeout.aborted) throw new LeaderfallError('E_TIMEOUT', `The engine did not ${describe} within ${timeoutMs} ms.`, { cause: error });
    throw new LeaderfallError(code, `The engine could not ${describe}: ${engineMessage(error)}`, { cause: error });
  }
}

/** The client library forgets the signal once an answer's body begins, so the wait itself must end too. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** HTTP status of the engine's refusal, or undefined for any other error. */
export function engineStatus(error: unknown): number | undefined {
  if (isLeaderfallError(error)) return engineStatus(error.cause);
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's own words. */
export function engineMessage(error: unknown): string {
  if (isLeaderfallError(error) && error.cause !== undefined) return engineMessage(error.cause);
  const message = (error as { json?: { message?: unknown } } | undefined)?.json?.message;
  return typeof message === 'string' ? message : describeError(error);
}

/** Runs the call and takes a refusal with one of these answers for success: the wish was already true. */
export async function unlessAlready(statuses: readonly number[], words: RegExp, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const status = engineStatus(error);
    if (status === undefined || !statuses.includes(status)) throw error;
    if (status !== 304 && status !== 404 && !words.test(engineMessage(error))) throw error;
  }
}
