// When a partition took no messages although attempts were under way, and how long until it did so for good again.
// A stretch counts from the last ok before it to the first of ten successes in a row within two seconds. A success is a bin of the grid (10 ms) with oks
// and nothing else: what one publish brings at once is one success, however many messages it holds.
import type { UnavailableWindow } from '../model/facts.ts';
import type { OutcomeGrid, PartitionOutcomes } from './outcome-grid.ts';
import { toMs } from './timeline-facts.ts';

/** Successes in a row that make a recovery, and the time within which they come. */
export const sustainedSuccesses = 10;
export const sustainedWithinNs = 2e9;
/** Traffic too slow for that recovers with successes alone for as long, at least so many, none of which was late. */
const fewestSuccesses = 3;
/** Traffic that ends with so many accepted messages and nothing else did recover: more than one lucky send. */
const fewestAtEnd = 10;
/** Shorter silences are ordinary: garbage collection, a slow disk. Also the latency from which an answer counts as late. */
export const shortestGapNs = 250e6;

export interface Availability {
  /** In the order in which they began. */
  readonly windows: readonly Pick<UnavailableWindow, 'partition' | 'fromMs' | 'toMs'>[];
  /** The longest single stretch of any partition, in whole milliseconds; one without end: until the partition's last outcome. */
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
    longestMs = Math.max(longestMs, ...scan.windows.map(([from, to]) => toMs((to ?? scan.lastOutcomeNs) - from)));
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
  /** When each success since the last bad outcome began, of the last two seconds. */
  #recent: number[] = [];
  /** The first success since the last bad or late outcome, and how many there were since. */
  #calm = { fromNs: 0, successes: 0 };
  /** The same since the last bad outcome, in messages. */
  #good = { fromNs: 0, oks: 0 };

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
    if (this.#awayFrom !== null) this.#collect(outcomes.firstOkNs[bin]!, oks, bads > 0 ? 'bad' : outcomes.lastOkNs[bin]! - outcomes.waitingFromNs[bin]! > shortestGapNs ? 'late' : 'prompt');
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

  #collect(okNs: number, oks: number, kind: 'bad' | 'late' | 'prompt'): void {
    if (kind === 'bad') return this.#forget();
    this.#good = { fromNs: this.#good.oks === 0 ? okNs : this.#good.fromNs, oks: this.#good.oks + oks };
    // An attempt that waited out the trouble is late itself, and the first of what may be calm.
    if (kind === 'late' || this.#calm.successes === 0) this.#calm = { fromNs: okNs, successes: 0 };
    this.#calm.successes++;
    this.#recent.push(okNs);
    while (okNs - this.#recent[0]! > sustainedWithinNs) this.#recent.shift();
    if (this.#recent.length >= sustainedSuccesses) this.#recover(this.#recent[0]!);
    else if (this.#calm.successes >= fewestSuccesses && okNs - this.#calm.fromNs >= sustainedWithinNs) this.#recover(this.#calm.fromNs);
  }

  #forget(): void {
    this.#recent = [];
    this.#calm = { fromNs: 0, successes: 0 };
    this.#good = { fromNs: 0, oks: 0 };
  }

  #recover(atNs: number): void {
    this.windows.push([this.#awayFrom!, atNs]);
    this.#awayFrom = null;
    this.#forget();
  }

  /** A partition that never took anything, though it was asked, was away from the first attempt on. */
  #end(): void {
    const never = this.lastOkNs === null && this.lastOutcomeNs - this.#waitingFrom > shortestGapNs;
    const fromNs = never ? this.#waitingFrom : this.#awayFrom;
    if (fromNs === null) return;
    if (this.#awayFrom !== null && this.#good.oks >= fewestAtEnd) this.#recover(this.#good.fromNs);
    else this.windows.push([fromNs, null]);
  }
}

/** What `unavailableMs` says; a partition that never came back makes it a lower bound. */
export function availabilityReasons({ neverRecovered, anyOk }: Availability): readonly string[] {
  if (!anyOk) return ['no attempt ever succeeded, so there is nothing to measure unavailability from'];
  return neverRecovered.map((partition) => `partition ${partition} never recovered while messages were sent`);
}

