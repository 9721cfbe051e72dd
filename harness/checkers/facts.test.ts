// What else the facts tell: faults, leaders, conditions, rates, latencies, errors and stories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../model/facts.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import { check } from './check.ts';
import { LatencyHistogram } from './latency.ts';
import { Bins, mostBins, narrowestBinMs, toSeries } from './series.ts';
import { HistoryBuilder } from './testing/history-builder.ts';

const log = () => new HistoryBuilder({ storeKind: 'log', producers: 2, consumers: 2 });
const fault = (edge: Extract<TimelineDraft, { type: 'fault' }>['edge'], ok?: boolean): TimelineDraft =>
  ({ type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge, nodes: ['kafka-1'], detail: `${edge} kafka-1`, ...(ok === undefined ? {} : { ok }) });
const leader = (from: string | null, to: string | null, epoch: number): TimelineDraft => ({ type: 'leader', partition: 0, from, to, epoch });
const facts = async (builder: HistoryBuilder): Promise<Facts> => await check(builder.build());

describe('a fault', () => {
  const whole = () => log().at(0, leader(null, 'kafka-1', 1)).at(0, { type: 'in-sync', partition: 0, nodes: ['kafka-1', 'kafka-2'] })
    .at(100, fault('trigger')).at(110, fault('begin')).at(150, fault('struck')).at(160, fault('proved', true))
    .at(3_000, leader('kafka-1', 'kafka-2', 2)).at(3_100, { type: 'led', id: 'kill', node: 'kafka-1', partition: 0, led: true, detail: 'kafka-1 led' })
    .at(5_000, fault('heal')).at(6_000, fault('healed', true)).at(7_000, { type: 'redundant', id: 'kill', detail: 'all in sync' });

  it('is told from its edges', async () => {
    const { faults: [kill] } = await facts(whole());
    expect(kill).toMatchObject({
      id: 'kill', fault: 'kill', nodes: ['kafka-1'], triggerMs: 100, beginMs: 110, struckMs: 150, healMs: 5_000, healedMs: 6_000, delayMs: 50,
      proved: true, proof: 'proved kafka-1', led: true, ledDetail: 'kafka-1 led', leadershipMoved: true, timeToRedundancyMs: 6_850,
    });
    expect(kill).not.toHaveProperty('struckNs');
  });

  it('was on until the heal that worked, not until one that failed', async () => {
    const builder = log().at(150, fault('struck')).at(1_000, fault('heal')).at(1_500, fault('healed', false)).at(5_000, fault('heal')).at(6_000, fault('healed', true));
    expect((await facts(builder)).faults[0]).toMatchObject({ healMs: 5_000, healedMs: 6_000 });
  });

  it('is not proved by a proof that failed, nor by none', async () => {
    expect((await facts(log().at(1, fault('struck')).at(2, fault('proved', false)))).faults[0]!.proved).toBe(false);
    expect((await facts(log().at(1, fault('struck')))).faults[0]!).toMatchObject({ proved: false, led: null, leadershipMoved: null });
  });

  it.each([
    ['another replica was in sync and nobody took over', ['kafka-1', 'kafka-2'], [], false],
    ['only the victim was in sync', ['kafka-1'], [], null],
    ['the leader changed before the strike only', ['kafka-1', 'kafka-2'], [[50, 'kafka-2']], false],
    ['leadership was lost and came back to the victim', ['kafka-1', 'kafka-2'], [[3_000, null], [4_000, 'kafka-1']], false],
    ['somebody took over who was not known to be in sync', ['kafka-1'], [[3_000, 'kafka-3']], true],
  ] as const)('says whether leadership moved: %s', async (_, inSync, changes, moved) => {
    const builder = log().at(0, { type: 'in-sync', partition: 0, nodes: inSync }).at(110, fault('begin')).at(150, fault('struck'))
      .at(4_000, { type: 'led', id: 'kill', node: 'kafka-1', partition: 0, led: true, detail: '' });
    for (const [atMs, to] of changes) builder.at(atMs, leader('kafka-1', to, 1));
    expect((await facts(builder)).faults[0]!.leadershipMoved).toBe(moved);
  });
});

it('lists changes of leader without the first word about a partition and without new epochs of the same leader', async () => {
  const builder = log().at(1, leader(null, 'a', 1)).at(2, leader('a', 'a', 2)).at(3, leader('a', null, 2)).at(4, leader(null, 'b', 3));
  expect((await facts(builder)).leaderChanges).toEqual([{ timeMs: 3, partition: 0, from: 'a', to: null }, { timeMs: 4, partition: 0, from: null, to: 'b' }]);
});

describe('a chase', () => {
  it('moved leadership only where that came before the next fault at the leader', async () => {
    const strike = (id: string, node: string, fromMs: number): readonly (readonly [number, TimelineDraft])[] => [
      [fromMs, { ...fault('begin'), id, nodes: [node] } as TimelineDraft], [fromMs + 10, { ...fault('struck'), id, nodes: [node] } as TimelineDraft],
      [fromMs + 20, { type: 'led', id, node, partition: 0, led: true, detail: '' }],
    ];
    const chased = (...changes: readonly (readonly [number, TimelineDraft])[]) => {
      const builder = log().at(0, leader(null, 'a', 1)).at(0, { type: 'in-sync', partition: 0, nodes: ['a', 'b', 'c'] });
      for (const [atMs, draft] of [...strike('first', 'a', 100), ...strike('second', 'a', 2_000), ...changes]) builder.at(atMs, draft);
      return facts(builder).then(({ faults }) => faults.map(({ id, leadershipMoved }) => [id, leadershipMoved]));
    };
    expect(await chased([3_000, leader('a', 'b', 2)])).toEqual([['first', false], ['second', true]]);
    expect(await chased([1_000, leader('a', 'b', 2)], [1_500, leader('b', 'a', 3)], [3_000, leader('a', 'c', 4)])).toEqual([['first', true], ['second', true]]);
  });
});

describe('conditions', () => {
  const phase = (name: 'steady' | 'chaos' | 'heal', ok: boolean): TimelineDraft => ({ type: 'phase', phase: name, edge: 'end', ok });

  it('hold when everything went well', async () => {
    const builder = log().at(10, phase('steady', true)).at(50, fault('struck')).at(60, fault('healed', true)).at(65, phase('chaos', true)).at(70, phase('heal', true))
      .at(80, { type: 'drain', conclusive: true, detail: 'nothing left' }).at(90, { type: 'audit', conclusive: true, detail: 'all read', records: 0, positions: { partitions: [] } });
    for (const [sequence, atMs] of [[0, 20], [1, 49], [2, 50], [3, 59], [4, 69], [5, 70], [6, 75]] as const) builder.produced(0, 'acknowledged', sequence, { atMs });
    expect((await facts(builder)).conditions).toEqual({
      steadyOk: true, acknowledgedBeforeFault: 2, acknowledgedAfterHeal: 2, healComplete: true, drainComplete: true, drainDetail: 'nothing left',
      auditComplete: true, auditDetail: 'all read', historyWhole: true, historyDetail: 'complete', stepsComplete: true, stepsDetail: expect.any(String), deadWorkers: [],
    });
  });

  it('do not hold where a phase failed or never came', async () => {
    expect((await facts(log())).conditions).toMatchObject({ steadyOk: false, healComplete: false, drainComplete: false, auditComplete: false });
    expect((await facts(log().at(1, phase('steady', false)).at(2, phase('heal', false)))).conditions).toMatchObject({ steadyOk: false, healComplete: false });
    expect((await facts(log().at(1, fault('healed', false)).at(2, phase('heal', true)))).conditions.healComplete).toBe(false);
  });

  it('hold where a heal failed first and worked later, in either order of two faults; the last word about each fault counts', async () => {
    const healed = (id: string, ok: boolean): TimelineDraft => ({ ...fault('healed', ok), id } as TimelineDraft);
    const heals = async (...words: readonly (readonly [id: string, ok: boolean])[]) => {
      const builder = log().at(1, fault('struck')).at(2, { ...fault('struck'), id: 'cut' } as TimelineDraft);
      for (const [index, [id, ok]] of words.entries()) builder.at(10 + index, healed(id, ok));
      return (await facts(builder.at(20, phase('heal', true)))).conditions.healComplete;
    };
    expect(await heals(['kill', false], ['cut', true], ['kill', true])).toBe(true);
    expect(await heals(['kill', false], ['kill', true], ['cut', true])).toBe(true);
    expect(await heals(['kill', false], ['cut', true])).toBe(false);
    expect(await heals(['kill', true], ['cut', true], ['cut', false])).toBe(false);
  });

  it('do not hold where a wait was given up, whatever was done after it', async () => {
    const step = (ok: boolean): TimelineDraft => ({ type: 'step', index: 1, kind: 'wait', edge: 'end', detail: ok ? '20 000 acknowledged' : 'not reached: 17 acknowledged', ...(ok ? {} : { ok }) });
    const played = (ok: boolean) => log().at(1, step(ok)).at(2, phase('chaos', true));
    expect((await facts(played(true))).conditions).toMatchObject({ stepsComplete: true });
    expect((await facts(played(false))).conditions).toMatchObject({ stepsComplete: false, stepsDetail: 'step 2: not reached: 17 acknowledged' });
  });

  it('name workers that died by themselves', async () => {
    const builder = log().at(1, { type: 'worker', worker: 'consumer-1', edge: 'died', detail: '' }).at(2, { type: 'worker', worker: 'consumer-0', edge: 'stopped', detail: '' });
    expect((await facts(builder)).conditions.deadWorkers).toEqual(['consumer-1']);
  });

  it('do not believe an audit that read more than the history holds, or a partition without a position', async () => {
    const audited = (records: number, partitions: readonly number[]) => log().audited('stored', 0, 0, { partition: 0, offset: 0 }).event('audit', 0, 'stranger', { partition: 0, offset: 1 }).audited('deadLettered', 0, 1)
      .at(9, { type: 'audit', conclusive: true, detail: 'all read', records, positions: { partitions: partitions.map((partition) => ({ partition, committed: null, start: 0, end: 2 })) } });
    expect((await facts(audited(3, [0]))).conditions).toMatchObject({ auditComplete: true });
    expect((await facts(audited(4, [0]))).conditions).toMatchObject({ auditComplete: false, auditDetail: 'it read 4 records, 3 are in the history' });
    expect((await facts(audited(3, []))).conditions).toMatchObject({ auditComplete: false, auditDetail: 'no committed position is known for partition 0' });
  });

  it('take a group without a committed position to be owed everything', async () => {
    const builder = log().produced(0, 'acknowledged', 0).audited('stored', 0, 0, { partition: 0, offset: 0 }).at(8, { type: 'drain', conclusive: true, detail: '' })
      .at(9, { type: 'audit', conclusive: true, detail: '', records: 1, positions: { partitions: [{ partition: 0, committed: null, start: 0, end: 1 }] } });
    expect((await facts(builder)).accounting).toMatchObject({ stuck: 1, lost: 0 });
  });
});

describe('rates', () => {
  it('count every event in the bin of its time', async () => {
    const builder = log();
    for (const [sequence, name, atMs] of [[0, 'acknowledged', 50], [1, 'handedOver', 250], [2, 'failed', 120], [3, 'indeterminate', 199]] as const) if (name !== 'handedOver') builder.produced(0, name, sequence, { atMs });
    builder.consumed(0, 'delivered', 0, 0, { atMs: 99.9 }).consumed(1, 'redelivered', 0, 0, { atMs: 100 });
    expect((await facts(builder)).series).toEqual({ binMs: 100, acknowledged: [1, 0], delivered: [1, 1], failed: [0, 1], indeterminate: [0, 1] });
  });

  it('count what was handed over as well', async () => {
    expect((await facts(log().produced(0, 'handedOver', 0, { atMs: 250 }))).series.acknowledged).toEqual([0, 0, 1]);
  });

  it('fit into a chart whatever the length of the run, and lose nothing', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 3e14, noNaN: true }), { minLength: 1, maxLength: 50 }), (times) => {
      const bins = { acknowledged: new Bins(20), delivered: new Bins(), failed: new Bins(), indeterminate: new Bins() };
      for (const time of times) { bins.acknowledged.add(time); bins.delivered.add(time); }
      const series = toSeries(bins);
      const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
      expect(series.acknowledged.length).toBeLessThanOrEqual(mostBins);
      expect(series.binMs % narrowestBinMs).toBe(0);
      expect([sum(series.acknowledged), sum(series.delivered)]).toEqual([times.length, times.length]);
      expect(series.failed).toHaveLength(series.acknowledged.length);
    }), { numRuns: 50 });
  });
});

describe('latency', () => {
  it('is null where nothing was acknowledged', async () => {
    expect((await facts(log().produced(0, 'sent', 0, { atMs: 1 }).produced(0, 'handedOver', 0, { atMs: 2 }))).acknowledgeLatency).toBeNull();
  });

  it('is counted from the first attempt of a message: what it waited through an outage is not left out', async () => {
    const builder = log().produced(0, 'sent', 0, { atMs: 1_000 }).produced(0, 'failed', 0, { atMs: 1_100 }).produced(0, 'sent', 0, { atMs: 1_300, attempt: 2 }).produced(0, 'indeterminate', 0, { atMs: 1_500, attempt: 2 });
    builder.produced(0, 'sent', 0, { atMs: 1_780, attempt: 3 }).produced(0, 'acknowledged', 0, { atMs: 1_782, attempt: 3 });
    const { acknowledgeLatency, acknowledgeOverTime } = await facts(builder);
    expect(acknowledgeLatency).toEqual({ count: 1, p50Ms: 782, p95Ms: 782, p99Ms: 782, maxMs: 782 });
    expect([acknowledgeOverTime!.fromMs, acknowledgeOverTime!.maxMs]).toEqual([1_000, [782]]);
  });

  it('is counted once for a message, to its first acknowledgement', async () => {
    const builder = log().produced(0, 'sent', 0, { atMs: 1_000 }).produced(0, 'sent', 0, { atMs: 1_200, attempt: 2 });
    builder.produced(0, 'acknowledged', 0, { atMs: 1_300 }).produced(0, 'acknowledged', 0, { atMs: 1_900, attempt: 2 });
    expect((await facts(builder)).acknowledgeLatency).toMatchObject({ count: 1, maxMs: 300 });
  });

  it('is right beyond the 71 minutes that a clock of 32 bits wraps at', async () => {
    const end = { type: 'phase', phase: 'teardown', edge: 'end' } as const;
    const once = log().at(5_000_000, end).produced(0, 'sent', 0, { atMs: 4_294_960 }).produced(0, 'acknowledged', 0, { atMs: 4_294_980 });
    expect((await facts(once)).acknowledgeLatency).toMatchObject({ count: 1, maxMs: 20 });
    const twice = log().at(5_000_000, end).produced(0, 'sent', 0, { atMs: 4_294_960 }).produced(0, 'indeterminate', 0, { atMs: 4_294_970 }).produced(0, 'sent', 0, { atMs: 4_295_000, attempt: 2 }).produced(0, 'acknowledged', 0, { atMs: 4_295_060 });
    expect((await facts(twice)).acknowledgeLatency!.maxMs).toBeCloseTo(100, 1);
    const long = log().at(5_000_000, end).produced(0, 'sent', 0, { atMs: 0 }).produced(0, 'indeterminate', 0, { atMs: 500 }).produced(0, 'sent', 0, { atMs: 4_999_000, attempt: 2 }).produced(0, 'acknowledged', 0, { atMs: 5_000_000 });
    expect((await facts(long)).acknowledgeLatency!.maxMs).toBe(4_294_967.295);
  });

  it('has quantiles within two hundredths of the truth', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
      const histogram = new LatencyHistogram();
      for (const value of values) histogram.add(value);
      const sorted = values.toSorted((a, b) => a - b);
      const summary = histogram.summary()!;
      expect(summary).toMatchObject({ count: values.length, maxMs: sorted.at(-1)! / 1_000 });
      for (const [share, found] of [[0.5, summary.p50Ms], [0.95, summary.p95Ms], [0.99, summary.p99Ms]] as const) {
        const truth = sorted[Math.ceil(share * sorted.length) - 1]!;
        expect(Math.abs(found * 1_000 - truth)).toBeLessThanOrEqual(truth * 0.02 + 0.001);
      }
    }));
  });
});

it('counts errors by worker and kind', async () => {
  const builder = log().errors('producer', 0, [{ name: 'Timeout', message: 'no answer' }, { name: 'Never', message: 'unused' }]).errors('producer', 1, [{ name: 'Refused', message: 'closed' }]).errors('consumer', 1, [{ name: 'Odd', message: 'odd' }]);
  builder.produced(0, 'failed', 0, { code: 1 }).produced(0, 'indeterminate', 1, { code: 1 }).produced(1, 'failed', 0, { code: 1 }).consumed(1, 'delivered', 0, 0, { code: 1 });
  expect((await facts(builder)).errors).toEqual([
    { worker: 'consumer-1', name: 'Odd', message: 'odd', count: 1 },
    { worker: 'producer-0', name: 'Timeout', message: 'no answer', count: 2 },
    { worker: 'producer-1', name: 'Refused', message: 'closed', count: 1 },
  ]);
});

describe('totals', () => {
  it('count ids, attempts, deliveries and records', async () => {
    const builder = log().event('producer', 0, 'reserved', { atMs: 0, sequence: 0, offset: 10 }).event('producer', 0, 'released', { atMs: 900, sequence: 6, offset: 4 });
    builder.produced(0, 'sent', 0, { atMs: 1 }).produced(0, 'indeterminate', 0, { atMs: 2 }).produced(0, 'sent', 0, { atMs: 3, attempt: 2 }).produced(0, 'acknowledged', 0, { atMs: 4 });
    builder.produced(0, 'sent', 1, { atMs: 5 }).produced(0, 'failed', 1, { atMs: 6 }).produced(0, 'sent', 2, { atMs: 7 });
    for (const consumer of [0, 1]) builder.consumed(consumer, 'delivered', 0, 0, { partition: 0, offset: 0 }).consumed(consumer, 'processed', 0, 0).consumed(consumer, 'settled', 0, 0);
    builder.audited('stored', 0, 0, { partition: 0, offset: 0 }).audited('stored', 0, 0, { partition: 0, offset: 1 }).audited('deadLettered', 0, 2);
    expect((await facts(builder)).totals).toEqual({
      reserved: 6, attempted: 3, attempts: 4, acknowledged: 1, handedOver: 0, failed: 1, indeterminate: 4, deliveries: 2, deliveredIds: 1,
      processedIds: 1, settledIds: 1, storedRecords: 2, storedIds: 1, deadLetteredIds: 1,
    });
  });
});

describe('stories', () => {
  const story = async (builder: HistoryBuilder) => (await facts(builder.at(8_000, { type: 'drain', conclusive: true, detail: '' })
    .at(9_000, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: [{ partition: 0, committed: 900, start: 0, end: 900 }] } }))).measures.find(({ measure }) => measure === 'lost')!.examples[0]!.story;

  it('tell what happened to a message, in words', async () => {
    const builder = log().produced(0, 'sent', 7, { atMs: 12_301, partition: 0 }).produced(0, 'acknowledged', 7, { atMs: 12_345, partition: 0, offset: 812 });
    expect(await story(builder)).toBe('sent at 12.301 s; acknowledged at 12.345 s (partition 0, offset 812); never delivered; not in the log');
  });

  it('tell attempts, and what came after a delivery', async () => {
    const builder = log().produced(0, 'sent', 7, { atMs: 1 }).produced(0, 'indeterminate', 7, { atMs: 2 }).produced(0, 'sent', 7, { atMs: 3, attempt: 2 }).produced(0, 'acknowledged', 7, { atMs: 4, attempt: 2 });
    builder.consumed(0, 'delivered', 0, 7, { atMs: 5 }).consumed(0, 'settled', 0, 7, { atMs: 6 }).audited('stored', 0, 7, { partition: 0, offset: 3 });
    expect(await story(builder)).toBe('sent at 0.001 s; sent (attempt 2) at 0.003 s; ended without a known outcome at 0.002 s; acknowledged (attempt 2) at 0.004 s; delivered at 0.005 s; settled at 0.006 s; never processed; in the log (partition 0, offset 3)');
  });

  it('tell many repetitions in short', async () => {
    const builder = log().produced(0, 'acknowledged', 7, { atMs: 4 });
    for (let index = 0; index < 30; index++) builder.consumed(0, 'delivered', 0, 7, { atMs: 10 + index });
    expect(await story(builder)).toContain('delivered 30 times between 0.010 s and 0.039 s');
  });

  it('tell when the lost were accepted', async () => {
    const builder = log();
    for (const [sequence, atMs] of [[0, 100], [1, 250], [2, 300]] as const) builder.produced(0, 'acknowledged', sequence, { atMs });
    builder.consumed(0, 'processed', 0, 2).at(8_000, { type: 'drain', conclusive: true, detail: '' }).at(9_000, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: [] } });
    expect((await facts(builder)).lostBetweenMs).toEqual({ from: 100, to: 250 });
    expect(await facts(log())).not.toHaveProperty('lostBetweenMs');
  });
});
