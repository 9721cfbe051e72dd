// Which messages count as exposed to a fault, and how they are compared with the lost.
import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { HistoryBuilder } from './testing/history-builder.ts';

const strikeMs = 1_000;

const builderWith = (fault: 'kill' | 'replication-cut' = 'kill'): HistoryBuilder =>
  conclude(new HistoryBuilder({ storeKind: 'queue' }).at(strikeMs, { type: 'fault', id: 'f', fault, edge: 'struck', nodes: ['a'], detail: '' }));

const conclude = (builder: HistoryBuilder): HistoryBuilder => builder
  .at(8_000, { type: 'drain', conclusive: true, detail: '' })
  .at(9_000, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: [] } });

const exposure = async (builder: HistoryBuilder) => (await check(builder.build())).faults[0]!.exposure;

describe('in flight at the strike', () => {
  it.each([
    ['sent before and ended after', [['sent', 900], ['acknowledged', 1_100]], 1],
    ['sent before and never ended', [['sent', 900]], 1],
    ['ended as the fault struck', [['sent', 900], ['acknowledged', strikeMs]], 1],
    ['refused before', [['sent', 800], ['failed', 900]], 0],
    ['sent after', [['sent', 1_100], ['acknowledged', 1_200]], 0],
    ['sent as the fault struck', [['sent', strikeMs], ['acknowledged', 1_200]], 0],
    ['accepted before and never processed', [['sent', 800], ['acknowledged', 900]], 1],
    ['handed over before and never processed', [['sent', 800], ['handedOver', 900]], 1],
    ['unknown before, begun again and accepted after', [['sent', 700], ['indeterminate', 800], ['sent', 1_100], ['acknowledged', 1_200]], 1],
  ] as const)('%s', async (_, events, count) => {
    const builder = builderWith();
    for (const [name, atMs] of events) builder.produced(0, name, 0, { atMs });
    expect(await exposure(builder)).toMatchObject({ kind: 'in-flight', count });
  });

  it.each([['before the strike', 950, 0], ['after it', 1_050, 1]] as const)('accepted before and processed %s', async (_, atMs, count) => {
    const builder = builderWith().produced(0, 'sent', 0, { atMs: 800 }).produced(0, 'acknowledged', 0, { atMs: 900 })
      .consumed(0, 'delivered', 0, 0, { atMs: 910 }).consumed(0, 'processed', 0, 0, { atMs }).consumed(1, 'processed', 0, 0, { atMs: 7_000 });
    expect((await exposure(builder))!.count).toBe(count);
  });

  it('counts the first of two handlers that finished, whoever is read first', async () => {
    const builder = builderWith().produced(0, 'sent', 0, { atMs: 800 }).produced(0, 'acknowledged', 0, { atMs: 900 })
      .consumed(1, 'processed', 0, 0, { atMs: 950 }).consumed(0, 'processed', 0, 0, { atMs: 7_000 });
    expect((await exposure(builder))!.count).toBe(0);
  });

  it('is nothing for a fault that strikes no node, and for one that never struck', async () => {
    expect(await exposure(builderWith('replication-cut').produced(0, 'sent', 0, { atMs: 900 }))).toBeNull();
    const never = conclude(new HistoryBuilder({ storeKind: 'queue' }).at(900, { type: 'fault', id: 'f', fault: 'kill', edge: 'begin', nodes: ['a'], detail: '' }));
    expect(await exposure(never)).toBeNull();
  });

  it('tells the strikes apart', async () => {
    const builder = builderWith().at(2_000, { type: 'fault', id: 'g', fault: 'stop', edge: 'struck', nodes: ['b'], detail: '' });
    builder.produced(0, 'sent', 0, { atMs: 900 }).produced(0, 'failed', 0, { atMs: 1_100 });
    builder.produced(0, 'sent', 1, { atMs: 1_900 }).produced(0, 'failed', 1, { atMs: 2_100 });
    builder.produced(0, 'sent', 2, { atMs: 2_200 }).produced(0, 'failed', 2, { atMs: 2_300 });
    expect((await check(builder.build())).faults.map(({ exposure: found }) => found!.count)).toEqual([1, 1]);
  });
});

describe('a closed publish', () => {
  /** Ten of them, sequences 5 to 14; the rest were before. */
  const closed = (takes: (sequence: number) => boolean, closedAtMs = 990): HistoryBuilder => {
    const builder = builderWith().at(closedAtMs, { type: 'closed', producer: 0, from: 5, to: 15, complete: true });
    for (let sequence = 0; sequence < 15; sequence++) {
      builder.produced(0, 'sent', sequence, { atMs: 500 + sequence });
      if (takes(sequence)) builder.produced(0, 'acknowledged', sequence, { atMs: 500.5 + sequence });
    }
    for (let sequence = 0; sequence < 5; sequence++) builder.consumed(0, 'delivered', 0, sequence, { atMs: 600 }).consumed(0, 'processed', 0, sequence, { atMs: 601 + sequence });
    return builder;
  };

  it('is exposed to the fault that follows, and compared as a set with the lost', async () => {
    const { faults, exposedSet } = await check(closed(() => true).build());
    expect(faults[0]!.exposure).toEqual({ fault: 'f', kind: 'closed', count: 10, lost: 10 });
    expect(exposedSet).toEqual({ exposed: 10, lostAndExposed: 10, lostNotExposed: 0, exposedNotLost: 0 });
  });

  it('does not equal the lost when others were lost instead, though the numbers agree', async () => {
    const builder = closed(() => true).consumed(0, 'processed', 0, 7, { atMs: 7_000 });
    // Sequence 20 is lost and was never part of the closed publish.
    builder.produced(0, 'sent', 20, { atMs: 5_000 }).produced(0, 'acknowledged', 20, { atMs: 5_001 });
    expect((await check(builder.build())).exposedSet).toEqual({ exposed: 10, lostAndExposed: 9, lostNotExposed: 1, exposedNotLost: 1 });
  });

  it('counts only what was taken', async () => {
    expect((await exposure(closed((sequence) => sequence < 8)))).toMatchObject({ kind: 'closed', count: 3 });
  });

  it('that was taken by nobody exposes what was under way', async () => {
    expect((await exposure(closed((sequence) => sequence < 5)))).toMatchObject({ kind: 'in-flight', count: 10 });
  });

  it('after the strike is not exposed to it', async () => {
    const builder = closed(() => true, 1_500).at(2_000, { type: 'fault', id: 'g', fault: 'kill', edge: 'struck', nodes: ['b'], detail: '' });
    expect((await check(builder.build())).faults.map(({ exposure: found }) => found!.kind)).toEqual(['in-flight', 'closed']);
  });
});
