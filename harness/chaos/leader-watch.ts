// Follows leaders, replicas and nodes all the time, so that a fault never waits for an admin tool and its effect is on record.
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Destination, NodeId, PartitionTopology, Topology } from '../model/cluster.ts';
import type { TimelineDraft } from '../model/timeline.ts';

const pollEveryMs = 200;
const pollTimeoutMs = 2_000;

export interface Sample {
  readonly topology: Topology;
  /** Nanoseconds since the run began, when the answer was asked for. */
  readonly askedNs: number;
}

export class LeaderWatch implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #destination: Destination;
  readonly #record: (draft: TimelineDraft) => void;
  readonly #nowNs: () => number;
  readonly #ended = new AbortController();
  #latest: Sample | null = null;
  #listeners = new Set<(sample: Sample) => void>();
  #polling: Promise<void> = Promise.resolve();

  constructor(cluster: Cluster, destination: Destination, record: (draft: TimelineDraft) => void, nowNs: () => number) {
    this.#cluster = cluster;
    this.#destination = destination;
    this.#record = record;
    this.#nowNs = nowNs;
  }

  /** Takes the first sample and goes on polling. */
  async start(): Promise<void> {
    await this.refresh();
    this.#polling = this.#poll();
  }

  get latest(): Sample | null {
    return this.#latest;
  }

  partition(index: number): PartitionTopology | null {
    return this.#latest?.topology.partitions.find(({ partition }) => partition === index) ?? null;
  }

  /** Asks now. A broker that does not answer leaves the last sample as it is. */
  async refresh(): Promise<void> {
    const askedNs = this.#nowNs();
    try {
      const topology = await this.#cluster.topology(this.#destination, AbortSignal.timeout(pollTimeoutMs));
      // Two looks can be under way at once: an answer that comes late is history already.
      if (this.#latest !== null && this.#latest.askedNs > askedNs) return;
      this.#compare(this.#latest?.topology ?? null, topology);
      this.#latest = { topology, askedNs };
      for (const listener of this.#listeners) listener(this.#latest);
    } catch {
      // Expected while a leader is dead: the next answer tells what happened meanwhile.
    }
  }

  /** The first sample asked for after `sinceNs` that fulfils the condition; null when the signal aborts first. */
  async next(sinceNs: number, condition: (sample: Sample) => boolean, signal: AbortSignal): Promise<Sample | null> {
    return await new Promise((resolve) => {
      const finish = (sample: Sample | null) => {
        this.#listeners.delete(look);
        resolve(sample);
      };
      const look = (sample: Sample) => { if (sample.askedNs > sinceNs && condition(sample)) finish(sample); };
      this.#listeners.add(look);
      signal.addEventListener('abort', () => finish(null), { once: true });
      if (signal.aborted) finish(null);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#polling;
  }

  async #poll(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await delay(pollEveryMs, undefined, { signal: this.#ended.signal }).catch(() => {});
      if (!this.#ended.signal.aborted) await this.refresh();
    }
  }

  #compare(before: Topology | null, now: Topology): void {
    if (before?.controller !== now.controller) this.#record({ type: 'controller', node: now.controller });
    for (const { partition, leader, epoch, inSync } of now.partitions) {
      const old = before?.partitions.find((candidate) => candidate.partition === partition);
      if (old === undefined || old.leader !== leader || old.epoch !== epoch) this.#record({ type: 'leader', partition, from: old?.leader ?? null, to: leader, epoch });
      if (old === undefined || !sameNodes(old.inSync, inSync)) this.#record({ type: 'in-sync', partition, nodes: inSync });
    }
  }
}

const sameNodes = (a: readonly NodeId[], b: readonly NodeId[]) => a.length === b.length && a.every((node) => b.includes(node));
