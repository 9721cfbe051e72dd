// Which messages count as exposed to a fault, and how they are compared with the lost.
import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { HistoryBuilder } from './testing/history-builder.ts';

const strikeMs = 1_000;

const builderWith = (fault: 'kill' | 'replication-cut' = 'kill'): HistoryBuilder =>
  conclude(new HistoryBuilder({ storeKind: 'queue' }).at(strikeMs, { type: 'fault', id: 'f', fault, strikes: fault === 'kill' ? 'node' : 'link', edge: 'struck', nodes: ['a'], detail: '' }));

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
    const never = conclude(new HistoryBuilder({ storeKind: 'queue' }).at(900, { type: 'fault', id: 'f', fault: 'kill', strikes: 'node', edge: 'begin', nodes: ['a'], detail: '' }));
    expect(await exposure(never)).toBeNull();
  });

  it.each(['kill', 'stop'] as const)('counts what a node may still have taken while it was being struck, and nothing from then on: %s', async (fault) => {
    const edge = (what: 'begin' | 'struck', atMs: number) => (builder: HistoryBuilder) => builder.at(atMs, { type: 'fault', id: 'f', fault, strikes: 'node', edge: what, nodes: ['a'], detail: '' });
    const builder = conclude(edge('struck', 1_500)(edge('begin', strikeMs)(new HistoryBuilder({ storeKind: 'queue' }))));
    for (const [sequence, sentMs] of [900, 1_100, 1_490, 1_500, 1_600].entries()) {
      builder.produced(0, 'sent', sequence, { atMs: sentMs }).produced(0, 'acknowledged', sequence, { atMs: sentMs + 5 });
      if (sentMs < strikeMs || sentMs >= 1_500) builder.consumed(0, 'delivered', 0, sequence, { atMs: sentMs + 6 }).consumed(0, 'processed', 0, sequence, { atMs: sentMs + 7 });
    }
    const { faults, exposedSet } = await check(builder.build());
    expect(faults[0]!.exposure).toEqual({ fault: 'f', kind: 'in-flight', count: 2, lost: 2 });
    expect(exposedSet).toEqual({ exposed: 2, lostAndExposed: 2, lostNotExposed: 0, exposedNotLost: 0 });
  });

  it.each([['pause', 1], ['kill', 0]] as const)('counts what is sent while a node is frozen, for it meets the fault: %s', async (fault, count) => {
    const edge = (what: 'struck' | 'heal', atMs: number) => (builder: HistoryBuilder) => builder.at(atMs, { type: 'fault', id: 'f', fault, strikes: 'node', edge: what, nodes: ['a'], detail: '' });
    const builder = conclude(edge('heal', 3_000)(edge('struck', strikeMs)(new HistoryBuilder({ storeKind: 'queue' }))));
    builder.produced(0, 'sent', 0, { atMs: 2_000 }).produced(0, 'acknowledged', 0, { atMs: 3_100 });
    builder.produced(0, 'sent', 1, { atMs: 3_200 }).produced(0, 'acknowledged', 1, { atMs: 3_300 });
    expect((await exposure(builder))!.count).toBe(count);
  });

  it('counts everything from the strike on where a frozen node never thawed', async () => {
    const builder = conclude(new HistoryBuilder({ storeKind: 'queue' }).at(strikeMs, { type: 'fault', id: 'f', fault: 'pause', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' }));
    builder.produced(0, 'sent', 0, { atMs: 7_000 }).produced(0, 'acknowledged', 0, { atMs: 7_100 });
    expect((await exposure(builder))!.count).toBe(1);
  });

  it('tells the strikes apart', async () => {
    const builder = builderWith().at(2_000, { type: 'fault', id: 'g', fault: 'stop', strikes: 'node', edge: 'struck', nodes: ['b'], detail: '' });
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

  it('does not count what was taken only after the strike: the next leader has it', async () => {
    const { faults, exposedSet } = await check(closed((sequence) => sequence !== 14).produced(0, 'acknowledged', 14, { atMs: 1_100 }).build());
    expect(faults[0]!.exposure).toMatchObject({ kind: 'closed', count: 9, lost: 9 });
    expect(exposedSet).toMatchObject({ exposed: 9, lostNotExposed: 1 });
  });

  it('that was taken by nobody exposes what was under way', async () => {
    expect((await exposure(closed((sequence) => sequence < 5)))).toMatchObject({ kind: 'in-flight', count: 10 });
  });

  it('is all of the set that losses are compared with, whatever was under way when another fault struck', async () => {
    const builder = closed(() => true).at(550, { type: 'fault', id: 'frozen', fault: 'pause', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' });
    const { faults, exposedSet } = await check(builder.build());
    expect(faults.map(({ id, exposure: found }) => [id, found!.kind, found!.count])).toEqual(expect.arrayContaining([['frozen', 'in-flight', 15], ['f', 'closed', 10]]));
    expect(exposedSet).toEqual({ exposed: 10, lostAndExposed: 10, lostNotExposed: 0, exposedNotLost: 0 });
  });

  it.each([
    ['the same node', 'a', [['f', 'closed', 10], ['frozen', 'in-flight', 10]]],
    ['another node', 'b', [['f', 'in-flight', 10], ['frozen', 'closed', 10]]],
  ] as const)('that a frozen node holds is credited to the fault that ends it: one that strikes %s later', async (_, node, expected) => {
    const builder = closed(() => true, 700).at(800, { type: 'fault', id: 'frozen', fault: 'pause', strikes: 'node', edge: 'struck', nodes: [node], detail: '' });
    const { faults, exposedSet } = await check(builder.build());
    expect(faults.map(({ id, exposure: found }) => [id, found!.kind, found!.count]).toSorted()).toEqual(expected);
    expect(exposedSet.exposed).toBe(10);
  });

  it('after the strike is not exposed to it', async () => {
    const builder = closed(() => true, 1_500).at(2_000, { type: 'fault', id: 'g', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['b'], detail: '' });
    expect((await check(builder.build())).faults.map(({ exposure: found }) => found!.kind)).toEqual(['in-flight', 'closed']);
  });
});

describe('a fault on a client', () => {
  type Client = 'producer-0' | 'producer-1' | 'consumer-0';
  const struck = (fault: 'kill' | 'pause' | 'stall' | 'crash-loop', name: Client, beginMs = 500, healMs = 2_000): HistoryBuilder => {
    const edge = (what: 'begin' | 'struck' | 'heal', atMs: number) => (builder: HistoryBuilder) => builder.at(atMs, { type: 'fault', id: 'f', fault, strikes: 'client', edge: what, nodes: [name], detail: '' });
    const builder = new HistoryBuilder({ storeKind: 'queue', producers: 2, consumers: 2 });
    return conclude(edge('heal', healMs)(edge('struck', strikeMs)(edge('begin', beginMs)(builder))));
  };
  const sent = (builder: HistoryBuilder, producer: number, sequence: number, sentMs: number, endMs: number | null) => {
    builder.produced(producer, 'sent', sequence, { atMs: sentMs });
    return endMs === null ? builder : builder.produced(producer, 'acknowledged', sequence, { atMs: endMs });
  };

  it('on a producer exposes what that producer had under way or had accepted and nobody had processed', async () => {
    const builder = struck('kill', 'producer-1');
    sent(builder, 1, 0, 900, null);
    sent(builder, 1, 1, 800, 850);
    sent(builder, 0, 0, 900, null);
    sent(builder, 0, 1, 800, 850);
    expect(await exposure(builder)).toMatchObject({ kind: 'in-flight', count: 2 });
  });

  it('on a consumer exposes what any producer had under way or accepted, and what was processed until it was gone is not', async () => {
    const builder = struck('kill', 'consumer-0', 500);
    for (const [producer, sequence] of [[0, 0], [1, 0], [1, 1]] as const) sent(builder, producer, sequence, 100, 200);
    // Between the beginning of the injection and the end of the process: it was alive, and it did it.
    builder.consumed(0, 'delivered', 0, 0, { atMs: 300 }).consumed(0, 'processed', 0, 0, { atMs: 900 });
    expect((await exposure(builder))!.count).toBe(2);
  });

  it.each(['stall', 'crash-loop'] as const)('%s exposes what the consumer was given and did not handle for as long as it lasted', async (fault) => {
    const builder = struck(fault, 'consumer-0');
    for (let sequence = 0; sequence < 5; sequence++) sent(builder, 0, sequence, 100, 200);
    builder.consumed(0, 'delivered', 0, 0, { atMs: 300 }).consumed(0, 'processed', 0, 0, { atMs: 400 });
    builder.consumed(0, 'delivered', 0, 1, { atMs: 700 }).consumed(0, 'delivered', 0, 2, { atMs: 1_500 });
    builder.consumed(1, 'redelivered', 0, 1, { atMs: 1_600 }).consumed(1, 'delivered', 0, 3, { atMs: 2_100 });
    expect((await exposure(builder))!.count).toBe(2);
  });

  it('goes by the first delivery of two, whoever is read first', async () => {
    const builder = sent(struck('stall', 'consumer-0'), 0, 0, 100, 200);
    builder.consumed(0, 'redelivered', 0, 0, { atMs: 2_100 }).consumed(1, 'delivered', 0, 0, { atMs: 700 });
    expect((await exposure(builder))!.count).toBe(1);
  });

  it('leaves a closed publish to the next fault on a node', async () => {
    const builder = struck('pause', 'consumer-0').at(900, { type: 'closed', producer: 0, from: 0, to: 3, complete: true });
    for (let sequence = 0; sequence < 3; sequence++) sent(builder, 0, sequence, 100, 200);
    sent(builder, 0, 3, 910, 920);
    builder.at(1_500, { type: 'fault', id: 'g', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' });
    expect((await check(builder.build())).faults.map(({ exposure: found }) => [found!.kind, found!.count])).toEqual([['in-flight', 4], ['closed', 3]]);
  });

  it('is told apart from faults on nodes and links', async () => {
    expect((await check(struck('kill', 'consumer-0').build())).faults[0]).toMatchObject({ strikes: 'client', nodes: ['consumer-0'] });
    expect((await check(builderWith('replication-cut').build())).faults[0]).toMatchObject({ strikes: 'link' });
  });
});

describe('a message that was lost before the strike', () => {
  const positions = { partitions: [{ partition: 0, committed: 100, start: 0, end: 100 }, { partition: 1, committed: 100, start: 0, end: 100 }] };
  /** Sequences 0 … 9; number 4 is never delivered. Of the others `deliveredMs` says when. */
  const history = (storeKind: 'log' | 'queue', receipts: boolean, deliveredMs: (sequence: number) => number, consumers = 1): HistoryBuilder => {
    const builder = new HistoryBuilder({ storeKind, consumers }).at(strikeMs, { type: 'fault', id: 'f', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' })
      .at(8_000, { type: 'drain', conclusive: true, detail: '' }).at(9_000, { type: 'audit', conclusive: true, detail: '', records: 0, positions });
    for (let sequence = 0; sequence < 10; sequence++) {
      builder.produced(0, 'sent', sequence, { atMs: sequence, partition: 0 }).produced(0, 'acknowledged', sequence, { atMs: sequence + 0.5, partition: 0, ...(receipts ? { offset: sequence } : {}) });
      if (sequence === 4) continue;
      const place = { partition: 0, ...(storeKind === 'log' ? { offset: sequence } : {}) };
      const consumer = sequence % consumers;
      builder.consumed(consumer, 'delivered', 0, sequence, { ...place, atMs: deliveredMs(sequence) }).consumed(consumer, 'processed', 0, sequence, { ...place, atMs: deliveredMs(sequence) + 0.1 });
      if (storeKind === 'log') builder.audited('stored', 0, sequence, place);
    }
    return builder;
  };

  it.each([['log', true], ['log', false], ['queue', false]] as const)('of a %s, receipts %s: is not exposed where consumers had passed it by then', async (storeKind, receipts) => {
    const facts = await check(history(storeKind, receipts, (sequence) => 100 + sequence).build());
    expect(facts.accounting.lost).toBe(1);
    expect(facts.faults[0]!.exposure).toMatchObject({ count: 0, lost: 0 });
    expect(facts.exposedSet).toMatchObject({ exposed: 0, lostNotExposed: 1 });
  });

  it.each([['log', true], ['log', false], ['queue', false]] as const)('of a %s, receipts %s: may have been there where nobody had passed it', async (storeKind, receipts) => {
    const facts = await check(history(storeKind, receipts, (sequence) => (sequence < 4 ? 100 : 2_000) + sequence).build());
    expect(facts.faults[0]!.exposure).toMatchObject({ count: 6, lost: 1 });
  });

  it('may have been in another consumer\'s hands where a queue has several', async () => {
    const facts = await check(history('queue', false, (sequence) => 100 + sequence, 2).build());
    expect(facts.faults[0]!.exposure).toMatchObject({ count: 1, lost: 1 });
  });

  it('may have been there where only a message that came back had been given out of its turn', async () => {
    const builder = history('queue', false, (sequence) => (sequence < 4 ? 100 : 2_000) + sequence).consumed(0, 'redelivered', 0, 7, { atMs: 150, partition: 0 });
    expect((await exposure(builder))).toMatchObject({ count: 6, lost: 1 });
  });

  it('is exposed where it was delivered before and handled by nobody', async () => {
    const builder = history('queue', false, (sequence) => 100 + sequence).consumed(0, 'delivered', 0, 4, { atMs: 105 });
    expect((await exposure(builder))).toMatchObject({ count: 1, lost: 1 });
  });

  it('of two partitions: is passed in its own only', async () => {
    const builder = history('log', true, (sequence) => (sequence < 4 ? 100 : 2_000) + sequence)
      .produced(0, 'sent', 20, { atMs: 50, partition: 1 }).produced(0, 'acknowledged', 20, { atMs: 51, partition: 1, offset: 50 })
      .consumed(0, 'delivered', 0, 20, { atMs: 150, partition: 1, offset: 50 }).consumed(0, 'processed', 0, 20, { atMs: 151, partition: 1, offset: 50 });
    expect((await exposure(builder))).toMatchObject({ count: 6, lost: 1 });
  });
});
