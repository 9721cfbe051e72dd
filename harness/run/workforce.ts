// The worker processes of one run, seen as one workload: counters, triggers, traffic on and off.
import { sweepFrozen } from '../engine/process/frozen.ts';
import { invariant, type LeaderfallError } from '../model/errors.ts';
import type { Trigger } from '../model/scenario.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import { untilAborted } from '../model/wait.ts';
import type { Counters } from '../model/workload-control.ts';
import type { WorkerCounters, WorkerSetup } from '../workload/protocol.ts';
import { ClientSeat } from './client-seat.ts';
import { WorkerProcess } from './worker-process.ts';

export type Role = 'producer' | 'consumer';

/** A worker answers at once; a machine may be busy. */
const answerMs = 15_000;
const slackMs = 5_000;

export interface ClosedRange {
  readonly producer: number;
  readonly from: number;
  readonly to: number;
}

export interface WorkforceOptions {
  readonly record: (draft: TimelineDraft) => void;
  /** What a worker of this role and index is to do, as things are now. */
  readonly setupOf: (role: Role, index: number) => WorkerSetup;
}

export class Workforce implements AsyncDisposable {
  readonly #options: WorkforceOptions;
  readonly #processes: WorkerProcess[] = [];
  readonly #seats: Readonly<Record<Role, ClientSeat[]>> = { producer: [], consumer: [] };
  readonly #watchers = new Set<() => void>();
  /** Producers are to publish: one that starts now joins in. */
  #flowing = false;
  /** Processes that are frozen could not notice that this one is forced to end. */
  readonly #thawAtExit = () => { for (const { life } of this.#processes) life.unpause(); };

  constructor(options: WorkforceOptions) {
    this.#options = options;
    sweepFrozen();
    process.on('exit', this.#thawAtExit);
  }

  /** Names of all workers that were ever started: each must have left a segment. */
  get names(): readonly string[] {
    return this.#processes.map(({ name }) => name);
  }

  /** Workers that ended by themselves. */
  get dead(): readonly string[] {
    return this.#processes.filter(({ ended, expected }) => ended && expected === null).map(({ name }) => name);
  }

  /** Workers that a fault killed. */
  get killed(): readonly string[] {
    return this.#processes.filter(({ killed }) => killed).map(({ name }) => name);
  }

  /** The first worker's own reason for ending, if it gave one. */
  get failure(): LeaderfallError | null {
    return this.#processes.find(({ failure }) => failure !== null)?.failure ?? null;
  }

  get counters(): Counters {
    const all = this.#processes.flatMap(({ counters }) => counters ?? []);
    const sum = (pick: (counters: WorkerCounters) => number) => all.reduce((total, counters) => total + pick(counters), 0);
    return {
      attempted: sum((c) => c.attempted), acknowledged: sum((c) => c.acknowledged), handedOver: sum((c) => c.handedOver), failed: sum((c) => c.failed),
      indeterminate: sum((c) => c.indeterminate), outstanding: sum((c) => c.outstanding), delivered: sum((c) => c.delivered), processed: sum((c) => c.processed),
    };
  }

  /** Messages that consumers hold and have not processed. */
  get held(): number {
    return this.#processes.reduce((sum, { counters }) => sum + (counters?.held ?? 0), 0);
  }

  /** Closed publishes that were incomplete when the step ended, and whose attempts have all ended since. */
  get closedLate(): readonly ClosedRange[] {
    return this.#processes.flatMap(({ index: producer, closedLate }) => closedLate.map((range) => ({ producer, ...range })));
  }

  consumersAlive(): boolean {
    const { consumer: seats } = this.#seats;
    return seats.length > 0 && seats.every(({ current: { ended, counters } }) => !ended && counters?.alive === true);
  }

  /** The n-th client of a role, whichever process that is by now; null: there is none. */
  client(role: Role, index: number): ClientSeat | null {
    return this.#seats[role][index] ?? null;
  }

  /** Starts as many workers and waits until their clients are connected. @throws a worker's own reason, or `E_WORKER_DIED`. */
  async start(role: Role, count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (let nth = 0; nth < count; nth++) {
      this.#seats[role].push(new ClientSeat((stalled) => this.#spawn(role, stalled)));
      // Of several consumers the first to subscribe may be the active one: which that is must not be a matter of luck.
      if (role === 'consumer') await this.ready(role, signal);
    }
    await this.ready(role, signal);
  }

  /** Every client of the role that lives is connected. @throws like `start`. */
  async ready(role: Role, signal: AbortSignal): Promise<void> {
    const live = this.#live(role);
    await untilAborted(Promise.all(live.map(({ ready }) => ready)), signal, `${live.map(({ name }) => name).join(', ')} to be connected`);
  }

  /** Resolves once one of the trigger's counts is reached, from `before` on, after `timeoutMs`, or as soon as a worker has died; `detail` says which. */
  async until(trigger: Trigger, timeoutMs: number, signal: AbortSignal, before: Counters = this.counters): Promise<{ readonly fired: boolean; readonly detail: string }> {
    const limit = trigger.elapsedMs === undefined ? timeoutMs : Math.min(timeoutMs, trigger.elapsedMs);
    return await new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        signal.removeEventListener('abort', abort);
      };
      const finish = (fired: boolean, detail: string) => { stop(); resolve({ fired, detail }); };
      const abort = () => { stop(); reject(signal.reason as Error); };
      const look = () => {
        const fired = firedBy(trigger, before, this.counters);
        if (fired !== null) finish(true, fired);
        else if (this.dead.length > 0) finish(false, `${this.dead.join(', ')} ended by itself`);
      };
      const elapsed = trigger.elapsedMs !== undefined && trigger.elapsedMs <= timeoutMs;
      const timer = setTimeout(() => finish(elapsed, elapsed ? `${limit} ms passed` : `not within ${limit} ms`), limit);
      this.#watchers.add(look);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      else look();
    });
  }

  /** Producers go on. Afterwards the counters are no older than this call, so that what is counted from then on is new. */
  async resume(): Promise<void> {
    this.#flowing = true;
    await Promise.all(this.#live('producer').map((producer) => producer.ask({ type: 'resume' }, answerMs)));
  }

  /** Producers stop, their attempts end, what was handed over is flushed. */
  async quiesce(timeoutMs: number): Promise<{ readonly ok: boolean; readonly detail: string }> {
    this.#flowing = false;
    const answers = await Promise.all(this.#live('producer').map((producer) => producer.ask({ type: 'quiesce', timeoutMs }, timeoutMs + slackMs)));
    return { ok: answers.every(({ ok }) => ok), detail: answers.map(({ detail }) => detail).join('; ') };
  }

  /** Exactly `count` messages, shared among the producers. */
  async publishClosed(count: number, withinMs: number): Promise<{ readonly complete: boolean; readonly ranges: readonly ClosedRange[] }> {
    const producers = this.#live('producer');
    const answers = await Promise.all(producers.map(async (producer, nth) => {
      const share = Math.floor(count / producers.length) + (nth < count % producers.length ? 1 : 0);
      return { producer: producer.index, ...(await producer.ask({ type: 'publish', count: share, withinMs }, withinMs + slackMs)) };
    }));
    return { complete: producers.length > 0 && answers.every(({ ok }) => ok), ranges: answers.flatMap(({ producer, range }) => (range === undefined ? [] : [{ producer, ...range }])) };
  }

  /** Ends the workers of a role; they flush and close their segments. One that does not is killed, which is on record. */
  async stop(role: Role, graceMs: number): Promise<void> {
    if (role === 'producer') this.#flowing = false;
    await Promise.all(this.#live(role).map(async (worker) => {
      worker.expected = 'told';
      worker.tell({ type: 'stop', graceMs });
      await worker.exited(graceMs + 10_000);
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#processes) worker.expected ??= 'told';
    await Promise.all(this.#processes.map((worker) => worker.exited(0)));
    process.off('exit', this.#thawAtExit);
  }

  #live(role: Role): readonly WorkerProcess[] {
    return this.#seats[role].map(({ current }) => current).filter(({ ended }) => !ended);
  }

  /** An index of its own, so that a producer's sequences and a consumer's deliveries are never mixed with those of the process before it. */
  #spawn(role: Role, stalled: boolean): WorkerProcess {
    const index = this.#processes.filter((worker) => worker.role === role).length;
    invariant(index < 255, 'a worker\'s index fits in one byte of its events');
    const worker = new WorkerProcess({
      setup: { ...this.#options.setupOf(role, index), stalled },
      record: this.#options.record,
      onChange: () => { for (const look of this.#watchers) look(); },
    });
    this.#processes.push(worker);
    if (role === 'producer') worker.ready.then(() => { if (this.#flowing) void worker.ask({ type: 'resume' }, answerMs).catch(() => {}); }, () => {});
    return worker;
  }
}

function firedBy(trigger: Trigger, before: Counters, now: Counters): string | null {
  for (const measure of ['acknowledged', 'handedOver', 'delivered', 'processed', 'attempted'] as const) {
    const wanted = trigger[measure];
    const got = now[measure] - before[measure];
    if (wanted !== undefined && got >= wanted) return `${got} ${measure}`;
  }
  return null;
}
