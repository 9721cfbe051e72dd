// The one way to wait: with a description, a bound and a signal; the error says what was last seen.
import { setTimeout as delay } from 'node:timers/promises';
import { describeError, isLeaderfallError, LeaderfallError } from './errors.ts';

export interface WaitOptions {
  /** Completes "waited for …". */
  readonly describe: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Default 100 ms. */
  readonly intervalMs?: number;
  /** The next action when the wait gives up. */
  readonly hint?: string;
}

/** What one look at the world showed: `done` ends the wait, `seen` goes into the error if it never does. */
export type Observation<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly seen: string };

/**
 * Looks until `observe` says done. A look that throws counts as "not yet" and is the last value seen.
 * @throws LeaderfallError `E_TIMEOUT` after `timeoutMs`; what `endOf` makes of the signal when aborted.
 */
export async function waitUntil<T>(observe: () => Promise<Observation<T>>, options: WaitOptions): Promise<T> {
  const { describe, timeoutMs, signal, intervalMs = 100 } = options;
  const deadline = performance.now() + timeoutMs;
  let seen = 'nothing';
  for (;;) {
    if (signal.aborted) throw endOf(signal, describe, seen);
    try {
      const observation = await observe();
      if (observation.done) return observation.value;
      seen = observation.seen;
    } catch (error) {
      // A look that the signal ended says nothing of the world.
      if (!signal.aborted) seen = describeError(error);
    }
    if (performance.now() >= deadline) {
      throw new LeaderfallError('E_TIMEOUT', `Waited ${timeoutMs} ms for ${describe}; last seen: ${seen}`, {
        ...(options.hint === undefined ? {} : { hint: options.hint }),
      });
    }
    // An abort is told at the top of the loop.
    await delay(intervalMs, undefined, { signal }).catch(() => {});
  }
}

/** The error of a wait that its signal ended: the signal's own reason; where that is a limit of time, with what was still waited for. */
export function endOf({ reason }: AbortSignal, describe: string, seen?: string): unknown {
  if (!isLeaderfallError(reason) || reason.code !== 'E_TIMEOUT') return reason;
  const last = seen === undefined ? '' : `; last seen: ${seen}`;
  return new LeaderfallError('E_TIMEOUT', `${reason.message}: it waited for ${describe}${last}`, { ...(reason.hint === undefined ? {} : { hint: reason.hint }), cause: reason });
}

/**
 * The work's end, or its signal's, whichever comes first; the work itself goes on.
 * @param describe completes "it waited for …"; without it the error is the signal's own reason.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, describe?: string): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(describe === undefined ? signal.reason : endOf(signal, describe));
  work.catch(() => {});
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A promise that rejects with `E_TIMEOUT` when the work takes longer than the bound. The work itself goes on. */
export async function bounded<T>(work: Promise<T>, describe: string, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LeaderfallError('E_TIMEOUT', `${describe} took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
