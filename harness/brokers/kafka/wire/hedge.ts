// Asks one after the other without waiting for the slow: the next starts when one fails or takes too long; first answer wins.
import { LeaderfallError, describeError } from '../../../model/errors.ts';

export interface HedgeOptions {
  /** Completes "nobody could …". */
  readonly describe: string;
  /** How long one may be silent before the next is asked too. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** @throws LeaderfallError `E_TIMEOUT` when all failed, with each failure in its detail; the signal's reason when aborted. */
export function hedge<T>(attempts: readonly (() => Promise<T>)[], options: HedgeOptions): Promise<T> {
  const { describe, patienceMs, signal } = options;
  return new Promise<T>((resolve, reject) => {
    const failures: string[] = [];
    let started = 0;
    let finished = false;
    let patience: NodeJS.Timeout | undefined;
    const end = (finish: () => void): void => {
      finished = true;
      clearTimeout(patience);
      signal.removeEventListener('abort', abort);
      finish();
    };
    const abort = (): void => end(() => reject(signal.reason));
    const startNext = (): void => {
      clearTimeout(patience);
      const attempt = attempts[started];
      if (attempt === undefined || finished) return;
      started += 1;
      patience = setTimeout(startNext, patienceMs);
      attempt().then((value) => end(() => resolve(value)), fail);
    };
    const fail = (error: unknown): void => {
      failures.push(describeError(error));
      if (failures.length >= attempts.length) end(() => reject(new LeaderfallError('E_TIMEOUT', `Nobody could ${describe}`, { detail: failures.join('\n') })));
      else startNext();
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    if (attempts.length === 0) fail(new Error('there is nobody to ask'));
    else startNext();
  });
}
