// A broker node that is a child process on this machine: for the embedded broker, where no container engine is needed.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Node, NodeState } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { ChildLife } from './child-life.ts';

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
  #life: ChildLife | null = null;
  readonly #killAtExit = () => { this.#life?.signal('SIGKILL'); };

  constructor(options: ProcessNodeOptions) {
    this.id = options.id;
    this.endpoint = options.endpoint;
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
    process.on('exit', this.#killAtExit);
  }

  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#life?.running) return;
    const [file, ...args] = this.#options.command;
    const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdout.pipe(this.#log, { end: false });
    child.stderr.pipe(this.#log, { end: false });
    child.stdin.on('error', () => {});
    this.#life = new ChildLife({ name: this.id, child });
    await once(child, 'spawn');
  }

  async kill(): Promise<void> {
    await this.#life?.kill();
  }

  async stop(): Promise<void> {
    await this.#life?.stop();
  }

  async pause(): Promise<void> {
    if (this.#life === null) throw new LeaderfallError('E_NODE_FAILED', `${this.id} is not running`, { hint: 'Start it first.' });
    await this.#life.pause();
  }

  async unpause(): Promise<void> {
    this.#life?.unpause();
  }

  async state(): Promise<NodeState> {
    return this.#life?.state() ?? { status: 'absent', pid: 0, startedAt: '', exitCode: null };
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

  async log(): Promise<Readable> {
    return createReadStream(this.#options.logFile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    process.off('exit', this.#killAtExit);
    await new Promise<void>((resolve) => { this.#log.end(resolve); });
  }
}
