// Messages that are there, came, or were handled more often than once, and whose doing that was.
// Counts are of what is too much: an id stored three times is two too many.
import type { Measure } from '../model/contract.ts';
import { eventKinds } from '../model/event.ts';
import type { Cause } from '../model/facts.ts';
import type { EventColumns } from './event-columns.ts';
import type { Findings } from './findings.ts';
import { flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import type { Tally } from './tally.ts';

/** @param processedIds how many ids were handled at all. */
export function findDuplicates(tally: Tally, processedIds: number, findings: Findings): void {
  if (tally.receive.processed > processedIds) handledAgain(tally, tally.receive.processed - processedIds, findings);
  if (tally.log) {
    storedAgain(tally, findings);
    deliveredAgainFromLog(tally, findings);
    return;
  }
  flaggedAgain(tally, findings);
  seenAgainFromQueue(tally, findings);
}

/** `processedTwice`; on a queue these are the duplicates. */
function handledAgain(tally: Tally, surplus: number, findings: Findings): void {
  const found: readonly Measure[] = tally.log ? ['processedTwice'] : ['processedTwice', 'duplicated'];
  for (const measure of found) findings.addCount(measure, surplus);
  for (const columns of tally.producers) {
    for (let sequence = 0; sequence < columns.length; sequence++) {
      if ((columns.flags[sequence]! & flag.processedAgain) === 0) continue;
      for (const measure of found) findings.add(measure, columns, sequence, 0);
    }
  }
}

/** On a log: one attempt stored again is a copy, another attempt of the same id was republished. */
function storedAgain(tally: Tally, findings: Findings): void {
  for (const { columns, sequence, sightings } of grouped(tally, [tally.store.repeats])) {
    const stored = sightings.filter(({ kind }) => kind === eventKinds.stored);
    if (stored.length === 0) continue;
    const places = [...stored, { attempt: columns.storedAttempt[sequence]!, partition: columns.storedPartition[sequence]! }];
    const attempts = new Set(places.map(({ attempt }) => attempt)).size;
    const copies = stored.length + 1 - attempts;
    if (copies > 0) findings.add('copies', columns, sequence, copies, copyCause(places, attempts));
    if (attempts > 1) findings.add('republished', columns, sequence, attempts - 1);
    findings.add('duplicated', columns, sequence, stored.length);
  }
}

/** One attempt in two partitions: only the client chooses partitions, so it sent the attempt again by itself. */
function copyCause(places: readonly Pick<Sighting, 'attempt' | 'partition'>[], attempts: number): Cause | undefined {
  return new Set(places.map(({ attempt, partition }) => `${attempt}/${partition}`)).size > attempts ? 'client' : undefined;
}

/** On a log a record is known by its place: the same place again is a redelivery, another place is another record. */
function deliveredAgainFromLog(tally: Tally, findings: Findings): void {
  for (const { columns, sequence, sightings } of grouped(tally, [tally.receive.repeats])) {
    const places = new Set(sightings.map(({ partition, offset }) => placeOf(partition, offset)));
    places.add(placeOf(columns.deliveredPartition[sequence]!, columns.deliveredOffset[sequence]!));
    const again = sightings.length + 1 - places.size;
    if (again > 0) findings.add('redelivered', columns, sequence, again);
  }
}

const placeOf = (partition: number, offset: number): number => partition * 2 ** 32 + offset;

/** On a queue the broker's flag is all there is to know a redelivery by. */
function flaggedAgain(tally: Tally, findings: Findings): void {
  if (tally.receive.flagged === 0) return;
  findings.addCount('redelivered', tally.receive.flagged);
  for (const columns of tally.producers) {
    for (let sequence = 0; sequence < columns.length; sequence++) {
      if ((columns.flags[sequence]! & flag.redelivered) !== 0) findings.add('redelivered', columns, sequence, 0);
    }
  }
}

/**
 * On a queue: several attempts of ours that arrived or remained were republished; one attempt that arrived again
 * without the broker's flag is repeated, cause unknown.
 */
function seenAgainFromQueue(tally: Tally, findings: Findings): void {
  remainedAfterOneDelivery(tally, findings);
  for (const { columns, sequence, sightings } of grouped(tally, [tally.receive.repeats, tally.store.repeats])) {
    const known = columns.flags[sequence]!;
    const attempts = new Set(sightings.map(({ attempt }) => attempt));
    if ((known & flag.stored) !== 0) attempts.add(columns.storedAttempt[sequence]!);
    const unflagged = sightings.filter(({ kind }) => kind === eventKinds.delivered).map(({ attempt }) => attempt);
    if ((known & flag.delivered) !== 0) {
      attempts.add(columns.deliveredAttempt[sequence]!);
      if (columns.deliveredOffset[sequence] === 0) unflagged.push(columns.deliveredAttempt[sequence]!);
    }
    if (attempts.size > 1) findings.add('republished', columns, sequence, attempts.size - 1);
    const repeated = unflagged.length - new Set(unflagged).size;
    if (repeated > 0) findings.add('repeated', columns, sequence, repeated);
  }
}

/** Delivered once and remaining once, as two attempts: no repetition in either list tells of it. */
function remainedAfterOneDelivery(tally: Tally, findings: Findings): void {
  const both = flag.delivered | flag.stored;
  const listed = flag.deliveredAgain | flag.storedAgain | flag.deadLettered;
  for (const columns of tally.producers) {
    const { flags, length, deliveredAttempt, storedAttempt } = columns;
    for (let sequence = 0; sequence < length; sequence++) {
      if ((flags[sequence]! & (both | listed)) !== both) continue;
      if (deliveredAttempt[sequence] !== storedAttempt[sequence]) findings.add('republished', columns, sequence);
    }
  }
}

interface Sighting {
  readonly kind: number;
  readonly attempt: number;
  readonly partition: number;
  readonly offset: number;
}
interface Group {
  readonly columns: ProducerColumns;
  readonly sequence: number;
  readonly sightings: readonly Sighting[];
}

/** Brings rows of the lists together by id: sorts numbers, so that many repetitions cost no more than a sort. */
function* grouped(tally: Tally, lists: readonly EventColumns[]): Generator<Group> {
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  const keys = new Float64Array(total);
  let filled = 0;
  for (const list of lists) {
    for (let row = 0; row < list.length; row++, filled++) keys[filled] = tally.ids.rank(list.producer[row]!, list.sequence[row]!) * total + filled;
  }
  keys.sort();
  for (let from = 0; from < total; ) {
    const rank = Math.floor(keys[from]! / total);
    let to = from + 1;
    while (to < total && Math.floor(keys[to]! / total) === rank) to++;
    const sightings = Array.from(keys.subarray(from, to), (key) => sightingAt(lists, key % total));
    yield { ...tally.ids.ofRank(rank), sightings };
    from = to;
  }
}

function sightingAt(lists: readonly EventColumns[], index: number): Sighting {
  let row = index;
  for (const list of lists) {
    if (row < list.length) return { kind: list.kind[row]!, attempt: list.attempt[row]!, partition: list.partition[row]!, offset: list.offset[row]! };
    row -= list.length;
  }
  throw new RangeError(`no row ${index}`);
}
