// What became of messages over time and partitions, how long they took, and who held their partitions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts, Fate } from '../model/facts.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import { check } from './check.ts';
import { mostMapBins, mostMapRows } from './fate-map.ts';
import { mostLatencyBins } from './latency-grid.ts';
import { mostStates, replicaStates } from './replica-states.ts';
import { RunClock } from './run-clock.ts';
import { HistoryBuilder } from './testing/history-builder.ts';
import { vanish } from './testing/edits.ts';
import { cleanDraft, emit, shapes } from './testing/messages.ts';

const log = () => new HistoryBuilder({ storeKind: 'log', producers: 1, consumers: 1 });
const facts = async (builder: HistoryBuilder): Promise<Facts> => await check(builder.build());
const sumOf = ({ fateMap }: Facts, fate: Fate): number => fateMap.rows.flatMap(({ cells }) => cells).reduce((sum, { counts }) => sum + (counts[fate] ?? 0), 0);
const complete = (builder: HistoryBuilder, atMs: number, partitions: readonly number[]) => builder.at(atMs, { type: 'drain', conclusive: true, detail: '' })
  .at(atMs + 1, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: partitions.map((partition) => ({ partition, committed: 900, start: 0, end: 900 })) } });
const fault = (edge: 'begin' | 'struck' | 'healed'): TimelineDraft => ({ type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge, nodes: ['kafka-1'], detail: '' });

/** Sent, acknowledged after `answerMs`, delivered and processed after `arriveMs`. */
function message(builder: HistoryBuilder, sequence: number, atMs: number, { partition = 0, answerMs = 5, arriveMs = 20 } = {}): void {
  const place = { partition, offset: sequence };
  builder.produced(0, 'sent', sequence, { atMs, partition }).produced(0, 'acknowledged', sequence, { atMs: atMs + answerMs, ...place });
  builder.consumed(0, 'delivered', 0, sequence, { atMs: atMs + arriveMs, ...place }).consumed(0, 'processed', 0, sequence, { atMs: atMs + arriveMs, ...place }).audited('stored', 0, sequence, place);
}

describe('the map of fates', () => {
  it.each(['log', 'queue'] as const)('of a %s holds every message once, and as many lost as the accounting', async (storeKind) => {
    await fc.assert(fc.asyncProperty(shapes(storeKind, 10), fc.integer({ min: 0, max: 9 }), async (shape, victims) => {
      const draft = cleanDraft(shape);
      for (const victim of draft.messages.slice(0, victims)) vanish(victim);
      const found = await check(emit(draft).build());
      const all = found.fateMap.rows.flatMap(({ cells }) => cells).flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
      expect(all + found.fateMap.unsent).toBe(found.totals.reserved);
      expect(sumOf(found, 'lost')).toBe(victims);
      expect(sumOf(found, 'processed') + sumOf(found, 'repeated')).toBe(found.accounting.processed);
    }), { numRuns: 60 });
  });

  it('has a message where and when it was first sent, and the worst of what can be said of it', async () => {
    const builder = log();
    message(builder, 0, 1_000);
    message(builder, 1, 1_950, { partition: 2 });
    builder.produced(0, 'sent', 2, { atMs: 1_100, partition: 0 }).produced(0, 'indeterminate', 2, { atMs: 1_200 }).produced(0, 'sent', 2, { atMs: 1_900, partition: 0, attempt: 2 }).produced(0, 'acknowledged', 2, { atMs: 1_910, partition: 0, offset: 7, attempt: 2 });
    builder.produced(0, 'sent', 3, { atMs: 1_110, partition: 0 }).produced(0, 'failed', 3, { atMs: 1_200 });
    builder.produced(0, 'reserved', 4, { atMs: 1, offset: 1 });
    const { fateMap, measures } = await facts(complete(builder, 3_000, [0, 2]));
    expect(fateMap).toEqual({
      binMs: 100, fromMs: 1_000, bins: 10, unsent: 1,
      rows: [
        { partitions: [0], cells: [{ bin: 0, counts: { processed: 1 } }, { bin: 1, counts: { lost: 1, failed: 1 } }] },
        { partitions: [2], cells: [{ bin: 9, counts: { processed: 1 } }] },
      ],
    });
    expect(measures.find(({ measure }) => measure === 'lost')!.examples[0]).toMatchObject({ sequence: 2, sentMs: 1_100, partition: 0 });
  });

  it('says that it does not know where a message of a keyless producer went that nobody has', async () => {
    const builder = log().scenario({ producer: { routing: 'keyless' } as never, destination: { partitions: 3, settings: {} } as never });
    builder.produced(0, 'sent', 0, { atMs: 10 }).produced(0, 'failed', 0, { atMs: 20 });
    message(builder, 1, 15, { partition: 1 });
    const { fateMap: { rows } } = await facts(complete(builder, 3_000, [1]));
    expect(rows.map(({ partitions }) => partitions)).toEqual([[1], []]);
    expect(rows[1]!.cells).toEqual([{ bin: 0, counts: { failed: 1 } }]);
  });

  it('stays small, however long the run and however many the partitions', async () => {
    const builder = log();
    for (let sequence = 0; sequence < 400; sequence++) message(builder, sequence, 1_000 + sequence * 37_000, { partition: sequence % 100 });
    const { fateMap, acknowledgeOverTime, endToEndOverTime } = await facts(complete(builder, 15_000_000, []));
    expect(fateMap.rows.length).toBeLessThanOrEqual(mostMapRows);
    expect(fateMap.rows.flatMap(({ partitions }) => partitions)).toEqual(Array.from({ length: 100 }, (_, partition) => partition));
    expect(fateMap.bins).toBeLessThanOrEqual(mostMapBins);
    for (const latency of [acknowledgeOverTime!, endToEndOverTime!]) {
      expect(latency.count.length).toBeLessThanOrEqual(mostLatencyBins);
      expect(latency.count.reduce((sum, count) => sum + count, 0)).toBe(400);
    }
  });
});

describe('latency over time', () => {
  it('stands at the time of sending, and divides at the faults', async () => {
    const builder = log().at(0, { type: 'phase', phase: 'steady', edge: 'end', ok: true }).at(990, fault('begin')).at(1_000, fault('struck')).at(2_000, fault('healed'));
    message(builder, 0, 100);
    message(builder, 1, 950, { answerMs: 800, arriveMs: 900 });
    message(builder, 2, 1_500, { answerMs: 40 });
    message(builder, 3, 2_100);
    const { acknowledgeOverTime: found, endToEndOverTime, acknowledgeLatency } = await facts(complete(builder, 3_000, [0]));
    expect(found).toMatchObject({ binMs: 100, fromMs: 100, before: { count: 1, maxMs: 5 }, during: { count: 2, maxMs: 800 }, after: { count: 1, maxMs: 5 } });
    expect(found!.maxMs).toEqual([5, ...Array(7).fill(null), 800, ...Array(5).fill(null), 40, ...Array(5).fill(null), 5]);
    expect(found!.count.filter((count) => count > 0)).toEqual([1, 1, 1, 1]);
    expect(endToEndOverTime).toMatchObject({ during: { count: 2, maxMs: 900 } });
    expect(acknowledgeLatency).toMatchObject({ count: 4, maxMs: 800 });
  });

  it('is all before where no fault struck, and nothing where nothing arrived', async () => {
    const builder = log().produced(0, 'sent', 0, { atMs: 1 }).produced(0, 'acknowledged', 0, { atMs: 3, partition: 0, offset: 0 });
    const { acknowledgeOverTime, endToEndOverTime } = await facts(builder);
    expect(acknowledgeOverTime).toMatchObject({ before: { count: 1, p50Ms: 2 }, during: null, after: null });
    expect(endToEndOverTime).toBeNull();
  });

  it('from end to end is counted from the first attempt to the first delivery, whoever records it first', async () => {
    const builder = new HistoryBuilder({ storeKind: 'queue', producers: 1, consumers: 2 });
    builder.produced(0, 'sent', 0, { atMs: 100 }).produced(0, 'indeterminate', 0, { atMs: 200 }).produced(0, 'sent', 0, { atMs: 300, attempt: 2 }).produced(0, 'acknowledged', 0, { atMs: 310, attempt: 2 });
    builder.consumed(0, 'delivered', 0, 0, { atMs: 900 }).consumed(1, 'redelivered', 0, 0, { atMs: 700 });
    expect((await facts(builder)).endToEndOverTime).toMatchObject({ fromMs: 100, count: [1], maxMs: [600] });
  });

  it('keeps its times in runs longer than 71 minutes', async () => {
    const hours = 5 * 3_600_000;
    const builder = log();
    message(builder, 0, hours, { answerMs: 20, arriveMs: 90_000 });
    const found = await facts(complete(builder, hours + 200_000, [0]));
    expect(found.fateMap.fromMs).toBe(hours);
    expect(found.endToEndOverTime!.maxMs.at(-1)).toBeCloseTo(90_000, -1);
    expect(new RunClock(hours * 1e6).tickNs).toBe(9_000);
  });
});

describe('replicas', () => {
  const leader = (timeNs: number, to: string | null, partition = 0) => ({ type: 'leader', timeNs, partition, from: null, to, epoch: null }) as const;
  const inSync = (timeNs: number, ...nodes: readonly string[]) => ({ type: 'in-sync', timeNs, partition: 0, nodes }) as const;

  it('are told state by state: what several words say of one moment is one, and what says nothing new is none', () => {
    const states = replicaStates({ leaders: [leader(1e6, 'a'), leader(1e6, 'c', 1), leader(5e6, 'a'), leader(9e6, null)], inSync: [inSync(1e6, 'b', 'a'), inSync(7e6, 'a', 'b'), inSync(8e6, 'b')] });
    expect(states).toEqual([
      { timeMs: 1, partition: 0, leader: 'a', inSync: ['a', 'b'] }, { timeMs: 1, partition: 1, leader: 'c', inSync: null },
      { timeMs: 8, partition: 0, leader: 'a', inSync: ['b'] }, { timeMs: 9, partition: 0, leader: null, inSync: ['b'] },
    ]);
  });

  it('are no more than a record can take', () => {
    const leaders = Array.from({ length: 5_000 }, (_, index) => leader(index * 1e6, index % 2 === 0 ? 'a' : 'b'));
    expect(replicaStates({ leaders, inSync: [] })).toHaveLength(mostStates);
  });
});
