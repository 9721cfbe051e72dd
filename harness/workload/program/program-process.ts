// A user's own client as a child process: started, greeted, spoken to line by line, closed, and killed when it breaks the protocol.
// Every way in which it can go wrong ends in one LeaderfallError that says what it did last.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { redactText } from '../../model/configuration.ts';
import { describeError, isLeaderfallError, LeaderfallError, type ErrorCode } from '../../model/errors.ts';
import type { ProgramSpec } from '../../model/scenario.ts';
import { LineReader } from './line-reader.ts';
import { fromProgram, linesOfRole, maxLineBytes, protocolVersion, type FromProgram, type LineOf, type ToProgram } from './messages.ts';
import { killProgram, spawnProgram } from './process-group.ts';
import { StandardError } from './standard-error.ts';

const page = 'docs/bring-your-own-client.md';
const shownCharacters = 200;
/** After its exit, for what it printed last. */
const lastOutputMs = 1_000;

export interface ProgramOptions {
  readonly role: 'producer' | 'consumer';
  readonly spec: ProgramSpec;
  /** Every line but `ready`, `error` and `note`. What it throws is a breach of the protocol. */
  readonly onLine: (line: FromProgram) => void;
  readonly onNote: (message: string) => void;
  /** Once, when it ended or was ended after it had been ready. */
  readonly onFailure: (error: LeaderfallError) => void;
  /** Nothing more is heard of it. */
  readonly onEnd: () => void;
}

export class ProgramProcess {
  readonly #options: ProgramOptions;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #standardError: StandardError;
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  /** Set while the pipe to it is full. */
  #room: PromiseWithResolvers<void> | null = null;
  /** The signal goes to the worker's whole group: the program may close by it, as in production, before its close line comes. */
  readonly #onTerminate = (): void => { if (this.#state === 'ready') this.#state = 'closing'; };
  /** When it was told to. */
  #endedWell = false;
  #state: 'starting' | 'ready' | 'closing' | 'ended' = 'starting';

  /** Starts it; it says nothing before it is greeted. */
  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => {});
    this.#standardError = new StandardError(options.onNote);
    this.#child = spawnProgram(options.spec);
    this.#child.on('error', (error) => this.fail(this.#notStarted(error)));
    this.#child.stdin.on('error', () => {}).on('drain', () => this.#hasRoom());
    const reader = new LineReader({
      maxBytes: maxLineBytes,
      onLine: (line) => this.#line(line),
      onTooLong: (begin) => this.fail(this.#breach(`it printed a line of more than ${maxLineBytes} bytes: ${begin}…`)),
    });
    this.#child.stdout.on('data', (chunk: Buffer) => reader.push(chunk)).on('end', () => reader.end());
    this.#child.stderr.on('data', this.#standardError.push);
    process.on('SIGTERM', this.#onTerminate);
    // A process that it left behind may hold its streams open for ever.
    this.#child.once('exit', () => { setTimeout(() => { this.#child.stdout.destroy(); this.#child.stderr.destroy(); }, lastOutputMs).unref(); });
    this.#child.once('close', (code, signal) => this.#closed(code === null ? `killed by ${signal}` : `exit code ${code}`));
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Greets it and waits for its `ready`. @throws why it is not ready: its own error, its end, or that it said nothing until the signal. */
  async greet(hello: ToProgram, signal: AbortSignal): Promise<void> {
    const late = () => this.fail(this.#failure('E_NOT_READY', 'did not say that it is ready in time', `It has to answer the hello line with a ready line: see ${page}.`, signal.reason));
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    try {
      await this.send(hello);
      await this.#ready.promise;
    } finally {
      signal.removeEventListener('abort', late);
    }
  }

  /** Resolves once the line is written, or nobody is left to read it: a program that reads slowly slows its worker down. */
  async send(line: ToProgram): Promise<void> {
    if (this.#state === 'ended') return;
    if (this.#child.stdin.write(`${JSON.stringify(line)}\n`)) return;
    // One wait for all who write meanwhile.
    this.#room ??= Promise.withResolvers<void>();
    await this.#room.promise;
  }

  /** Kills it. The first reason counts. */
  fail(error: LeaderfallError): void {
    const before = this.#state;
    if (before === 'ended') return;
    this.kill();
    this.#ready.reject(error);
    if (before === 'ready') this.#options.onFailure(error);
    else if (before === 'closing') this.#options.onNote(error.message);
  }

  /** What it did is against the protocol. */
  breach(what: string): void {
    this.fail(this.#breach(what));
  }

  /** At once, with everything that it started; nothing that it says from now on is heard. */
  kill(): void {
    this.#state = 'ended';
    this.#exited.resolve();
    this.#hasRoom();
    process.off('SIGTERM', this.#onTerminate);
    killProgram(this.#child);
  }

  /** Asks it to finish what it has and to exit; kills it after `timeoutMs`. @returns whether it ended by itself and with exit code 0. */
  async close(timeoutMs: number): Promise<boolean> {
    if (this.#state === 'ended') return this.#endedWell;
    const wasReady = this.#state !== 'starting';
    this.#state = 'closing';
    await Promise.race([this.send({ type: 'close' }), this.#exited.promise]);
    const timer = setTimeout(() => {
      if (wasReady) this.#options.onNote(`the program did not end within ${timeoutMs} ms of the close line and was killed`);
      this.kill();
    }, timeoutMs);
    await this.#exited.promise;
    clearTimeout(timer);
    return this.#endedWell;
  }

  #hasRoom(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  #line(text: string): void {
    if (this.#state === 'ended') return;
    try {
      this.#take(this.#parse(text));
    } catch (error) {
      this.fail(isLeaderfallError(error) ? error : this.#breach(`its line ${shown(text)} was refused: ${describeError(error)}`));
    }
  }

  #parse(text: string): FromProgram {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.#breach(`it printed a line that is not JSON: ${shown(text)}`, `stdout is for the protocol alone: print everything else to stderr. See ${page}.`);
    }
    const parsed = fromProgram.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw this.#breach(`its line ${shown(text)} is wrong at ${issue!.path.join('.') || 'the top'}: ${issue!.message}`);
  }

  #take(line: FromProgram): void {
    if (line.type === 'note') this.#options.onNote(line.message);
    else if (line.type === 'error') this.fail(this.#failure('E_WORKER_DIED', `gave up: ${line.message}`, 'That is the program\'s own reason; its last lines on stderr are below.'));
    else if (line.type === 'ready') this.#isReady(line);
    else if (!(linesOfRole[this.#options.role] as readonly string[]).includes(line.type)) throw this.#breach(`a ${this.#options.role} does not say ${line.type}`);
    else this.#options.onLine(line);
  }

  #isReady({ protocol, client }: LineOf<'ready'>): void {
    if (protocol !== protocolVersion) throw this.#breach(`it speaks version ${protocol} of the protocol, this is version ${protocolVersion}`);
    if (this.#state !== 'starting') throw this.#breach('it said that it is ready for a second time');
    this.#state = 'ready';
    this.#options.onNote(`the program is ready: ${client}`);
    this.#ready.resolve();
  }

  #closed(how: string): void {
    this.#standardError.end();
    this.#endedWell = this.#state === 'closing' && how === 'exit code 0';
    if (this.#state === 'closing' && !this.#endedWell) this.#options.onNote(`the program ended with ${how} when it was told to close`);
    if (this.#state !== 'closing') this.fail(this.#failure('E_WORKER_DIED', `ended by itself (${how})`, `Its last lines on stderr say why; it must run until the close line or the end of its input. See ${page}.`));
    this.#state = 'ended';
    process.off('SIGTERM', this.#onTerminate);
    this.#exited.resolve();
    this.#hasRoom();
    this.#options.onEnd();
  }

  #notStarted(cause: Error): LeaderfallError {
    return this.#failure('E_SCENARIO_INVALID', `cannot be started in ${this.#options.spec.folder}`, `Check ${this.#options.role}.program.command: the executable is looked up in the scenario file's folder (with a slash in it) or in PATH. Examples have a setup.sh that has to run once.`, cause);
  }

  #breach(what: string, hint = `See ${page}.`): LeaderfallError {
    return this.#failure('E_WORKER_DIED', `broke the protocol: ${what}`, hint);
  }

  #failure(code: ErrorCode, what: string, hint: string, cause?: unknown): LeaderfallError {
    const { role, spec } = this.#options;
    const tail = this.#standardError.tail;
    const last = this.#standardError.last;
    return new LeaderfallError(code, redactText(`The ${role}'s program \`${spec.command.join(' ')}\` ${what}${last === null ? '' : `; last on stderr: ${last}`}`), {
      hint,
      ...(cause === undefined ? {} : { cause }),
      ...(tail === '' ? {} : { detail: `its last lines on stderr:\n${redactText(tail)}` }),
    });
  }
}

const shown = (text: string): string => (text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
