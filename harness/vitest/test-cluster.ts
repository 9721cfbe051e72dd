// The fixture `cluster`: a running cluster for a test's own clients, with leaders to find and nodes to strike.
import type { BrokerName, Cluster, Destination, Node, NodeStatus } from '../model/cluster.ts';
import type { DestinationSpec, Scenario } from '../model/scenario.ts';
import { waitUntil } from '../model/wait.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import type { ScenarioInputOf } from '../scenario/input.ts';
import type { SharedClusters } from './shared-clusters.ts';
import type { TestLife } from './test-life.ts';
import { limitTime, requireTime } from './time-limit.ts';
import { toldWhole } from './told-whole.ts';

/** As in a scenario: `{ broker: 'kafka', version: '4.1', nodes: 3, properties: { … } }`. Only `broker` is required. */
export type ClusterInput<Name extends BrokerName = BrokerName> = ScenarioInputOf<Name>['cluster'];

/** @throws environment errors: no engine, no image, a node that never becomes ready. `E_SCENARIO_INVALID`, `E_CONTRADICTION` for a cluster that cannot be. */
export type StartCluster = <Name extends BrokerName>(input: ClusterInput<Name>) => Promise<TestCluster<Name>>;

export interface LeaderOptions {
  /** Default 0, the only one of a queue. */
  readonly partition?: number;
  /** Waits until another node than this one leads. */
  readonly not?: TestNode;
}

/** Everything that was struck is healed when the test ends, and the destinations that it made are deleted; the cluster stays for the next test. */
export interface TestCluster<Name extends BrokerName = BrokerName> {
  readonly broker: Name;
  readonly version: string;
  /** One a node: `host:port` (for Kafka the bootstrap servers), for the embedded broker the path of its socket. */
  readonly endpoints: readonly string[];
  readonly nodes: readonly TestNode[];
  /** A fresh topic or queue with a name of its own; the fields are those of a scenario's `destination`. */
  destination(input?: NonNullable<ScenarioInputOf<Name>['destination']>): Promise<Destination>;
  /** The node that leads, by the broker's own view; waits for one at most 30 s. @throws `E_TIMEOUT`. */
  leader(destination: Destination, options?: LeaderOptions): Promise<TestNode>;
  /** Starts and unpauses what was struck, and waits at most 60 s until every replica is back. */
  heal(): Promise<void>;
}

export interface TestNode {
  readonly id: string;
  readonly endpoint: string;
  /** SIGKILL; resolves once it is dead. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL where that is not enough. */
  stop(): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** With its data. Does not wait until it is ready: `cluster.heal()` does. */
  start(): Promise<void>;
  status(): Promise<NodeStatus>;
}

const leaderMs = 30_000;
const healMs = 60_000;
const deleteMs = 10_000;

export function makeStartCluster(clusters: SharedClusters, test: TestLife): StartCluster {
  const start: StartCluster = async <Name extends BrokerName>(input: ClusterInput<Name>): Promise<TestCluster<Name>> => {
    const scenario = scenarioFor(input, undefined);
    const { broker } = scenario.cluster;
    requireTime(test.timeoutMs, broker, 'A cluster');
    using limit = limitTime(test.timeoutMs, test.startedAt, broker, () => `the cluster of ${broker} ${scenario.cluster.version} was starting`);
    const signal = AbortSignal.any([test.signal, limit.signal]);
    const started = clusters.use(scenario.cluster, signal, async (pool) => (await pool.acquire(scenario.cluster, signal)).cluster);
    const cluster = await test.during({ result: started, ended: started });
    const handle = new HeldCluster(cluster, test.signal, (destination) => scenarioFor(input, destination).destination);
    const hold = clusters.hold(scenario.cluster);
    test.atEnd(async () => {
      hold[Symbol.dispose]();
      if (!(await handle.restore())) await clusters.use(scenario.cluster, AbortSignal.timeout(healMs), (pool) => pool.discard());
    });
    return handle as unknown as TestCluster<Name>;
  };
  return (input) => toldWhole(() => start(input));
}

/** A cluster or destination is checked, and gets its defaults, exactly as in a scenario, so that both share one cluster. */
function scenarioFor<Name extends BrokerName>(cluster: ClusterInput<Name>, destination: object | undefined): Scenario {
  const input = { name: 'vitest/cluster', cluster, ...(destination === undefined ? {} : { destination }), steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'allowed' } };
  return defineScenario(input as unknown as ScenarioInputOf<Name>);
}

class HeldCluster implements Omit<TestCluster, 'destination'> {
  readonly broker: BrokerName;
  readonly version: string;
  readonly endpoints: readonly string[];
  readonly nodes: readonly HeldNode[];
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal;
  readonly #complete: (destination: object) => DestinationSpec;
  readonly #made: Destination[] = [];

  constructor(cluster: Cluster, signal: AbortSignal, complete: (destination: object) => DestinationSpec) {
    this.#cluster = cluster;
    this.#signal = signal;
    this.#complete = complete;
    this.broker = cluster.broker;
    this.version = cluster.version;
    this.nodes = cluster.nodes.map((node) => new HeldNode(node, signal));
    this.endpoints = this.nodes.map(({ endpoint }) => endpoint);
  }

  async destination(input: object = {}): Promise<Destination> {
    const destination = await this.#cluster.createDestination({ name: freshName(), ...this.#complete(input) }, this.#signal);
    this.#made.push(destination);
    return destination;
  }

  async leader(destination: Destination, { partition = 0, not }: LeaderOptions = {}): Promise<TestNode> {
    const observe = async () => {
      const { partitions } = await this.#cluster.topology(destination, this.#signal);
      const leader = partitions.find((candidate) => candidate.partition === partition)?.leader ?? null;
      const node = this.nodes.find(({ id }) => id === leader);
      return node !== undefined && node.id !== not?.id ? ({ done: true, value: node } as const) : ({ done: false, seen: leader === null ? 'no leader' : `${leader} leads` } as const);
    };
    const describe = `a leader of ${destination.name}/${partition}${not === undefined ? '' : ` other than ${not.id}`}`;
    return await waitUntil(observe, { describe, timeoutMs: leaderMs, signal: this.#signal });
  }

  async heal(): Promise<void> {
    await this.#healWithin(this.#signal);
  }

  /** False where it cannot be brought back. What it made goes either way. */
  async restore(): Promise<boolean> {
    const bound = AbortSignal.timeout(healMs);
    const healed = await this.#healWithin(bound).then(() => true, () => false);
    if (healed) for (const destination of this.#made) await this.#cluster.deleteDestination(destination, AbortSignal.timeout(deleteMs)).catch(() => {});
    return healed;
  }

  async #healWithin(signal: AbortSignal): Promise<void> {
    await this.#cluster.heal(signal);
    const observe = async () => {
      const unhealthy = [];
      for (const destination of [null, ...this.#made]) {
        const { healthy, detail } = await this.#cluster.health(destination, signal);
        if (!healthy) unhealthy.push(detail);
      }
      return unhealthy.length === 0 ? ({ done: true, value: undefined } as const) : ({ done: false, seen: unhealthy.join('; ') } as const);
    };
    await waitUntil(observe, { describe: 'every replica to be back', timeoutMs: healMs, signal });
  }
}

/** Its operations end with the test. */
class HeldNode implements TestNode {
  readonly id: string;
  readonly endpoint: string;
  readonly #node: Node;
  readonly #signal: AbortSignal;

  constructor(node: Node, signal: AbortSignal) {
    this.id = node.id;
    this.endpoint = node.endpoint;
    this.#node = node;
    this.#signal = signal;
  }

  kill(): Promise<void> {
    return this.#node.kill(this.#signal);
  }

  stop(): Promise<void> {
    return this.#node.stop(this.#signal);
  }

  pause(): Promise<void> {
    return this.#node.pause(this.#signal);
  }

  unpause(): Promise<void> {
    return this.#node.unpause(this.#signal);
  }

  start(): Promise<void> {
    return this.#node.start(this.#signal);
  }

  async status(): Promise<NodeStatus> {
    return (await this.#node.state(this.#signal)).status;
  }
}

let made = 0;
/** Unique among the workers of a machine as well as in this one. */
function freshName(): string {
  made += 1;
  return `leaderfall-vitest-${process.pid}-${made}`;
}
