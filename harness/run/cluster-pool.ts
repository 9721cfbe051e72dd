// Scenarios with the same cluster spec share one cluster; at most one is up at a time.
import type { Cluster } from '../model/cluster.ts';
import { bounded, waitUntil } from '../model/wait.ts';
import type { ClusterSpec } from '../model/scenario.ts';
import { clusterKey } from '../scenario/families.ts';
import { loadBroker } from './brokers.ts';

const disposeMs = 20_000;
const healthMs = 60_000;

export interface PoolOptions {
  readonly suiteId: string;
  readonly keep: boolean;
  readonly onProgress: (message: string) => void;
}

export interface Acquired {
  readonly cluster: Cluster;
  /** False: it has served a scenario before. */
  readonly fresh: boolean;
}

export class ClusterPool implements AsyncDisposable {
  readonly #options: PoolOptions;
  #held: { readonly key: string; readonly cluster: Cluster } | null = null;
  /** A start that was interrupted goes on until it has cleaned up, or has a cluster that nobody wants any more. */
  #starting: Promise<void> = Promise.resolve();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** A healthy cluster of this spec, by `clusterKey`: the one at hand, or a new one after disposing of the one at hand. */
  async acquire(spec: ClusterSpec, signal: AbortSignal): Promise<Acquired> {
    const key = clusterKey(spec);
    if (this.#held?.key === key && (await this.#healthy(this.#held.cluster, signal))) return { cluster: this.#held.cluster, fresh: false };
    await this.discard();
    const cluster = this.#start(key, spec, signal);
    this.#starting = cluster.then(() => {}, () => {});
    return { cluster: await cluster, fresh: true };
  }

  /** The cluster at hand is not used again. */
  async discard(): Promise<void> {
    await bounded(this.#starting, 'ending a cluster that was being started', disposeMs);
    const held = this.#held;
    this.#held = null;
    if (held !== null) await bounded(Promise.resolve(held.cluster[Symbol.asyncDispose]()), 'removing the cluster', disposeMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.discard();
  }

  async #start(key: string, spec: ClusterSpec, signal: AbortSignal): Promise<Cluster> {
    const broker = await loadBroker(spec.broker);
    const { suiteId, keep, onProgress } = this.#options;
    const cluster = await broker.startCluster({ spec, runId: suiteId, keep, signal, onProgress });
    this.#held = { key, cluster };
    return cluster;
  }

  async #healthy(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
    const observe = async () => {
      const { healthy, detail } = await cluster.health(null, signal);
      return healthy ? ({ done: true, value: true } as const) : ({ done: false, seen: detail } as const);
    };
    return await waitUntil(observe, { describe: 'the shared cluster to be healthy', timeoutMs: healthMs, signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      this.#options.onProgress('The shared cluster is not healthy any more: starting a new one');
      return false;
    });
  }
}
