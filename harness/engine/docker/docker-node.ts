// A broker process in a container. Faults act on the raw engine handle: Testcontainers' own stop and restart remove data.
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import pRetry from 'p-retry';
import type { ClientLink, ExecOptions, ExecResult, LogOptions, Node, NodeDisk, NodeState, NodeStatus } from '../../model/cluster.ts';
import { execInContainer, lastLines, openLog } from './container-output.ts';
import { engineCall, engineMessage, engineStatus, unlessAlready } from './engine-call.ts';
import { reaped } from './first-process.ts';
import type { Sidecar } from './sidecar.ts';
import type { Disk } from './storage/disk.ts';

export interface DockerNodeOptions {
  readonly docker: Dockerode;
  readonly container: Dockerode.Container;
  readonly id: string;
  readonly address: string;
  readonly endpoint: string;
  readonly sidecar: Sidecar;
  readonly disk: Disk | null;
  /** null: clients come to it without a proxy. */
  readonly clientLink: ClientLink | null;
  readonly directEndpoint: string;
  /** Ends background work of the node when its fleet goes. */
  readonly fleetSignal: AbortSignal;
}

/** How long a node may take to end by itself after SIGTERM before it is killed. */
const stopGraceMs = 20_000;

export class DockerNode implements Node {
  readonly id: string;
  readonly address: string;
  readonly endpoint: string;
  readonly directEndpoint: string;
  readonly disk?: NodeDisk;
  readonly clientLink?: ClientLink;
  readonly #options: DockerNodeOptions;
  /** What the engine still tidies up after a kill. */
  #tidied: Promise<unknown> = Promise.resolve();

  constructor(options: DockerNodeOptions) {
    this.id = options.id;
    this.address = options.address;
    this.endpoint = options.endpoint;
    this.directEndpoint = options.directEndpoint;
    if (options.disk !== null) this.disk = options.disk;
    if (options.clientLink !== null) this.clientLink = options.clientLink;
    this.#options = options;
  }

  /** The engine's id, for a person who wants to look inside. */
  get containerId(): string {
    return this.#options.container.id;
  }

  /** Dead is when its processes are gone, a quarter of a second before the engine says so; what asks the engine about it next waits for that. */
  async kill(signal: AbortSignal): Promise<void> {
    const { pid } = await this.state(signal);
    const looking = new AbortController();
    const ended = this.#killInEngine(signal).finally(() => looking.abort());
    this.#tidied = ended.catch(() => {});
    await Promise.race([ended, reaped({ pid, containerId: this.containerId }, looking.signal)]);
  }

  async #killInEngine(signal: AbortSignal): Promise<void> {
    const { container } = this.#options;
    await unlessAlready([409], /not running/i, () => this.#callAtOnce('kill', signal, (abortSignal) => container.kill({ signal: 'SIGKILL', abortSignal })));
    await this.#callAtOnce('see the end of', signal, (abortSignal) => container.wait({ condition: 'not-running', abortSignal }));
  }

  async stop(signal: AbortSignal): Promise<void> {
    const { container } = this.#options;
    await unlessAlready([304], /already/i, () =>
      this.#call('stop', signal, (abortSignal) => container.stop({ t: stopGraceMs / 1000, abortSignal }), stopGraceMs + 10_000));
  }

  async start(signal: AbortSignal): Promise<void> {
    const { container, sidecar, fleetSignal } = this.#options;
    await unlessAlready([304], /already/i, () => this.#call('start', signal, (abortSignal) => container.start({ abortSignal })));
    sidecar.renew(fleetSignal);
  }

  async pause(signal: AbortSignal): Promise<void> {
    const { container } = this.#options;
    const freeze = () => unlessAlready([409, 500], /already paused/i, () => this.#call('pause', signal, (abortSignal) => container.pause({ abortSignal })));
    // A kernel that is busy may not get every thread to halt in time; the engine then thaws those that did, and nothing has happened.
    await pRetry(freeze, { retries: 4, minTimeout: 100, signal, shouldRetry: ({ error }) => /unable to freeze/.test(engineMessage(error)) });
  }

  async unpause(signal: AbortSignal): Promise<void> {
    const { container } = this.#options;
    await unlessAlready([409, 500], /not paused/i, () => this.#call('unpause', signal, (abortSignal) => container.unpause({ abortSignal })));
  }

  async state(signal: AbortSignal): Promise<NodeState> {
    const { container } = this.#options;
    try {
      const { State: state } = await this.#call('inspect', signal, (abortSignal) => container.inspect({ abortSignal }));
      const status = nodeStatus(state.Status);
      return { status, pid: state.Pid, startedAt: state.StartedAt, exitCode: status === 'exited' ? state.ExitCode : null };
    } catch (error) {
      if (engineStatus(error) !== 404) throw error;
      return { status: 'absent', pid: 0, startedAt: '', exitCode: null };
    }
  }

  async exec(command: readonly string[], options: ExecOptions): Promise<ExecResult> {
    await this.#untilTidied(options.signal);
    return await execInContainer(this.#options.docker, this.#options.container, command, options);
  }

  async netExec(command: readonly string[], options: ExecOptions): Promise<ExecResult> {
    await this.#untilTidied(options.signal);
    return await this.#options.sidecar.exec(command, options);
  }

  /** Makes the sidecar ahead, so that `netExec` need not. */
  async prepareSidecar(signal: AbortSignal): Promise<void> {
    await this.#untilTidied(signal);
    await this.#options.sidecar.prepare(signal);
  }

  lastLogLines(count: number): Promise<string> {
    return lastLines(this.#options.container, count, this.#options.fleetSignal);
  }

  log({ stamped, signal }: LogOptions): Promise<Readable> {
    const { docker, container, fleetSignal } = this.#options;
    return openLog(docker, container, { stamped, signal: AbortSignal.any([signal, fleetSignal]) });
  }

  /** Until then the engine takes the dead for running. */
  async #untilTidied(signal: AbortSignal): Promise<void> {
    await this.#callAtOnce('see the end of', signal, () => this.#tidied);
  }

  async #call<T>(verb: string, signal: AbortSignal, call: (abortSignal: AbortSignal) => Promise<T>, timeoutMs?: number): Promise<T> {
    await this.#untilTidied(signal);
    return await this.#callAtOnce(verb, signal, call, timeoutMs);
  }

  #callAtOnce<T>(verb: string, signal: AbortSignal, call: (abortSignal: AbortSignal) => Promise<T>, timeoutMs = 30_000): Promise<T> {
    return engineCall({ describe: `${verb} ${this.id}`, signal, timeoutMs }, call);
  }
}

function nodeStatus(status: string): NodeStatus {
  switch (status) {
    case 'running':
    case 'paused': return status;
    case 'removing': return 'absent';
    default: return 'exited';
  }
}
