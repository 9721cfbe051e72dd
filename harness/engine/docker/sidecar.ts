// A container that shares a node's network, so that rules can be set there whatever the node's own image brings.
// A restarted node has a new network namespace: a sidecar is used only while the node is the one that it joined.
import type Dockerode from 'dockerode';
import type { ExecOptions, ExecResult } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { execInContainer } from './container-output.ts';
import { engineCall } from './engine-call.ts';
import type { Labels } from '../owner.ts';
import { removeContainer } from './remove.ts';

export interface SidecarOptions {
  readonly docker: Dockerode;
  readonly node: Dockerode.Container;
  readonly nodeId: string;
  /** Container names must be unique on the engine; a number is added for each new sidecar. */
  readonly namePrefix: string;
  readonly labels: Labels;
  /** The nettools image; asked only when a sidecar is made. */
  readonly image: (signal: AbortSignal) => Promise<string>;
}

interface Joined {
  readonly container: Dockerode.Container;
  /** The node's incarnation that it joined. */
  readonly incarnation: string;
}

const joinTimeoutMs = 20_000;

export class Sidecar {
  readonly #options: SidecarOptions;
  #joined: Joined | undefined;
  /** One at a time looks after the sidecar, so that there is never more than one. */
  #turn: Promise<unknown> = Promise.resolve();
  #made = 0;
  #closed = false;

  constructor(options: SidecarOptions) {
    this.#options = options;
  }

  /**
   * Runs a command in the node's current network namespace.
   * @throws LeaderfallError `E_NODE_FAILED` when the node does not run, `E_CAPABILITY` when no sidecar can be had.
   */
  async exec(command: readonly string[], options: ExecOptions): Promise<ExecResult> {
    const { container } = await this.prepare(options.signal);
    return execInContainer(this.#options.docker, container, command, options);
  }

  /** Makes the sidecar of the node's current incarnation unless it is there. */
  prepare(signal: AbortSignal): Promise<Joined> {
    const mine = this.#turn.then(() => this.#ensure(signal));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** After a start of the node: if there was a sidecar, make its successor in the background, so that the next fault need not wait. */
  renew(signal: AbortSignal): void {
    if (this.#made === 0) return;
    // A failure here is not lost: the next `exec` makes the sidecar again and reports it.
    this.prepare(signal).catch(() => {});
  }

  /** Makes no more and waits for what is under way; removing is the fleet's. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }

  async #ensure(signal: AbortSignal): Promise<Joined> {
    const old = this.#joined;
    if (old?.incarnation === (await this.#incarnation(signal))) return old;
    this.#joined = undefined;
    if (old) await removeContainer(old.container, signal);
    this.#joined = await this.#join(signal);
    return this.#joined;
  }

  async #join(signal: AbortSignal): Promise<Joined> {
    const { nodeId, docker } = this.#options;
    if (this.#closed) throw new LeaderfallError('E_CAPABILITY', `${nodeId} is being removed; it gets no sidecar any more.`);
    const image = await this.#options.image(signal);
    const before = await this.#incarnation(signal);
    const container = await engineCall({ describe: `make a sidecar for ${nodeId}`, signal, timeoutMs: joinTimeoutMs, code: 'E_CAPABILITY' },
      (abortSignal) => docker.createContainer(this.#createOptions(image, abortSignal)));
    try {
      await engineCall({ describe: `start the sidecar of ${nodeId}`, signal, timeoutMs: joinTimeoutMs, code: 'E_CAPABILITY' },
        (abortSignal) => container.start({ abortSignal }));
      const after = await this.#incarnation(signal);
      if (before !== after) throw new LeaderfallError('E_NODE_FAILED', `${nodeId} was restarted while its sidecar joined it.`);
      return { container, incarnation: after };
    } catch (error) {
      await removeContainer(container, AbortSignal.timeout(joinTimeoutMs)).catch(() => {});
      throw error;
    }
  }

  #createOptions(image: string, abortSignal: AbortSignal): Dockerode.ContainerCreateOptions {
    const { node, namePrefix, labels } = this.#options;
    this.#made += 1;
    return {
      name: `${namePrefix}-net-${this.#made}`,
      Image: image,
      Labels: { ...labels },
      HostConfig: { NetworkMode: `container:${node.id}`, CapAdd: ['NET_ADMIN', 'NET_RAW'], Memory: 64 * 1024 * 1024 },
      abortSignal,
    };
  }

  async #incarnation(signal: AbortSignal): Promise<string> {
    const { node, nodeId } = this.#options;
    const { State: state } = await engineCall({ describe: `inspect ${nodeId}`, signal }, (abortSignal) => node.inspect({ abortSignal }));
    if (state.Pid === 0) throw new LeaderfallError('E_NODE_FAILED', `${nodeId} does not run (${state.Status}), so it has no network to act on.`);
    return `${state.Pid} ${state.StartedAt}`;
  }
}
