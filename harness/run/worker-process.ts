// One worker process from its start to its end: what it was told, what it reported, and whether it was meant to end.
import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildLife } from '../engine/process/child-life.ts';
import { consumerCloseMs } from '../model/client.ts';
import { redactText } from '../model/configuration.ts';
import { describeError, LeaderfallError, type ErrorCode } from '../model/errors.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import { bounded } from '../model/wait.ts';
import type { WorkerCommand, WorkerCounters, WorkerReport, WorkerSetup } from '../workload/protocol.ts';

/** Longer than the worker's own bound for the start of a consumer. */
const readyTimeoutMs = 65_000;
/** After SIGTERM it closes its client first. */
const endMs = consumerCloseMs + 2_000;
const stderrLength = 2_000;
const entry = fileURLToPath(new URL(`./worker-entry${extname(import.meta.url)}`, import.meta.url));
const execArgv = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];

type Done = Extract<WorkerReport, { type: 'done' }>;
type Numbered = Extract<WorkerCommand, { id: number }>;
/** A command before it has its number. */
type Question = Numbered extends infer Command ? (Command extends Numbered ? Omit<Command, 'id'> : never) : never;

export interface WorkerProcessOptions {
  readonly setup: WorkerSetup;
  readonly record: (draft: TimelineDraft) => void;
  /** It reported, or ended. */
  readonly onChange: () => void;
}

export class WorkerProcess {
  readonly name: string;
  readonly role: 'producer' | 'consumer';
  readonly index: number;
  readonly life: ChildLife;
  /** Resolves once its client is connected; rejects with its own reason, or `E_WORKER_DIED`. */
  readonly ready: Promise<void>;
  /** Why it may end: it was told to, or a fault strikes it. Otherwise it died. */
  expected: 'told' | 'struck' | null = null;
  ended = false;
  /** It left without closing its segment, and was meant to. */
  killed = false;
  failure: LeaderfallError | null = null;
  /** Closed publishes that were answered as incomplete, and whose attempts have all ended since. */
  readonly closedLate: { readonly from: number; readonly to: number }[] = [];
  readonly #options: WorkerProcessOptions;
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (report: Done) => void>();
  #counters: WorkerCounters | null = null;
  #stderr = '';
  #nextId = 1;

  constructor(options: WorkerProcessOptions) {
    const { setup, record } = options;
    this.#options = options;
    this.name = setup.name;
    this.role = setup.role;
    this.index = setup.index;
    // A group of its own: what a fault does to the worker it does to the processes that the worker started, such as a user's own client.
    this.#child = fork(entry, { detached: true, execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' } });
    this.life = new ChildLife({ name: setup.name, child: this.#child, group: true, endMs });
    record({ type: 'worker', worker: setup.name, edge: 'started', detail: `process ${this.#child.pid}` });
    this.#child.stderr!.on('data', (chunk: Buffer) => { this.#stderr = (this.#stderr + chunk.toString()).slice(-stderrLength); });
    this.ready = bounded(this.#untilReady(), `connecting ${setup.name}`, readyTimeoutMs);
    this.ready.catch(() => {});
    this.tell({ type: 'setup', setup });
  }

  /** null: it has not reported yet. One that ended has nothing in hand or under way any more. */
  get counters(): WorkerCounters | null {
    return this.ended && this.#counters !== null ? { ...this.#counters, outstanding: 0, held: 0, heldUp: 0, alive: false } : this.#counters;
  }

  tell(command: WorkerCommand): void {
    if (this.#child.connected) this.#child.send(command, () => {});
  }

  /** Waits for its client to be connected first. @throws `E_TIMEOUT`; one that is gone answers that it is. */
  async ask(question: Question, timeoutMs: number): Promise<Done> {
    const id = this.#nextId++;
    const gone = (why: string): Done => ({ type: 'done', id, ok: false, detail: why });
    const answer = this.ready.then(() => new Promise<Done>((resolve) => {
      this.#answers.set(id, resolve);
      if (this.ended) resolve(gone(`${this.name} is gone`));
      this.tell({ ...question, id } as WorkerCommand);
    }), (error: unknown) => gone(describeError(error)));
    return await bounded(answer, `an answer of ${this.name}`, timeoutMs);
  }

  /** Resolves once it has ended; after `graceMs` it is killed, which is on record as an open segment. */
  async exited(graceMs: number): Promise<void> {
    if (this.ended) return;
    const exit = new Promise<void>((resolve) => { this.#child.once('exit', () => resolve()); });
    const timer = setTimeout(() => this.life.signal('SIGKILL'), graceMs);
    await exit;
    clearTimeout(timer);
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.on('message', (report: WorkerReport) => { if (report.type === 'ready') resolve(); else this.#receive(report); });
      const gone = (how: string, bySignal: boolean): void => {
        this.#end(how, bySignal);
        reject(this.failure ?? died(this.name, how, this.#stderr));
      };
      this.#child.on('exit', (code, killedBy) => gone(killedBy ?? `exit code ${code}`, killedBy !== null));
      // One that could not be started, as where the system allows no more processes, has no exit.
      this.#child.on('error', (error) => { if (this.#child.pid === undefined) gone(`it could not be started: ${describeError(error)}`, false); });
    });
  }

  #receive(report: Exclude<WorkerReport, { type: 'ready' }>): void {
    if (report.type === 'counters') {
      this.#counters = report.counters;
      this.#options.onChange();
    } else if (report.type === 'done') {
      this.#answers.get(report.id)?.(report);
      this.#answers.delete(report.id);
    } else if (report.type === 'note') {
      this.#options.record({ type: 'note', source: this.name, message: report.message });
    } else if (report.type === 'closed-late') {
      this.closedLate.push(report.range);
    } else if (report.type === 'failed') {
      const { code, message, hint = 'See the timeline and the nodes\' logs in the run\'s folder.', detail } = report;
      this.failure = new LeaderfallError(code as ErrorCode, `${this.name} gave up: ${message}`, { hint, ...(detail === undefined ? {} : { detail }) });
    }
  }

  #end(how: string, bySignal: boolean): void {
    this.ended = true;
    this.killed = this.expected === 'struck' && bySignal;
    const reason = redactText(this.failure?.message ?? this.#stderr.trim().split('\n').at(-1) ?? '');
    const edge = this.expected === null ? 'died' : this.killed ? 'killed' : 'stopped';
    this.#options.record({ type: 'worker', worker: this.name, edge, detail: [how, reason].filter(Boolean).join(': ') });
    for (const [id, answer] of this.#answers) answer({ type: 'done', id, ok: false, detail: `${this.name} is gone` });
    this.#answers.clear();
    this.#options.onChange();
  }
}

const died = (name: string, how: string, stderr: string) =>
  new LeaderfallError('E_WORKER_DIED', `${name} ended by itself (${how})`, { hint: 'Run the scenario again; if it stays, the detail names the cause.', ...(stderr === '' ? {} : { detail: stderr }) });
