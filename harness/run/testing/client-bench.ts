// Real workers on a real embedded broker, with faults at hand and the events read back as they were recorded: no conductor, no checkers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryCluster } from '../../brokers/memory/cluster.ts';
import { Injector } from '../../chaos/injector.ts';
import { LeaderWatch } from '../../chaos/leader-watch.ts';
import { openHistory } from '../../history/open-history.ts';
import { sealHistory, type Sealed } from '../../history/seal.ts';
import { runFiles } from '../../history/segment-format.ts';
import { monotonicClock, seededPrng } from '../../model/clock.ts';
import type { Destination } from '../../model/cluster.ts';
import { eventNames, type EventName } from '../../model/event.ts';
import type { Step } from '../../model/scenario.ts';
import type { TimelineDraft, TimelineType } from '../../model/timeline.ts';
import { waitUntil } from '../../model/wait.ts';
import { defineScenario } from '../../scenario/define-scenario.ts';
import type { ScenarioInput } from '../../scenario/input.ts';
import { makePlan } from '../../scenario/plan.ts';
import { FaultMarks } from '../fault-marks.ts';
import { Workforce } from '../workforce.ts';

type MemoryInput = Extract<ScenarioInput, { readonly cluster: { readonly broker: 'memory' } }>;
type Inject = Extract<Step, { kind: 'inject' }>;
type Draft<Type extends TimelineType> = Extract<TimelineDraft, { type: Type }>;

export const never: AbortSignal = new AbortController().signal;

export interface Recorded {
  readonly kind: EventName;
  readonly worker: string;
  /** `producer:sequence`. */
  readonly id: string;
  readonly partition: number;
  /** Offset, or how many sequences were reserved. */
  readonly offset: number;
}

export class ClientBench implements AsyncDisposable {
  readonly timeline: TimelineDraft[] = [];
  readonly cluster: MemoryCluster;
  readonly workforce: Workforce;
  readonly watch: LeaderWatch;
  readonly injector: Injector;
  readonly nowNs: () => number;
  readonly marks: FaultMarks;
  readonly #folder = mkdtempSync(join(tmpdir(), 'leaderfall-clients-'));
  readonly #destination: Destination;

  private constructor(cluster: MemoryCluster, destination: Destination, input: Partial<MemoryInput>) {
    const scenario = defineScenario<'memory'>({ name: 'memory/clients', cluster: { broker: 'memory' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' }, ...input });
    const plan = makePlan({ scenario, seed: 'clients', repetition: 1, createdAt: '2026-01-01T00:00:00.000Z' });
    const originNs = String(process.hrtime.bigint());
    const { nowNs } = monotonicClock(originNs);
    this.marks = new FaultMarks(() => ({ counters: this.workforce.counters, timeNs: nowNs() }));
    const record = (draft: TimelineDraft): void => {
      this.timeline.push(draft);
      this.marks.note(draft);
    };
    writeFileSync(runFiles(this.#folder).plan, JSON.stringify(plan));
    writeFileSync(runFiles(this.#folder).timeline, '');
    this.cluster = cluster;
    this.#destination = destination;
    this.nowNs = nowNs;
    this.workforce = new Workforce({
      record,
      setupOf: (role, index) => ({
        name: `${role}-${index}`, role, index, segments: runFiles(this.#folder).segments, runTag: plan.runTag, originNs, wallOriginMs: 0, connection: cluster.connection(), destination,
        destinationSpec: scenario.destination, leader: null, producer: scenario.producer, consumer: scenario.consumer, payloadBytes: 32, stalled: false,
      }),
    });
    this.watch = new LeaderWatch(cluster, destination, record, nowNs);
    this.injector = new Injector({ cluster, destination, prng: seededPrng('bench'), watch: this.watch, client: (role, index) => this.workforce.client(role, index), prefetch: scenario.consumer.prefetch, record, nowNs });
  }

  /** One producer and one consumer, connected, and no traffic yet. */
  static async open(input: Partial<MemoryInput> = {}): Promise<ClientBench> {
    const cluster = await MemoryCluster.start({ spec: { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} }, runId: 'clients', keep: false, signal: never, onProgress: () => {} });
    const destination = await cluster.createDestination({ name: 'orders', partitions: 1, settings: { answer: input.destination?.answer ?? 'on-accept' } });
    const bench = new ClientBench(cluster, destination, input);
    await bench.watch.start();
    await Promise.all([bench.workforce.start('producer', 1, never), bench.workforce.start('consumer', 1, never)]);
    return bench;
  }

  of<Type extends TimelineType>(type: Type): readonly Draft<Type>[] {
    return this.timeline.filter((entry): entry is Draft<Type> => entry.type === type);
  }

  /** `producer-0 started`, … in their order. */
  get lives(): readonly string[] {
    return this.of('worker').map(({ worker, edge }) => `${worker} ${edge}`);
  }

  inject(fault: Inject['fault'], target: Omit<Extract<Inject['target'], { role: 'client' }>, 'role'>, parameters: Inject['parameters'] = {}): Promise<void> {
    return this.injector.inject({ kind: 'inject', fault, id: fault, target: { role: 'client', ...target }, parameters }, never);
  }

  async until(holds: () => boolean | Promise<boolean>, describe: string): Promise<void> {
    await waitUntil(async () => ((await holds()) ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(this.workforce.counters) }), { describe, timeoutMs: 30_000, intervalMs: 10, signal: never });
  }

  /** Producers stop, consumers get all that is owed and stop; then everything that was recorded, in the order of each worker. */
  async finish(): Promise<{ readonly events: readonly Recorded[]; readonly sealed: Sealed }> {
    await this.workforce.stop('producer', 5_000);
    await this.until(async () => (await this.cluster.drained(this.#destination, never)).done && this.workforce.held === 0, 'the consumers to have everything');
    await this.workforce.stop('consumer', 5_000);
    const sealed = sealHistory(this.#folder, 'queue', this.workforce.names, this.workforce.killed);
    return { events: await this.#read(), sealed };
  }

  async #read(): Promise<readonly Recorded[]> {
    const history = await openHistory(this.#folder, () => 'queue');
    const events: Recorded[] = [];
    const audience = new Set(['delivered', 'redelivered', 'processed', 'settled', 'rejected', 'requeued']);
    for await (const { length, kind, producer, sequence, partition, offset, actor } of history.batches()) {
      for (let row = 0; row < length; row++) {
        const name = eventNames[kind[row]!]!;
        events.push({ kind: name, worker: `${audience.has(name) ? 'consumer' : 'producer'}-${actor[row]}`, id: `${producer[row]}:${sequence[row]}`, partition: partition[row]!, offset: offset[row]! });
      }
    }
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.injector.end();
    await this.watch[Symbol.asyncDispose]();
    await this.workforce[Symbol.asyncDispose]();
    await this.cluster[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Ids of the events of a kind, of one worker or of all. */
export function idsOf(events: readonly Recorded[], kind: EventName, worker?: string): readonly string[] {
  return events.filter((event) => event.kind === kind && (worker === undefined || event.worker === worker)).map(({ id }) => id);
}

/** What is in the first and not in the second, each once. */
export const without = (ids: readonly string[], others: readonly string[]): readonly string[] => {
  const known = new Set(others);
  return [...new Set(ids)].filter((id) => !known.has(id)).sort();
};

/** What is there more than once. */
export const repeated = (ids: readonly string[]): readonly string[] => [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].sort();
