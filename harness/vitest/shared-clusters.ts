// The clusters of one Vitest worker: tests with the same cluster spec share one, at most one is up at a time, none is left at the end.
import type { ClusterSpec } from '../model/scenario.ts';
import { LeaderfallError } from '../model/errors.ts';
import { ClusterPool } from '../run/cluster-pool.ts';
import { clusterKey } from '../scenario/families.ts';
import { startJanitor, type Janitor } from './start-janitor.ts';

export class SharedClusters implements AsyncDisposable {
  readonly #pool = new ClusterPool({ suiteId: `vitest-${process.pid}`, keep: false, onProgress: () => {} });
  /** Specs of clusters that tests hold in their hands now. */
  readonly #held: ClusterSpec[] = [];
  #janitor: Janitor | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Waits for its turn: runs of one worker never overlap, for they would spoil each other's numbers.
   * @throws `E_USAGE` where another cluster is in a test's hands.
   */
  use<T>(spec: ClusterSpec, signal: AbortSignal, work: (pool: ClusterPool) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      signal.throwIfAborted();
      this.#refuseSecond(spec);
      this.#janitor ??= startJanitor();
      return await work(this.#pool);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Until it is disposed of, no cluster of another spec takes this one's place. */
  hold(spec: ClusterSpec): Disposable {
    this.#held.push(spec);
    return { [Symbol.dispose]: () => { this.#held.splice(this.#held.indexOf(spec), 1); } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#pool[Symbol.asyncDispose]();
    this.#janitor?.dismiss();
  }

  #refuseSecond(spec: ClusterSpec): void {
    const key = clusterKey(spec);
    const other = this.#held.find((held) => clusterKey(held) !== key);
    if (other === undefined) return;
    throw new LeaderfallError('E_USAGE', `A test holds a cluster already (${describeSpec(other)}); one of another kind (${describeSpec(spec)}) cannot start beside it`, {
      hint: 'At most one cluster is up at a time: use one cluster in a test, and no concurrent tests with different ones.',
    });
  }
}

const describeSpec = ({ broker, version, nodes }: ClusterSpec): string => `${nodes} × ${broker} ${version}`;
