// A client's place in the workload, as faults see it: one process after the other may sit there.
import { LeaderfallError } from '../model/errors.ts';
import type { NodeState } from '../model/cluster.ts';
import type { CrashPoint } from '../model/scenario.ts';
import { waitUntil, type Observation } from '../model/wait.ts';
import type { ClientProcess } from '../model/workload-control.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A worker answers at once; a machine may be busy. */
const answerMs = 10_000;
const heldMs = 30_000;
const pointMs = 30_000;

/** A fresh process with an index of its own; `stalled`: its handlers do not end from the first delivery on. */
export type Spawn = (stalled: boolean) => WorkerProcess;

export class ClientSeat implements ClientProcess {
  readonly #spawn: Spawn;
  #current: WorkerProcess;
  #stalled = false;

  constructor(spawn: Spawn) {
    this.#spawn = spawn;
    this.#current = spawn(false);
  }

  get current(): WorkerProcess {
    return this.#current;
  }

  /** Name of the process that sits here now. */
  get id(): string {
    return this.#current.name;
  }

  async kill(signal: AbortSignal): Promise<void> {
    this.#strike();
    await this.#current.life.kill(signal);
  }

  async stop(signal: AbortSignal): Promise<void> {
    this.#strike();
    await this.#current.life.stop(signal);
  }

  /** A replacement; it is not waited for. */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#current.life.running) return;
    this.#current = this.#spawn(this.#stalled);
  }

  async pause(signal: AbortSignal): Promise<void> {
    await this.#current.life.pause(signal);
  }

  async unpause(): Promise<void> {
    this.#current.life.unpause();
  }

  async state(): Promise<NodeState> {
    return this.#current.life.state();
  }

  async untilConnected(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await Promise.race([this.#current.ready, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Holds for the processes that come after, too. */
  async stall(): Promise<void> {
    this.#stalled = true;
    if (this.#current.life.running) await this.#told({ type: 'stall' });
  }

  async release(): Promise<void> {
    this.#stalled = false;
    if (this.#current.life.running) await this.#told({ type: 'release' });
  }

  async untilHeld(count: number, signal: AbortSignal): Promise<void> {
    const current = this.#current;
    const observe = async (): Promise<Observation<undefined>> => {
      const held = current.counters?.held ?? 0;
      return held >= count ? { done: true, value: undefined } : { done: false, seen: current.ended ? 'it has ended' : `${held} held` };
    };
    await waitUntil(observe, {
      describe: `${current.name} to hold ${count} unprocessed deliveries`, timeoutMs: heldMs, intervalMs: 5, signal,
      hint: 'A consumer holds no more than its prefetch, and no more than there is in the queue.',
    });
  }

  async untilHeldUp(signal: AbortSignal): Promise<void> {
    const current = this.#current;
    const observe = async (): Promise<Observation<undefined>> => ((current.counters?.heldUp ?? 0) > 0 ? { done: true, value: undefined } : { done: false, seen: current.ended ? 'it has ended' : 'no handler is held up' });
    await waitUntil(observe, { describe: `a handler of ${current.name} to be held up`, timeoutMs: heldMs, intervalMs: 5, signal, hint: 'A delivery must reach it: let producers publish while the fault is on.' });
  }

  async dieBetween(point: CrashPoint, signal: AbortSignal): Promise<void> {
    const current = this.#current;
    this.#strike();
    try {
      await this.#told({ type: 'die-between', point });
    } catch (error) {
      // It lives on: should it end now, that is its own doing.
      if (!current.ended) current.expected = null;
      throw error;
    }
    const observe = async (): Promise<Observation<undefined>> => (current.ended ? { done: true, value: undefined } : { done: false, seen: `${current.counters?.processed ?? 0} processed` });
    await waitUntil(observe, {
      describe: `${current.name} to die between ${point.replace('-and-', ' and ')}`, timeoutMs: pointMs, intervalMs: 2, signal,
      hint: 'A message must reach it: let producers publish while the fault is on.',
    });
  }

  /** From now on its end is the fault's doing. One that ended by itself before did just that. */
  #strike(): void {
    if (!this.#current.ended) this.#current.expected ??= 'struck';
  }

  async #told(question: { readonly type: 'stall' | 'release' } | { readonly type: 'die-between'; readonly point: CrashPoint }): Promise<void> {
    const { ok, detail } = await this.#current.ask(question, answerMs);
    if (!ok) throw new LeaderfallError('E_SCENARIO_INVALID', `${this.id} did not ${question.type}: ${detail}`, { hint: 'Aim this fault at a consumer that can do it; docs/scenarios.md lists the faults.' });
  }
}
