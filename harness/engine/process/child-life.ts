// One life of a child process: killed, asked to end, frozen and thawed by signals, with what the kernel says of it as evidence.
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import type { NodeState } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { forgetFrozen, recordFrozen } from './frozen.ts';

export interface ChildLifeOptions {
  /** For messages. */
  readonly name: string;
  readonly child: ChildProcess;
  /** It leads a process group of its own (`detached`): signals reach all of that group, so the processes that it started share its fate. */
  readonly group?: boolean;
  /** How long it may take to end after SIGTERM, and after SIGKILL; default 5 s. */
  readonly endMs?: number;
}

const never = new AbortController().signal;

export class ChildLife {
  readonly #options: ChildLifeOptions;
  readonly #startedAt = new Date().toISOString();
  #paused = false;

  constructor(options: ChildLifeOptions) {
    this.#options = options;
  }

  get running(): boolean {
    const { exitCode, signalCode, pid } = this.#options.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  async kill(signal: AbortSignal = never): Promise<void> {
    await this.#end('SIGKILL', signal);
  }

  /** SIGTERM and a bounded wait, then SIGKILL. A process that is frozen is thawed first. */
  async stop(signal: AbortSignal = never): Promise<void> {
    this.unpause();
    try {
      await this.#end('SIGTERM', signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.kill(signal);
    }
  }

  /** Resolves once it stands still. @throws `E_NODE_FAILED` when it is not running. */
  async pause(signal: AbortSignal = never): Promise<void> {
    const { name, child } = this.#options;
    if (!this.running) throw new LeaderfallError('E_NODE_FAILED', `${name} is not running`, { hint: 'Start it first.' });
    this.signal('SIGSTOP');
    this.#paused = true;
    const observe = async () => (isStopped(child.pid!) ? ({ done: true, value: undefined } as const) : ({ done: false, seen: `process ${child.pid} still runs` } as const));
    await waitUntil(observe, { describe: `${name} to stand still after SIGSTOP`, timeoutMs: 1_000, intervalMs: 2, signal });
  }

  unpause(): void {
    if (this.#paused && this.running) this.signal('SIGCONT');
    this.#paused = false;
  }

  state(): NodeState {
    const { child } = this.#options;
    const status = this.running ? (this.#paused && isStopped(child.pid!) ? 'paused' : 'running') : 'exited';
    return { status, pid: child.pid ?? 0, startedAt: this.#startedAt, exitCode: exitCodeOf(child) };
  }

  /** At once, without waiting for what comes of it. */
  signal(name: NodeJS.Signals): void {
    const { child, group = false } = this.#options;
    if (child.pid === undefined || !this.running) return;
    if (name === 'SIGSTOP') recordFrozen(child.pid, group);
    if (group) signalGroup(child.pid, name);
    else child.kill(name);
    if (name === 'SIGCONT' || name === 'SIGKILL') forgetFrozen(child.pid);
  }

  async #end(name: NodeJS.Signals, signal: AbortSignal): Promise<void> {
    const { child, endMs: timeoutMs = 5_000, name: whose } = this.#options;
    if (!this.running) return;
    this.signal(name);
    const observe = async () => (this.running ? ({ done: false, seen: `process ${child.pid} still runs` } as const) : ({ done: true, value: undefined } as const));
    await waitUntil(observe, { describe: `${whose} to end after ${name}`, timeoutMs, intervalMs: 2, signal });
  }
}

/** A group whose last process has just ended is no error. */
function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
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
