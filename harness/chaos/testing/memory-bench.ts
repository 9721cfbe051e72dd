// A real embedded cluster and a timeline in memory, for tests of watch and injector.
import { monotonicClock, seededPrng } from '../../model/clock.ts';
import type { Cluster, Destination } from '../../model/cluster.ts';
import type { TimelineDraft, TimelineType } from '../../model/timeline.ts';
import { waitUntil } from '../../model/wait.ts';
import type { ClientProcess } from '../../model/workload-control.ts';
import { LeaderWatch } from '../leader-watch.ts';
import { Injector } from '../injector.ts';

type Draft<Type extends TimelineType> = Extract<TimelineDraft, { type: Type }>;

export const never: AbortSignal = new AbortController().signal;

export class ChaosBench implements AsyncDisposable {
  readonly timeline: TimelineDraft[] = [];
  /** By role and number: `consumer 0`. */
  readonly clients = new Map<string, ClientProcess>();
  readonly watch: LeaderWatch;
  readonly injector: Injector;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, destination: Destination) {
    const { nowNs } = monotonicClock(String(process.hrtime.bigint()));
    const record = (draft: TimelineDraft): void => { this.timeline.push(draft); };
    this.#cluster = cluster;
    this.watch = new LeaderWatch(cluster, destination, record, nowNs);
    this.injector = new Injector({ cluster, destination, prng: seededPrng('bench'), watch: this.watch, client: (role, index) => this.clients.get(`${role} ${index}`) ?? null, prefetch: 5, record, nowNs });
  }

  of<Type extends TimelineType>(type: Type): readonly Draft<Type>[] {
    return this.timeline.filter((entry): entry is Draft<Type> => entry.type === type);
  }

  /** `trigger`, `begin`, `struck`, …, in their order. */
  get edges(): readonly string[] {
    return this.of('fault').map(({ id, edge }) => `${id} ${edge}`);
  }

  async until(holds: () => boolean | Promise<boolean>, describe: string): Promise<void> {
    await waitUntil(async () => ((await holds()) ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(this.timeline.at(-1)) }), { describe, timeoutMs: 10_000, intervalMs: 10, signal: never });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.injector.end();
    await this.watch[Symbol.asyncDispose]();
    await this.#cluster[Symbol.asyncDispose]();
  }
}
