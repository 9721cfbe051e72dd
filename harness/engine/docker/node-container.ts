// A Testcontainers container for one broker node: one network, one fixed address, one fixed port, no wait of its own.
import type { HostConfig } from 'dockerode';
import { GenericContainer, PullPolicy, StartupCheckStrategy } from 'testcontainers';

/** "Running" is enough here: the broker's room judges readiness, and the default check costs about 110 ms of commands inside. */
class NoWait extends StartupCheckStrategy {
  override async checkStartupState(): Promise<'SUCCESS'> {
    return 'SUCCESS';
  }
}

export interface NetworkPlace {
  readonly networkName: string;
  readonly address: string;
  /** The name under which other nodes find it. */
  readonly alias: string;
}

export class NodeContainer extends GenericContainer {
  /** Set as soon as the engine has made it, so that a failed start can be cleaned up. */
  createdId: string | undefined;
  /** Told the id before the container starts. */
  onCreated: (containerId: string) => void = () => {};
  readonly #signal: AbortSignal;

  constructor(image: string, signal: AbortSignal) {
    super(image);
    this.#signal = signal;
    this.withPullPolicy(PullPolicy.neverPull());
    this.withWaitStrategy(new NoWait());
    this.withDefaultLogDriver();
  }

  /**
   * Testcontainers has no public way to give an address, and its aliases put a container on two networks, where a network fault would
   * have no clear meaning. The engine's create request takes both for the one network.
   */
  withPlace(place: NetworkPlace): this {
    this.withNetworkMode(place.networkName);
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [place.networkName]: { IPAMConfig: { IPv4Address: place.address }, Aliases: [place.alias] } },
    };
    return this;
  }

  withPublishedPort(containerPort: number, hostPort: number, hostAddress: string): this {
    this.withExposedPorts({ container: containerPort, host: hostPort });
    const bindings = this.hostConfig.PortBindings as Record<string, { HostIp?: string; HostPort: string }[]>;
    for (const binding of bindings[`${containerPort}/tcp`] ?? []) binding.HostIp = hostAddress;
    return this;
  }

  withMemoryMiB(memoryMiB: number): this {
    const bytes = memoryMiB * 1024 * 1024;
    // No swap beyond it: a broker that swaps shows timings of the disk, not of the fault.
    Object.assign(this.hostConfig, { Memory: bytes, MemorySwap: bytes } satisfies HostConfig);
    return this;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.#signal.throwIfAborted();
  }

  protected override async containerCreated(containerId: string): Promise<void> {
    this.createdId = containerId;
    this.#signal.throwIfAborted();
    this.onCreated(containerId);
  }
}
