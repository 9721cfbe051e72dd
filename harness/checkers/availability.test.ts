// When a partition counts as unavailable, from when to when, and how faults are timed by it.
import { describe, expect, it } from 'vitest';
import type { Facts } from '../model/facts.ts';
import { check } from './check.ts';
import { HistoryBuilder } from './testing/history-builder.ts';

class Traffic {
  readonly builder = new HistoryBuilder({ storeKind: 'log', producers: 2 });
  #sequence = 0;

  /** One attempt: sent, and ended after `tookMs`. */
  attempt(sentMs: number, tookMs: number, outcome: 'acknowledged' | 'handedOver' | 'failed' | 'indeterminate' = 'acknowledged', partition = 0, producer = 0): this {
    const sequence = this.#sequence++;
    this.builder.produced(producer, 'sent', sequence, { atMs: sentMs, partition }).produced(producer, outcome, sequence, { atMs: sentMs + tookMs, partition });
    return this;
  }

  /** Quick oks every `everyMs`, the first at `fromMs + 1`. */
  oks(fromMs: number, toMs: number, everyMs = 10, partition = 0, producer = 0): this {
    for (let at = fromMs; at < toMs; at += everyMs) this.attempt(at, 1, 'acknowledged', partition, producer);
    return this;
  }

  async facts(): Promise<Facts> {
    return await check(this.builder.at(200_000, { type: 'drain', conclusive: true, detail: '' }).build());
  }
}

const windows = (facts: Facts) => facts.unavailable.map(({ partition, fromMs, toMs }) => ({ partition, fromMs, toMs }));
const unavailable = (facts: Facts) => facts.measures.find(({ measure }) => measure === 'unavailableMs')!;

describe('unavailability', () => {
  it('is nothing while oks come, however few', async () => {
    const facts = await new Traffic().oks(0, 1_000).facts();
    expect(windows(facts)).toEqual([]);
    expect(unavailable(facts)).toMatchObject({ count: 0, conclusive: true });
  });

  it('lasts from the last ok before a silence in which somebody waited to the first of ten oks', async () => {
    const facts = await new Traffic().oks(0, 1_000).attempt(1_000, 2_000).oks(3_010, 4_000).facts();
    expect(windows(facts)).toEqual([{ partition: 0, fromMs: 991, toMs: 3_000 }]);
    expect(unavailable(facts)).toMatchObject({ count: 2_009, conclusive: true });
  });

  it('is no idle stretch: nobody asked', async () => {
    expect(windows(await new Traffic().oks(0, 1_000).oks(5_000, 6_000).facts())).toEqual([]);
  });

  it('after an idle stretch begins with the attempt that had to wait', async () => {
    const facts = await new Traffic().oks(0, 1_000).attempt(5_000, 800).oks(5_800, 7_000).facts();
    expect(windows(facts)).toEqual([{ partition: 0, fromMs: 5_000, toMs: 5_800 }]);
  });

  it('is no hiccup of a quarter of a second', async () => {
    expect(windows(await new Traffic().oks(0, 1_000).attempt(1_000, 240).oks(1_240, 2_000).facts())).toEqual([]);
    expect((await new Traffic().oks(0, 1_000).attempt(1_000, 260).oks(1_260, 2_000).facts()).unavailable).toHaveLength(1);
  });

  it('begins with refusals that go on as well', async () => {
    const traffic = new Traffic().oks(0, 1_000);
    for (let at = 1_000; at < 2_000; at += 50) traffic.attempt(at, 5, 'failed');
    const facts = await traffic.oks(2_000, 3_000).facts();
    expect(windows(facts)).toEqual([{ partition: 0, fromMs: 991, toMs: 2_001 }]);
  });

  it('is no single refusal among oks', async () => {
    expect(windows(await new Traffic().oks(0, 1_000).attempt(1_000, 1, 'failed').oks(1_005, 2_000).facts())).toEqual([]);
  });

  it('goes on while fewer than ten oks come in a row', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(1_000, 1_000);
    for (let at = 2_020; at < 4_000; at += 100) traffic.oks(at, at + 50).attempt(at + 75, 1, 'indeterminate');
    const facts = await traffic.oks(4_000, 5_000).facts();
    expect(windows(facts)).toEqual([{ partition: 0, fromMs: 991, toMs: 4_001 }]);
  });

  it('does not end with oks that come too slowly and late', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(1_000, 1_000);
    for (let at = 2_000; at < 8_000; at += 240) traffic.attempt(at, 300);
    const slow = await traffic.attempt(8_400, 1, 'failed').oks(8_500, 9_000).facts();
    expect(windows(slow)).toEqual([{ partition: 0, fromMs: 991, toMs: 8_501 }]);
    const quick = await new Traffic().oks(0, 1_000).attempt(1_000, 1_000).oks(2_100, 8_000, 190).attempt(8_001, 1, 'failed').oks(8_100, 9_000).facts();
    expect(windows(quick)).toEqual([{ partition: 0, fromMs: 991, toMs: 2_000 }]);
  });

  it('ends with successes only for two seconds where traffic is too slow for ten of them', async () => {
    const slow = await new Traffic().oks(0, 1_000).attempt(1_000, 1_000).oks(2_100, 8_000, 400).attempt(8_001, 1, 'failed').oks(8_100, 9_000).facts();
    expect(windows(slow)).toEqual([{ partition: 0, fromMs: 991, toMs: 2_000 }]);
  });

  it('does not end with a batch, however many messages it holds: that is one success', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(1_000, 1_000, 'failed');
    for (let message = 0; message < 50; message++) traffic.attempt(2_100, 1);
    const facts = await traffic.attempt(2_200, 2_000, 'failed').oks(5_010, 6_000).facts();
    expect(windows(facts)).toEqual([{ partition: 0, fromMs: 991, toMs: 5_011 }]);
  });

  it('does not end with one lucky ok at the end', async () => {
    expect(windows(await new Traffic().oks(0, 1_000).attempt(1_000, 3_000).facts())).toEqual([{ partition: 0, fromMs: 991, toMs: null }]);
  });

  it('is all the time of a partition that never took anything, though others did', async () => {
    const traffic = new Traffic().oks(0, 3_000);
    for (let at = 100; at < 3_000; at += 100) traffic.attempt(at, 50, 'failed', 1, 1);
    const facts = await traffic.facts();
    expect(windows(facts)).toEqual([{ partition: 1, fromMs: 100, toMs: null }]);
    expect(unavailable(facts)).toMatchObject({ count: 2_850, conclusive: false, atLeast: true });
  });

  it('is not known where messages were only handed over', async () => {
    const traffic = new Traffic();
    for (let at = 0; at < 20_000; at += 100) traffic.attempt(at, 1, 'handedOver');
    expect(unavailable(await traffic.facts())).toMatchObject({ count: 0, conclusive: false, reasons: [expect.stringContaining('handing over says nothing')] });
  });

  it('ends with traffic that ends well, though it is too little to count ten successes; ten messages it must be', async () => {
    expect(windows(await new Traffic().oks(0, 1_000).attempt(1_000, 1_000).oks(2_100, 2_190).facts())).toEqual([{ partition: 0, fromMs: 991, toMs: 2_000 }]);
    expect(windows(await new Traffic().oks(0, 1_000).attempt(1_000, 1_000).oks(2_100, 2_130).facts())).toEqual([{ partition: 0, fromMs: 991, toMs: null }]);
  });

  it('that never ends is a lower bound', async () => {
    const facts = await new Traffic().oks(0, 1_000).attempt(1_000, 1_000, 'indeterminate').attempt(2_000, 1_000, 'indeterminate').facts();
    expect(windows(facts)).toEqual([{ partition: 0, fromMs: 991, toMs: null }]);
    expect(unavailable(facts)).toMatchObject({ count: 2_009, conclusive: false, atLeast: true, reasons: ['partition 0 never recovered while messages were sent'] });
  });

  it('is not known where nothing ever succeeded', async () => {
    expect(unavailable(await new Traffic().attempt(0, 100, 'failed').facts())).toMatchObject({ count: 0, conclusive: false });
  });

  it('is told for each partition, and measured by the longest single stretch, not by all of them together', async () => {
    const facts = await new Traffic().oks(0, 1_000).oks(0, 1_000, 10, 1, 1)
      .attempt(1_000, 500).oks(1_500, 2_000).attempt(2_000, 500).oks(2_500, 3_000)
      .attempt(1_000, 900, 'acknowledged', 1, 1).oks(1_900, 3_000, 10, 1, 1).facts();
    expect(facts.unavailable.map(({ partition }) => partition)).toEqual([0, 1, 0]);
    expect(unavailable(facts)).toMatchObject({ count: 909, conclusive: true });
  });

  it('is a lower bound where a partition never recovered, though another was away longer for certain', async () => {
    const facts = await new Traffic().oks(0, 1_000).oks(0, 1_000, 10, 1, 1).attempt(1_000, 3_000).oks(4_010, 5_000)
      .attempt(1_000, 500, 'indeterminate', 1, 1).facts();
    expect(unavailable(facts)).toMatchObject({ count: 3_009, conclusive: false, atLeast: true });
  });

  it('joins what several producers see of one partition', async () => {
    expect(windows(await new Traffic().oks(0, 3_000, 20, 0, 1).oks(0, 1_000).attempt(1_000, 1_000).oks(2_000, 3_000).facts())).toEqual([]);
  });
});

describe('a fault', () => {
  const struck = (traffic: Traffic, id: string, atMs: number) => traffic.builder.at(atMs, { type: 'fault', id, fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' });

  it('is detected by the first attempt that is refused, unknown or late, and is over when the partition is back', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(995, 3_000).attempt(1_200, 300, 'indeterminate').oks(3_995, 5_000);
    struck(traffic, 'kill', 1_000);
    const [fault] = (await traffic.facts()).faults;
    // Sent at 995 and late from 1 245 on; the other one ended at 1 500.
    expect(fault).toMatchObject({ timeToDetectMs: 245, timeToRecoverMs: 2_995 });
  });

  it('is detected by a refusal when that comes first', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(1_010, 20, 'failed').attempt(1_030, 1_000).oks(2_030, 3_000);
    struck(traffic, 'kill', 1_000);
    expect((await traffic.facts()).faults[0]).toMatchObject({ timeToDetectMs: 30, timeToRecoverMs: 1_030 });
  });

  it('is met by attempts that end while it is on, and by those that wait for its end', async () => {
    const met = async (traffic: Traffic) => {
      struck(traffic, 'kill', 1_000).at(3_000, { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge: 'healed', nodes: ['a'], detail: '', ok: true });
      return (await traffic.facts()).faults[0]!.attemptsMet;
    };
    expect(await met(new Traffic().oks(0, 900).oks(3_100, 4_000))).toBe(0);
    expect(await met(new Traffic().oks(0, 900).oks(1_100, 1_150).oks(3_100, 4_000))).toBe(5);
    expect(await met(new Traffic().oks(0, 900).attempt(2_000, 2_000).oks(4_100, 5_000))).toBe(1);
  });

  it('is met from its beginning on where all that it does is done while it is injected', async () => {
    const met = async (fault: 'connection-churn' | 'client-cut') => {
      const traffic = new Traffic().oks(0, 900).oks(1_100, 1_150).oks(3_100, 4_000);
      for (const [edge, atMs] of [['begin', 1_000], ['struck', 2_000], ['healed', 2_010]] as const) traffic.builder.at(atMs, { type: 'fault', id: fault, fault, strikes: 'link', edge, nodes: ['a'], detail: '', ok: true });
      return (await traffic.facts()).faults[0]!.attemptsMet;
    };
    expect(await met('connection-churn')).toBe(5);
    expect(await met('client-cut')).toBe(0);
  });

  it('that nobody noticed took nothing away', async () => {
    const traffic = new Traffic().oks(0, 3_000);
    struck(traffic, 'kill', 1_002);
    expect((await traffic.facts()).faults[0]).toMatchObject({ timeToDetectMs: null, timeToRecoverMs: 0 });
  });

  it('that is never over has no time to recover', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(1_000, 1_000, 'indeterminate');
    struck(traffic, 'kill', 1_000);
    expect((await traffic.facts()).faults[0]).toMatchObject({ timeToDetectMs: 1_000, timeToRecoverMs: null });
    const silent = new Traffic().oks(0, 1_000);
    struck(silent, 'kill', 1_000);
    expect((await silent.facts()).faults[0]!.timeToRecoverMs).toBeNull();
  });

  it('answers for the stretches before the next fault, not for those after it', async () => {
    const traffic = new Traffic().oks(0, 1_000).attempt(1_000, 500).oks(1_500, 3_000).attempt(3_000, 2_000).oks(5_000, 6_000);
    struck(struck(traffic, 'first', 1_000) && traffic, 'second', 3_000);
    const { faults } = await traffic.facts();
    expect(faults.map(({ id, timeToRecoverMs }) => [id, timeToRecoverMs])).toEqual([['first', 500], ['second', 2_000]]);
  });
});
