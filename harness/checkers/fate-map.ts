// What became of every message, by when it was first sent and to which partition; and how long it took to arrive.
// One walk over the columns after all is accounted for, into as many cells as a map can show.
import { fates, type Example, type Fate, type FateCell, type FateMap, type FateRow } from '../model/facts.ts';
import { baseFlags, flag, foldOf } from './message-flags.ts';
import { LatencyGrid } from './latency-grid.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { widthOf } from './series.ts';
import type { Tally } from './tally.ts';

export const mostMapBins = 120;
export const mostMapRows = 24;
/** Of a message whose partition nobody named. */
export const unknownPlace = -1;
/** The histograms take 32 bits: 71 minutes. */
const mostUs = 2 ** 32 - 1;
const code = Object.fromEntries(fates.map((fate, index) => [fate, index])) as Readonly<Record<Fate, number>>;

export interface FateInput {
  readonly tally: Tally;
  /** Where a client chose a partition that nobody wrote down, only a receipt, the log or a delivery tells it. */
  readonly placed: boolean;
  /** Drain and audit are complete: what is nowhere is lost, otherwise it is unseen. */
  readonly concluded: boolean;
}

export interface Fates {
  readonly map: FateMap;
  readonly endToEnd: LatencyGrid;
}

/** After delivery and duplicates were told apart. `endNs`: about when the run ended. */
export function findFates(input: FateInput, endNs: number): Fates {
  const { tally } = input;
  const [firstNs, lastNs] = sendingTimes(tally);
  const binMs = widthOf((lastNs - firstNs) / 1e6, mostMapBins - 1);
  const fromMs = Math.floor(firstNs / 1e6 / binMs) * binMs;
  const map = new Cells(binMs * 1e6, fromMs * 1e6);
  const endToEnd = new LatencyGrid(endNs, tally.publish.edges);
  for (const columns of tally.producers) walk(columns, input, map, endToEnd);
  return { map: { binMs, fromMs, ...map.result() }, endToEnd };
}

function sendingTimes({ producers, clock: { tickNs } }: Tally): readonly [firstNs: number, lastNs: number] {
  let first = Infinity;
  let last = 0;
  for (const { attempts, firstSent, length } of producers) {
    for (let id = 0; id < length; id++) {
      if (attempts[id] === 0) continue;
      if (firstSent[id]! < first) first = firstSent[id]!;
      if (firstSent[id]! > last) last = firstSent[id]!;
    }
  }
  return first === Infinity ? [0, 0] : [first * tickNs, last * tickNs];
}

function walk(columns: ProducerColumns, input: FateInput, map: Cells, endToEnd: LatencyGrid): void {
  const { flags, attempts, firstSent, firstDelivered, length } = columns;
  const { tickNs } = input.tally.clock;
  const ticksPerUs = 1_000 / tickNs;
  for (let id = 0; id < length; id++) {
    const known = flags[id]!;
    const fate = fateOf(columns, id, input.concluded);
    if (fate === null) continue;
    if (attempts[id] === 0) {
      map.unsent++;
      continue;
    }
    map.add(placeOf(columns, id, input), firstSent[id]! * tickNs, fate);
    const tookTicks = firstDelivered[id]! - firstSent[id]!;
    if ((known & flag.delivered) !== 0 && tookTicks >= 0) endToEnd.add(firstDelivered[id]! * tickNs, Math.min(mostUs, tookTicks / ticksPerUs));
  }
}

/** null: nobody ever meant to send it. */
function fateOf({ flags, attempts, outcomes }: ProducerColumns, id: number, concluded: boolean): number | null {
  const known = flags[id]!;
  if ((known & baseFlags) === 0) {
    const fold = foldOf(known, attempts[id]!, outcomes[id]!);
    return fold === 'info' ? code.indeterminate : fold === 'fail' ? code.failed : null;
  }
  if ((known & flag.processed) !== 0) return (known & (flag.processedAgain | flag.storedAgain)) === 0 ? code.processed : code.repeated;
  if ((known & flag.deadLettered) !== 0) return code.deadLettered;
  if ((known & flag.lost) !== 0) return code.lost;
  return concluded ? code.stuck : code.unseen;
}

/** Queues are one partition; of a log the receipt, the audit or a consumer must have named it where the plan does not. */
export function placeOf(columns: ProducerColumns, id: number, { tally, placed }: Pick<FateInput, 'tally' | 'placed'>): number {
  const known = columns.flags[id]!;
  if (!tally.log) return 0;
  if (placed || (known & flag.receipt) !== 0) return columns.partition[id]!;
  if ((known & flag.stored) !== 0) return columns.storedPartition[id]!;
  return (known & flag.delivered) === 0 ? unknownPlace : columns.deliveredPartition[id]!;
}

/** What an example says of itself beside its story. */
export function whereabouts(columns: ProducerColumns, id: number, input: Pick<FateInput, 'tally' | 'placed'>): Pick<Example, 'sentMs' | 'partition'> {
  const place = placeOf(columns, id, input);
  const sent = columns.attempts[id] === 0 ? {} : { sentMs: (columns.firstSent[id]! * input.tally.clock.tickNs) / 1e6 };
  return { ...sent, ...(place === unknownPlace ? {} : { partition: place }) };
}

/** Counts by partition, bin and fate. */
class Cells {
  unsent = 0;
  readonly #binNs: number;
  readonly #fromNs: number;
  readonly #counts = new Map<number, Uint32Array>();
  #place = unknownPlace - 1;
  #current: Uint32Array = new Uint32Array(0);

  constructor(binNs: number, fromNs: number) {
    this.#binNs = binNs;
    this.#fromNs = fromNs;
  }

  add(place: number, sentNs: number, fate: number): void {
    if (place !== this.#place) this.#enter(place);
    const bin = Math.min(mostMapBins - 1, Math.floor((sentNs - this.#fromNs) / this.#binNs));
    this.#current[bin * fates.length + fate]!++;
  }

  result(): Pick<FateMap, 'bins' | 'rows' | 'unsent'> {
    const rows = this.#rows();
    const bins = rows.reduce((most, { cells }) => Math.max(most, (cells.at(-1)?.bin ?? -1) + 1), 0);
    return { bins, rows, unsent: this.unsent };
  }

  #enter(place: number): void {
    this.#place = place;
    const known = this.#counts.get(place);
    this.#current = known ?? new Uint32Array(mostMapBins * fates.length);
    if (known === undefined) this.#counts.set(place, this.#current);
  }

  /** Neighbours share a row where there are too many; what nobody knows the partition of comes last. */
  #rows(): readonly FateRow[] {
    const places = [...this.#counts.keys()].filter((place) => place !== unknownPlace).toSorted((a, b) => a - b);
    const together = Math.max(1, Math.ceil(places.length / mostMapRows));
    const groups = Array.from({ length: Math.ceil(places.length / together) }, (_, index) => places.slice(index * together, (index + 1) * together));
    const unknown = this.#counts.get(unknownPlace);
    return [
      ...groups.map((partitions): FateRow => ({ partitions, cells: cellsOf(partitions.map((place) => this.#counts.get(place)!)) })),
      ...(unknown === undefined ? [] : [{ partitions: [], cells: cellsOf([unknown]) }]),
    ];
  }
}

function cellsOf(all: readonly Uint32Array[]): readonly FateCell[] {
  return Array.from({ length: mostMapBins }, (_, bin): FateCell => {
    const counts = fates.map((fate, index) => [fate, all.reduce((sum, one) => sum + one[bin * fates.length + index]!, 0)] as const);
    return { bin, counts: Object.fromEntries(counts.filter(([, count]) => count > 0)) };
  }).filter(({ counts }) => Object.keys(counts).length > 0);
}
