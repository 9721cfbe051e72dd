// The worker processes of one run, seen as one workload: counters, triggers, traffic on and off.
import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redactText } from '../model/configuration.ts';
import { LeaderfallError, type ErrorCode } from '../model/errors.ts';
import type { Trigger } from '../model/scenario.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import { bounded } from '../model/wait.ts';
import type { Counters } from '../model/workload-control.ts';
import type { WorkerCommand, WorkerCounters, WorkerReport, WorkerSetup } from '../workload/protocol.ts';

/** A worker answers at once; a machine may be busy. */
const answerMs = 10_000;
const readyTimeoutMs = 60_000;
const entry = fileURLToPath(new URL(`./worker-main${extname(import.meta.url)}`, import.meta.url));
const execArgv = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];

interface Member {
  readonly name: string;
  readonly role: 'producer' | 'consumer';
  readonly child: ChildProcess;
  counters: WorkerCounters | null;
  /** It was told to stop, or killed on purpose. */
  expectedToEnd: boolean;
  ended: boolean;
  failure: LeaderfallError | null;
}

export class Workforce implements AsyncDisposable {
  readonly #record: (draft: TimelineDraft) => void;
  readonly #members: Member[] = [];
  readonly #answers = new Map<number, (report: Extract<WorkerReport, { type: 'done' }>) => void>();
  readonly #watchers = new Set<() => void>();
  #nextId = 1;

  constructor(record: (draft: TimelineDraft) => void) {
    this.#record = record;
  }

  /** Names of all workers that were ever started: each must have left a segment. */
  get names(): readonly string[] {
    return this.#members.map(({ name }) => name);
  }

  /** Workers that ended by themselves. */
  get dead(): readonly string[] {
    return this.#members.filter(({ ended, expectedToEnd }) => ended && !expectedToEnd).map(({ name }) => name);
  }

  /** The first worker's own reason for ending, if it gave one. */
  get failure(): LeaderfallError | null {
    return this.#members.find(({ failure }) => failure !== null)?.failure ?? null;
  }

  get counters(): Counters {
    const all = this.#members.flatMap(({ counters }) => (counters === null ? [] : [counters]));
    const sum = (pick: (counters: WorkerCounters) => number) => all.reduce((total, counters) => total + pick(counters), 0);
    return {
      attempted: sum((c) => c.attempted), acknowledged: sum((c) => c.acknowledged), handedOver: sum((c) => c.handedOver), failed: sum((c) => c.failed),
      indeterminate: sum((c) => c.indeterminate), outstanding: sum((c) => c.outstanding), delivered: sum((c) => c.delivered), processed: sum((c) => c.processed),
    };
  }

  /** Messages that consumers hold and have not processed. */
  get held(): number {
    return this.#members.reduce((sum, { counters }) => sum + (counters?.held ?? 0), 0);
  }

  consumersAlive(): boolean {
    const consumers = this.#members.filter(({ role }) => role === 'consumer');
    return consumers.length > 0 && consumers.every(({ ended, counters }) => !ended && counters?.alive !== false);
  }

  /** Starts a worker and waits until its client is connected. @throws the worker's own reason, or `E_WORKER_DIED`. */
  async start(setup: WorkerSetup, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const child = fork(entry, { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' } });
    const member: Member = { name: setup.name, role: setup.role, child, counters: null, expectedToEnd: false, ended: false, failure: null };
    this.#members.push(member);
    this.#record({ type: 'worker', worker: setup.name, edge: 'started', detail: `process ${child.pid}` });
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => { stderr = (stderr + chunk.toString()).slice(-2_000); });
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (report: WorkerReport) => { if (report.type === 'ready') resolve(); else this.#receive(member, report); });
      child.on('exit', (code, killedBy) => {
        this.#ended(member, killedBy ?? `exit code ${code}`, stderr);
        reject(member.failure ?? died(member.name, killedBy ?? `exit code ${code}`, stderr));
      });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    ready.catch(() => {});
    this.#tell(member, { type: 'setup', setup });
    await bounded(ready, `connecting ${setup.name}`, readyTimeoutMs);
  }

  /** Resolves once the trigger fires, after `timeoutMs`, or as soon as a worker has died; `detail` says which. */
  async until(trigger: Trigger, timeoutMs: number, signal: AbortSignal): Promise<{ readonly fired: boolean; readonly detail: string }> {
    const before = this.counters;
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
    await Promise.all(this.#of('producer').map((member) => this.#ask(member, (id) => ({ type: 'resume', id }), answerMs)));
  }

  /** Producers stop, their attempts end, what was handed over is flushed. */
  async quiesce(timeoutMs: number): Promise<{ readonly ok: boolean; readonly detail: string }> {
    const answers = await Promise.all(this.#of('producer').map((member) => this.#ask(member, (id) => ({ type: 'quiesce', id, timeoutMs }), timeoutMs)));
    return { ok: answers.every(({ ok }) => ok), detail: answers.map(({ detail }) => detail).join('; ') };
  }

  /** Exactly `count` messages, shared among the producers. */
  async publishClosed(count: number, withinMs: number): Promise<{ readonly complete: boolean; readonly ranges: readonly { readonly producer: number; readonly from: number; readonly to: number }[] }> {
    const producers = this.#of('producer');
    const answers = await Promise.all(producers.map((member, index) => {
      const share = Math.floor(count / producers.length) + (index < count % producers.length ? 1 : 0);
      return this.#ask(member, (id) => ({ type: 'publish', id, count: share, withinMs }), withinMs);
    }));
    return { complete: answers.every(({ ok }) => ok), ranges: answers.flatMap(({ range }, producer) => (range === undefined ? [] : [{ producer, ...range }])) };
  }

  /** Ends the workers of a role; they flush and close their segments. One that does not is killed, which is on record. */
  async stop(role: 'producer' | 'consumer', graceMs: number): Promise<void> {
    await Promise.all(this.#of(role).map(async (member) => {
      member.expectedToEnd = true;
      this.#tell(member, { type: 'stop', graceMs });
      await this.#exited(member, graceMs + 10_000);
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.#members) member.expectedToEnd = true;
    await Promise.all(this.#members.filter(({ ended }) => !ended).map((member) => this.#exited(member, 0)));
  }

  #of(role: Member['role']): readonly Member[] {
    return this.#members.filter((member) => member.role === role && !member.ended);
  }

  #tell(member: Member, command: WorkerCommand): void {
    if (member.child.connected) member.child.send(command, () => {});
  }

  async #ask(member: Member, command: (id: number) => WorkerCommand, timeoutMs: number): Promise<Extract<WorkerReport, { type: 'done' }>> {
    const id = this.#nextId++;
    const answer = new Promise<Extract<WorkerReport, { type: 'done' }>>((resolve) => {
      this.#answers.set(id, resolve);
      member.child.once('exit', () => resolve({ type: 'done', id, ok: false, detail: `${member.name} is gone` }));
    });
    this.#tell(member, command(id));
    return await bounded(answer, `an answer of ${member.name}`, timeoutMs + 5_000);
  }

  #receive(member: Member, report: WorkerReport): void {
    if (report.type === 'counters') {
      member.counters = report.counters;
      for (const look of this.#watchers) look();
    } else if (report.type === 'done') {
      this.#answers.get(report.id)?.(report);
      this.#answers.delete(report.id);
    } else if (report.type === 'note') {
      this.#record({ type: 'note', source: member.name, message: report.message });
    } else if (report.type === 'failed') {
      member.failure = new LeaderfallError(report.code as ErrorCode, `${member.name} gave up: ${report.message}`, { hint: 'See the timeline and the nodes\' logs in the run\'s folder.' });
    }
  }

  #ended(member: Member, how: string, stderr: string): void {
    if (member.ended) return;
    member.ended = true;
    const reason = redactText(member.failure?.message ?? stderr.trim().split('\n').at(-1) ?? '');
    this.#record({ type: 'worker', worker: member.name, edge: member.expectedToEnd ? 'stopped' : 'died', detail: [how, reason].filter(Boolean).join(': ') });
    for (const look of this.#watchers) look();
  }

  async #exited(member: Member, graceMs: number): Promise<void> {
    if (member.ended) return;
    const exit = new Promise<void>((resolve) => { member.child.once('exit', () => resolve()); });
    const timer = setTimeout(() => member.child.kill('SIGKILL'), graceMs);
    await exit;
    clearTimeout(timer);
  }
}

function firedBy(trigger: Trigger, before: Counters, now: Counters): string | null {
  for (const measure of ['acknowledged', 'handedOver', 'delivered', 'attempted'] as const) {
    const wanted = trigger[measure];
    const got = now[measure] - before[measure];
    if (wanted !== undefined && got >= wanted) return `${got} ${measure}`;
  }
  return null;
}

const died = (name: string, how: string, stderr: string) =>
  new LeaderfallError('E_WORKER_DIED', `${name} ended by itself (${how})`, { hint: 'Run the scenario again; if it stays, the detail names the cause.', ...(stderr === '' ? {} : { detail: stderr }) });
