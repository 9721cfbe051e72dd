// When a partition took no messages although attempts were under way, and how long until it did so for good again.
// A stretch counts from the last ok before it to the first of ten oks in a row within two seconds.
import type { UnavailableWindow } from '../model/facts.ts';
import type { OutcomeGrid, PartitionOutcomes } from './outcome-grid.ts';
import { toMs } from './timeline-facts.ts';

/** Oks in a row that make a recovery, and the time within which they come. */
export const sustainedOks = 10;
export const sustainedWithinNs = 2e9;
/** Shorter silences are ordinary: garbage collection, a slow disk. Also the latency from which an answer counts as late. */
export const shortestGapNs = 250e6;

export interface Availability {
  /** In the order in which they began. */
  readonly windows: readonly Pick<UnavailableWindow, 'partition' | 'fromMs' | 'toMs'>[];
  /** The partition that was away longest, in whole milliseconds; for a window without end: until the last outcome. */
  readonly longestMs: number;
  readonly neverRecovered: readonly number[];
  /** Whether any attempt ever succeeded. */
  readonly anyOk: boolean;
}

export function findUnavailable(grid: OutcomeGrid): Availability {
  const windows: Availability['windows'][number][] = [];
  let longestMs = 0;
  let anyOk = false;
  for (const { partition, outcomes } of grid.partitions()) {
    const scan = new Scan(outcomes);
    anyOk ||= scan.lastOkNs !== null;
    longestMs = Math.max(longestMs, scan.windows.reduce((sum, [from, to]) => sum + toMs((to ?? scan.lastOutcomeNs) - from), 0));
    windows.push(...scan.windows.map(([from, to]) => ({ partition, fromMs: toMs(from), toMs: to === null ? null : toMs(to) })));
  }
  windows.sort((a, b) => a.fromMs - b.fromMs);
  return { windows, longestMs: Math.round(longestMs), neverRecovered: windows.filter(({ toMs: end }) => end === null).map(({ partition }) => partition), anyOk };
}

/** One walk over a partition's bins in the order of time. */
class Scan {
  readonly windows: [from: number, to: number | null][] = [];
  lastOkNs: number | null = null;
  lastOutcomeNs = 0;
  /** null while available. */
  #awayFrom: number | null = null;
  /** When the oldest attempt that ended since the last ok was sent. */
  #waitingFrom = Infinity;
  /** Oks in a row since the last bad outcome: when each bin of them began, and how many it holds. */
  #run: { readonly fromNs: number; readonly oks: number }[] = [];

  constructor(outcomes: PartitionOutcomes) {
    for (let bin = 0; bin < outcomes.used; bin++) {
      if (outcomes.oks[bin]! + outcomes.bads[bin]! > 0) this.#look(outcomes, bin);
    }
    this.#end();
  }

  #look(outcomes: PartitionOutcomes, bin: number): void {
    const oks = outcomes.oks[bin]!;
    const bads = outcomes.bads[bin]!;
    this.#waitingFrom = Math.min(this.#waitingFrom, outcomes.waitingFromNs[bin]!);
    this.#noticeGap(oks > 0 ? outcomes.firstOkNs[bin]! : outcomes.lastBadNs[bin]!);
    if (this.#awayFrom !== null) this.#collect(outcomes.firstOkNs[bin]!, oks, bads);
    if (oks > 0) {
      this.lastOkNs = outcomes.lastOkNs[bin]!;
      this.#waitingFrom = Infinity;
    }
    this.lastOutcomeNs = Math.max(this.lastOutcomeNs, outcomes.lastOkNs[bin]!, outcomes.lastBadNs[bin]!);
  }

  /** Was somebody waiting or refused all through the silence that ends now? Nobody asking is no outage. */
  #noticeGap(nowNs: number): void {
    if (this.#awayFrom !== null || this.lastOkNs === null) return;
    const idleNs = this.#waitingFrom - this.lastOkNs;
    const fromNs = idleNs > shortestGapNs ? this.#waitingFrom : this.lastOkNs;
    if (nowNs - Math.max(this.lastOkNs, this.#waitingFrom) > shortestGapNs) this.#awayFrom = fromNs;
  }

  #collect(okNs: number, oks: number, bads: number): void {
    if (bads > 0) this.#run = [];
    else this.#run.push({ fromNs: okNs, oks });
    while (this.#run.length > 0 && okNs - this.#run[0]!.fromNs > sustainedWithinNs) this.#run.shift();
    if (this.#run.reduce((sum, part) => sum + part.oks, 0) >= sustainedOks) this.#recover(this.#run[0]!.fromNs);
  }

  #recover(atNs: number): void {
    this.windows.push([this.#awayFrom!, atNs]);
    this.#awayFrom = null;
    this.#run = [];
  }

  /** Traffic that ends with oks only, too few to count ten, did recover. */
  #end(): void {
    if (this.#awayFrom === null) return;
    if (this.#run.length > 0) this.#recover(this.#run[0]!.fromNs);
    else this.windows.push([this.#awayFrom, null]);
  }
}

/** What `unavailableMs` says; a partition that never came back makes it a lower bound. */
export function availabilityReasons({ neverRecovered, anyOk }: Availability): readonly string[] {
  if (!anyOk) return ['no attempt ever succeeded, so there is nothing to measure unavailability from'];
  return neverRecovered.map((partition) => `partition ${partition} never recovered while messages were sent`);
}

