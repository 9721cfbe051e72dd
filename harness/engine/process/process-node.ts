// A broker node that is a child process on this machine: for the embedded broker, where no container engine is needed.
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, type WriteStream } from 'node:fs';
import { platform } from 'node:os';
import { once } from 'node:events';
import type { Node, NodeState } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';

export interface ProcessNodeOptions {
  readonly id: string;
  readonly command: readonly string[];
  /** Where clients reach it. */
  readonly endpoint: string;
  /** All output of all its lives is appended here. */
  readonly logFile: string;
}

/**
 * Lives are one after the other. The child ends by itself when this process dies, for it watches its standard input;
 * one that is paused cannot, so a process that is forced to end takes it along.
 */
export class ProcessNode implements Node, AsyncDisposable {
  readonly id: string;
  readonly address = '127.0.0.1';
  readonly endpoint: string;
  readonly #options: ProcessNodeOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | null = null;
  #startedAt = '';
  #paused = false;
  readonly #killAtExit = () => { this.#child?.kill('SIGKILL'); };

  constructor(options: ProcessNodeOptions) {
    this.id = options.id;
    this.endpoint = options.endpoint;
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
    process.on('exit', this.#killAtExit);
  }

  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running()) return;
    const [file, ...args] = this.#options.command;
    const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdout.pipe(this.#log, { end: false });
    child.stderr.pipe(this.#log, { end: false });
    child.stdin.on('error', () => {});
    this.#child = child;
    this.#paused = false;
    this.#startedAt = new Date().toISOString();
    await once(child, 'spawn');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL', 5_000);
  }

  async stop(): Promise<void> {
    if (this.#paused) await this.unpause();
    try {
      await this.#end('SIGTERM', 5_000);
    } catch {
      await this.kill();
    }
  }

  async pause(): Promise<void> {
    this.#send('SIGSTOP');
    this.#paused = true;
    const { pid } = this.#child!;
    const observe = async () => (isStopped(pid!) ? ({ done: true, value: undefined } as const) : ({ done: false, seen: `process ${pid} still runs` } as const));
    await waitUntil(observe, { describe: `${this.id} to stand still after SIGSTOP`, timeoutMs: 1_000, intervalMs: 2, signal: new AbortController().signal });
  }

  async unpause(): Promise<void> {
    if (this.#paused && this.#running()) this.#send('SIGCONT');
    this.#paused = false;
  }

  async state(): Promise<NodeState> {
    const child = this.#child;
    if (child === null) return { status: 'absent', pid: 0, startedAt: '', exitCode: null };
    const running = this.#running();
    const status = running ? (this.#paused && isStopped(child.pid!) ? 'paused' : 'running') : 'exited';
    return { status, pid: child.pid ?? 0, startedAt: this.#startedAt, exitCode: exitCodeOf(child) };
  }

  async exec(): Promise<never> {
    throw new LeaderfallError('E_CAPABILITY', `${this.id} is a plain process: nothing can be run inside it`, { hint: 'Use a Kafka or RabbitMQ cluster for this fault.' });
  }

  async netExec(): Promise<never> {
    throw new LeaderfallError('E_CAPABILITY', `${this.id} is a plain process without a network of its own`, { hint: 'Use a Kafka or RabbitMQ cluster for this fault.' });
  }

  async lastLogLines(count: number): Promise<string> {
    if (!existsSync(this.#options.logFile)) return '';
    return readFileSync(this.#options.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    process.off('exit', this.#killAtExit);
    await new Promise<void>((resolve) => { this.#log.end(resolve); });
  }

  #running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #send(signal: NodeJS.Signals): void {
    if (!this.#running()) throw new LeaderfallError('E_NODE_FAILED', `${this.id} is not running`, { hint: 'Start it first.' });
    this.#child!.kill(signal);
  }

  async #end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    const child = this.#child;
    if (child === null || !this.#running()) return;
    child.kill(signal);
    const observe = async () => (this.#running() ? ({ done: false, seen: `process ${child.pid} still runs` } as const) : ({ done: true, value: undefined } as const));
    await waitUntil(observe, { describe: `${this.id} to end after ${signal}`, timeoutMs, intervalMs: 2, signal: new AbortController().signal });
  }
}

/** What the kernel says, where it tells (Linux, proc(5): state T); elsewhere the signal is taken at its word. */
function isStopped(pid: number): boolean {
  if (platform() !== 'linux') return true;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

const signalExitCodes: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGKILL: 137, SIGTERM: 143 };

function exitCodeOf(child: ChildProcess): number | null {
  return child.exitCode ?? (child.signalCode === null ? null : (signalExitCodes[child.signalCode] ?? 128));
}
