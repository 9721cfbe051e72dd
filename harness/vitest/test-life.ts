// One test, as the fixtures see it: its limit, its signal, and what it began and may have left behind.
import type { TestContext } from 'vitest';
import { LeaderfallError } from '../model/errors.ts';

export class TestLife {
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #begun: Promise<unknown>[] = [];
  readonly #endings: (() => Promise<void>)[] = [];

  constructor({ task, signal }: Pick<TestContext, 'task' | 'signal'>) {
    this.timeoutMs = task.timeout;
    this.startedAt = task.result?.startTime ?? Date.now();
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
  }

  /** Aborts when the test times out, when Vitest is cancelled, and at the test's end. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Keeps what has to end before the test is left. */
  during<T>({ result, ended }: { readonly result: Promise<T>; readonly ended: Promise<unknown> }): Promise<T> {
    this.#begun.push(ended);
    ended.catch(() => {});
    return result;
  }

  /** The last first. */
  atEnd(work: () => Promise<void>): void {
    this.#endings.unshift(work);
  }

  /** A run that the test did not wait for is ended; this waits until it is gone. Everything is ended, also where one ending fails. */
  async end(): Promise<void> {
    this.#over.abort(new LeaderfallError('E_INTERRUPTED', 'The test ended before this did', { hint: 'Await it in the test.' }));
    await Promise.allSettled(this.#begun);
    const failures: unknown[] = [];
    for (const work of this.#endings) await work().catch((error: unknown) => failures.push(error));
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, 'What the test began could not be ended');
  }
}
