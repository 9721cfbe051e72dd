// What each fault did: whom it exposed, when it showed, how long until messages were taken again, and what the replicas were up to; partition by partition.
import type { Exposure, FaultFact, PartitionAvailability, UnavailableWindow } from '../model/facts.ts';
import { isPlayedOut } from '../model/fault-parameters.ts';
import type { Scenario } from '../model/scenario.ts';
import { shortestGapNs, type Availability } from './availability.ts';
import type { PublishTally } from './publish-tally.ts';
import { Replicas } from './replicas.ts';
import { toMs, type FaultOutline, type TimelineFacts } from './timeline-facts.ts';

export interface FaultInput {
  readonly timeline: TimelineFacts;
  readonly publish: PublishTally;
  readonly availability: Availability;
  readonly scenario: Scenario;
}

/** Everything that faults are told from, made once a run. */
export class FaultTimes {
  readonly #input: FaultInput;
  readonly #replicas: ReadonlyMap<number, Replicas>;

  constructor(input: FaultInput) {
    this.#input = input;
    const { timeline, publish, scenario } = input;
    const known = [...publish.grid.partitions(), ...timeline.inSync].map(({ partition }) => partition);
    const planned = Array.from({ length: scenario.destination.partitions }, (_, index) => index);
    const partitions = [...new Set([...planned, ...known])].toSorted((a, b) => a - b);
    this.#replicas = new Map(partitions.map((partition) => [partition, new Replicas(partition, timeline, scenario)]));
  }

  /** @param index of the fault in the timeline. */
  factOf({ struckNs, strikeNs: _, untilNs: __, ...outline }: FaultOutline, index: number, exposure: Exposure | null): FaultFact {
    const { timeline: { faults } } = this.#input;
    const partitions = [...this.#replicas].map(([partition, replicas]) => this.#ofPartition(faults[index]!, index, partition, replicas));
    const redundancies = partitions.map(({ timeToRedundancyMs }) => timeToRedundancyMs);
    return {
      ...outline,
      exposure,
      attemptsMet: struckNs === null ? null : this.#input.publish.grid.metBetween(isPlayedOut(outline.fault) ? outline.beginMs * 1e6 : struckNs, outline.healedMs === null ? Infinity : outline.healedMs * 1e6),
      timeToDetectMs: this.#detectMs(faults[index]!, index),
      timeToRecoverMs: struckNs === null ? null : this.#recoverMs(struckNs),
      timeToRedundancyMs: redundancies.includes(null) ? null : Math.max(...redundancies.map((timeMs) => timeMs ?? 0)),
      partitions,
    };
  }

  windowOf({ partition, fromMs, toMs: endMs }: Pick<UnavailableWindow, 'partition' | 'fromMs' | 'toMs'>): UnavailableWindow {
    return { partition, fromMs, toMs: endMs, ...this.#replicas.get(partition)!.survival(fromMs * 1e6, endMs === null ? Infinity : endMs * 1e6) };
  }

  #ofPartition(fault: FaultOutline, index: number, partition: number, replicas: Replicas): PartitionAvailability {
    const { struckNs } = fault;
    const redundantNs = fault.strikes === 'client' ? null : replicas.redundantNs(fault);
    return {
      partition,
      timeToDetectMs: this.#detectMs(fault, index, partition),
      timeToRecoverMs: struckNs === null ? null : this.#recoverMs(struckNs, partition),
      timeToRedundancyMs: struckNs === null || redundantNs === null ? null : toMs(redundantNs - struckNs),
      ...replicas.survivalOf(fault, this.#nextBeginNs(fault)),
    };
  }

  /** What showed only after the next fault began, when this one was over, is that one's. */
  #detectMs({ struckNs, healedMs }: FaultOutline, index: number, partition?: number): number | null {
    const { timeline: { faults }, publish } = this.#input;
    if (struckNs === null) return null;
    const detectedNs = publish.detectedNs(index, partition);
    const overMs = healedMs ?? Infinity;
    const laterMs = Math.min(Infinity, ...faults.flatMap(({ beginMs, struckMs }) => (struckMs !== null && beginMs >= overMs ? beginMs : [])));
    return detectedNs === Infinity || toMs(detectedNs) >= laterMs ? null : toMs(detectedNs - struckNs);
  }

  #nextBeginNs({ beginMs }: FaultOutline): number {
    return Math.min(Infinity, ...this.#input.timeline.faults.flatMap((fault) => (fault.struckMs !== null && fault.beginMs > beginMs ? fault.beginMs * 1e6 : [])));
  }

  /**
   * Until the last partition that this fault took away was back for the first time; 0 where it took none away and messages were accepted after it, null
   * where none were. A stretch belongs to a fault that was struck before its end, unless the next fault came before the
   * silence was long enough to count: then it is that one's. A later one on the same partition (such as while the node comes back) is a stretch of its own, listed and drawn, not this fault's recovery.
   */
  #recoverMs(struckNs: number, only?: number): number | null {
    const { timeline: { faults }, availability: { windows }, publish } = this.#input;
    const struckMs = toMs(struckNs);
    const nextMs = Math.min(Infinity, ...faults.flatMap((fault) => (fault.struckMs !== null && fault.struckMs > struckMs ? fault.struckMs : [])));
    const own = windows.filter(({ partition, fromMs, toMs: endMs }) => (only ?? partition) === partition && (endMs === null || endMs > struckMs) && fromMs < nextMs - toMs(shortestGapNs));
    const caused = firstOfEachPartition(own);
    if (caused.some(({ toMs: endMs }) => endMs === null)) return null;
    if (caused.length > 0) return Math.max(...caused.map(({ toMs: endMs }) => endMs! - struckMs));
    return publish.grid.anyOkSince(struckNs, only) ? 0 : null;
  }
}

type Stretch = Availability['windows'][number];

/** Windows come in the order in which they began. */
const firstOfEachPartition = (windows: readonly Stretch[]): readonly Stretch[] =>
  windows.filter(({ partition }, index) => windows.findIndex((other) => other.partition === partition) === index);
