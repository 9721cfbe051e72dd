// Publishes that wait for their confirm, each with its own deadline: amqplib has none, and a silent broker would hold them for ever.
import { type Observation, waitUntil } from '../../../model/wait.ts';
import type { AttemptEnd } from './attempt-end.ts';

export interface Attempt {
  readonly end: Promise<AttemptEnd>;
  readonly resolve: (end: AttemptEnd) => void;
  readonly deadlineMs: number;
  readonly returnId: string | null;
  returned: boolean;
}

const sweepMs = 100;

export class Outstanding {
  readonly #timeoutMs: number;
  /** In the order of publishing, so also in the order of deadlines. */
  readonly #attempts = new Set<Attempt>();
  readonly #byReturnId = new Map<string, Attempt>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @param returnId the message id that a `basic.return` would carry, for mandatory publishes. */
  begin(returnId: string | null): Attempt {
    const { promise: end, resolve } = Promise.withResolvers<AttemptEnd>();
    const attempt: Attempt = { end, resolve, deadlineMs: performance.now() + this.#timeoutMs, returnId, returned: false };
    this.#attempts.add(attempt);
    if (returnId !== null) this.#byReturnId.set(returnId, attempt);
    this.#timer ??= setInterval(() => this.#expire(), sweepMs).unref();
    return attempt;
  }

  /** The callback of the publish: an error means a nack or a channel that closed. Late answers change nothing. */
  answered(attempt: Attempt, error: unknown, closedBy: string | null): void {
    if (!this.#attempts.has(attempt)) return;
    const { returned } = attempt;
    this.#end(attempt, error ? { kind: 'error', error, returned, closedBy } : { kind: 'confirmed', returned });
  }

  returned(returnId: string): void {
    const attempt = this.#byReturnId.get(returnId);
    if (attempt !== undefined) attempt.returned = true;
  }

  /** Nothing was written after all. */
  forget(attempt: Attempt): void {
    this.#remove(attempt);
  }

  /** Resolves once no attempt is under way. Bounded by the attempts' own deadlines. */
  async empty(signal: AbortSignal): Promise<void> {
    if (this.#attempts.size === 0) return;
    const look = async (): Promise<Observation<void>> =>
      this.#attempts.size === 0 ? { done: true, value: undefined } : { done: false, seen: `${this.#attempts.size} unconfirmed` };
    await waitUntil(look, { describe: 'all publishes to be confirmed', timeoutMs: this.#timeoutMs + 1_000, signal, intervalMs: 5 });
  }

  /** What is still under way stays unknown. */
  end(): void {
    clearInterval(this.#timer);
    for (const attempt of [...this.#attempts]) {
      this.#end(attempt, { kind: 'error', error: new Error('the producer was closed'), returned: attempt.returned, closedBy: null });
    }
  }

  #expire(): void {
    const now = performance.now();
    for (const attempt of this.#attempts) {
      if (attempt.deadlineMs > now) return;
      this.#end(attempt, { kind: 'no-confirm', waitedMs: this.#timeoutMs, returned: attempt.returned });
    }
  }

  #end(attempt: Attempt, end: AttemptEnd): void {
    this.#remove(attempt);
    attempt.resolve(end);
  }

  #remove(attempt: Attempt): void {
    this.#attempts.delete(attempt);
    if (attempt.returnId !== null) this.#byReturnId.delete(attempt.returnId);
  }
}
