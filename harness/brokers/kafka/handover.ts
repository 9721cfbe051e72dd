// Turns a producer that pushes into one that is asked: `give` waits until its item was taken.
import { LeaderfallError } from '../../model/errors.ts';

export interface TakeOptions {
  /** Completes "waited for …". */
  readonly describe: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export class Handover<T> {
  readonly #offered: { readonly item: T; readonly taken: () => void }[] = [];
  #failure: { readonly error: unknown } | null = null;
  #closed = false;
  #wake = Promise.withResolvers<void>();

  give(item: T): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#offered.push({ item, taken: resolve });
    this.#wake.resolve();
    return promise;
  }

  /** Whoever takes next gets this error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake.resolve();
  }

  /** Nobody takes any more: whoever gives need not wait. */
  close(): void {
    this.#closed = true;
    for (const { taken } of this.#offered.splice(0)) taken();
  }

  /** @throws LeaderfallError `E_TIMEOUT`; what `fail` was told; the signal's reason. */
  async take({ describe, timeoutMs, signal }: TakeOptions): Promise<T> {
    const bound = AbortSignal.timeout(timeoutMs);
    const stop = aborted(AbortSignal.any([bound, signal]));
    for (;;) {
      signal.throwIfAborted();
      if (this.#failure !== null) throw this.#failure.error;
      const next = this.#offered.shift();
      if (next !== undefined) {
        next.taken();
        return next.item;
      }
      if (bound.aborted) throw new LeaderfallError('E_TIMEOUT', `Waited ${timeoutMs} ms for ${describe}; last seen: nothing`);
      this.#wake = Promise.withResolvers();
      await Promise.race([this.#wake.promise, stop]);
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
