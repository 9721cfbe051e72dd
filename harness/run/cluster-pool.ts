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
  #held: { readonly key: string; readonly cluster: Cluster; retired: boolean } | null = null;
  /** A start that was interrupted goes on until it has cleaned up, or has a cluster that nobody wants any more. */
  #starting: Promise<void> = Promise.resolve();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** A healthy cluster of this spec, by `clusterKey`: the one at hand, or a new one after disposing of the one at hand. */
  async acquire(spec: ClusterSpec, signal: AbortSignal): Promise<Acquired> {
    const key = clusterKey(spec);
    const held = this.#held;
    if (held?.key === key && !held.retired && (await this.#healthy(held.cluster, signal))) return { cluster: held.cluster, fresh: false };
    await this.discard();
    const cluster = this.#start(key, spec, signal);
    this.#starting = cluster.then(() => {}, () => {});
    return { cluster: await cluster, fresh: true };
  }

  /** Is not handed out again, and stays up until it is discarded: its logs are still to be read. */
  retire(cluster: Cluster): void {
    if (this.#held?.cluster === cluster) this.#held.retired = true;
  }

  /** Removes the cluster at hand; with `only` given, just where that is the one at hand: another may have taken its place meanwhile. */
  async discard(only: Cluster | null = null): Promise<void> {
    await bounded(this.#starting, 'ending a cluster that was being started', disposeMs);
    const held = this.#held;
    if (only !== null && held?.cluster !== only) return;
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
    this.#held = { key, cluster, retired: false };
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
