// What a fault does to a client of ours, on real processes: exactly the messages in hand are affected, and what was recorded is kept.
import { expect, test, vi } from 'vitest';
import { awaitTrigger } from './await-trigger.ts';
import { ClientBench, idsOf, never, repeated, without } from './testing/client-bench.ts';

const consumer0 = { client: 'consumer', index: 0, between: null } as const;
const producer0 = { client: 'producer', index: 0, between: null } as const;
vi.setConfig({ testTimeout: 60_000 });

/** The consumer takes 3 ms for each, so that something is always in its hands. */
const backlog = { producer: { inFlight: 32, ratePerSecond: 400 }, consumer: { prefetch: 8, handlerMs: 3 } } as const;

async function flowing(bench: ClientBench, processed = 40): Promise<void> {
  await bench.workforce.resume();
  await bench.until(() => bench.workforce.counters.processed >= processed, 'traffic');
}

test('killed between processing and settling: what was in hand is processed twice, and nothing else is, and nothing is lost', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  await bench.inject('kill', { ...consumer0, between: 'processing-and-settling' });
  await bench.injector.heal('kill', never);
  await bench.until(() => bench.workforce.consumersAlive(), 'the replacement');
  const { events, sealed } = await bench.finish();
  const inHand = without(idsOf(events, 'processed', 'consumer-0'), idsOf(events, 'settled', 'consumer-0'));
  expect(inHand.length).toBeGreaterThan(0);
  expect(inHand.length).toBeLessThanOrEqual(8);
  expect(repeated(idsOf(events, 'processed'))).toEqual(inHand);
  expect(without(idsOf(events, 'acknowledged'), idsOf(events, 'processed'))).toEqual([]);
  expect(without(inHand, idsOf(events, 'redelivered', 'consumer-1'))).toEqual([]);
  expect(sealed.whole, sealed.detail).toBe(true);
  expect(bench.lives.filter((life) => life.startsWith('consumer'))).toEqual(['consumer-0 started', 'consumer-0 killed', 'consumer-1 started', 'consumer-1 stopped']);
  expect(bench.workforce.dead).toEqual([]);
  expect(bench.of('fault').filter(({ edge }) => edge === 'proved')).toMatchObject([{ strikes: 'client', nodes: ['consumer-0'], ok: true, detail: expect.stringContaining('exit code 137') }]);
});

test.each(['before-processing', 'automatic'] as const)('killed between settling and processing, settling %s: what was in hand is lost, and nothing else is, and nothing is processed twice', async (settle) => {
  await using bench = await ClientBench.open({ ...backlog, consumer: { ...backlog.consumer, settle } });
  await flowing(bench);
  await bench.inject('kill', { ...consumer0, between: 'settling-and-processing' });
  await bench.injector.heal('kill', never);
  await bench.until(() => bench.workforce.consumersAlive(), 'the replacement');
  const { events, sealed } = await bench.finish();
  const inHand = without(idsOf(events, 'settled', 'consumer-0'), idsOf(events, 'processed', 'consumer-0'));
  // Not of what was acknowledged: on a busy machine an answer can come too late for the producer to count it.
  const gone = without(idsOf(events, 'sent'), idsOf(events, 'processed'));
  expect(inHand.length).toBeGreaterThan(0);
  expect(without(inHand, gone)).toEqual([]);
  // A batch that came in behind it may have been settled without that being on file; what it held it had been given.
  expect(without(gone, idsOf(events, 'delivered', 'consumer-0'))).toEqual([]);
  expect(repeated(idsOf(events, 'processed'))).toEqual([]);
  expect(sealed.whole, sealed.detail).toBe(true);
});

test('a point that a consumer of this mode never reaches is refused, and it lives on', async () => {
  await using bench = await ClientBench.open(backlog);
  await expect(bench.inject('kill', { ...consumer0, between: 'settling-and-processing' })).rejects.toMatchObject({ code: 'E_SCENARIO_INVALID', message: expect.stringContaining('never reaches settling-and-processing') });
  await flowing(bench);
  expect([bench.workforce.consumersAlive(), bench.lives]).toEqual([true, expect.not.arrayContaining(['consumer-0 killed'])]);
});

test('a fault that strikes a client which ended by itself before does not take that death upon itself', async () => {
  await using bench = await ClientBench.open(backlog);
  process.kill((await bench.workforce.client('consumer', 0)!.state()).pid, 'SIGKILL');
  await bench.until(() => bench.workforce.dead.length > 0, 'its end');
  await bench.inject('kill', consumer0);
  expect([bench.workforce.dead, bench.workforce.killed, bench.lives.at(-1)]).toEqual([['consumer-0'], [], 'consumer-0 died']);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: false });
});

test('a closed publish that nobody is left to make is not complete', async () => {
  await using bench = await ClientBench.open();
  await bench.inject('kill', producer0);
  expect(await bench.workforce.publishClosed(5, 1_000)).toEqual({ complete: false, ranges: [] });
});

test('a client that is not there is no target', async () => {
  await using bench = await ClientBench.open();
  await expect(bench.inject('kill', { ...consumer0, index: 1 })).rejects.toMatchObject({ code: 'E_SCENARIO_INVALID', message: 'There is no consumer 1 now' });
  expect(bench.of('fault').some(({ edge }) => edge === 'begin')).toBe(false);
});

test('a producer killed mid-stream is replaced by one with sequences of its own that joins the traffic; what it had under way is open, and nothing acknowledged is lost', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  await bench.inject('kill', producer0);
  await bench.injector.heal('kill', never);
  const { acknowledged } = bench.workforce.counters;
  await bench.until(() => bench.workforce.counters.acknowledged > acknowledged + 50, 'the replacement to publish');
  const { events, sealed } = await bench.finish();
  expect(sealed.whole, sealed.detail).toBe(true);
  expect(without(idsOf(events, 'acknowledged'), idsOf(events, 'processed'))).toEqual([]);
  expect([...new Set(idsOf(events, 'acknowledged').map((id) => id.split(':')[0]))]).toEqual(['0', '1']);
  expect(idsOf(events, 'sent', 'producer-1')[0]).toBe('1:0');
  expect(idsOf(events, 'released', 'producer-0')).toEqual([]);
  expect(idsOf(events, 'released', 'producer-1').length).toBe(1);
  expect(bench.lives).toEqual(expect.arrayContaining(['producer-0 killed', 'producer-1 started', 'producer-1 stopped']));
});

test('a producer that is replaced while producers are at rest stays at rest', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  await bench.workforce.quiesce(5_000);
  await bench.inject('kill', producer0);
  await bench.injector.heal('kill', never);
  await bench.workforce.ready('producer', never);
  const { complete, ranges } = await bench.workforce.publishClosed(10, 5_000);
  expect([complete, ranges]).toEqual([true, [{ producer: 1, from: 0, to: 10 }]]);
  const { events } = await bench.finish();
  expect(idsOf(events, 'sent', 'producer-1').length).toBe(10);
});

test('a consumer that is stopped closes its client and its segment: it is no death, and what it settled is settled', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  await bench.inject('stop', consumer0);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true, detail: expect.stringContaining('exit code 0') });
  await bench.injector.heal('stop', never);
  await bench.until(() => bench.workforce.consumersAlive(), 'the replacement');
  const { events, sealed } = await bench.finish();
  expect([sealed.whole, bench.workforce.killed, bench.workforce.dead]).toEqual([true, [], []]);
  expect(bench.lives).toContain('consumer-0 stopped');
  expect(without(idsOf(events, 'acknowledged'), idsOf(events, 'processed'))).toEqual([]);
});

test('a paused producer stands still, and goes on where it was', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  await bench.inject('pause', producer0);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true, detail: expect.stringContaining('is paused') });
  // What it reported before it froze is in a pipe still.
  await bench.until(() => bench.workforce.held === 0, 'the backlog to be processed');
  const { attempted } = bench.workforce.counters;
  await bench.injector.heal('pause', never);
  await bench.until(() => bench.workforce.counters.attempted > attempted + 20, 'it to go on');
  const { sealed } = await bench.finish();
  expect([sealed.whole, bench.lives.filter((life) => life.startsWith('producer'))]).toEqual([true, ['producer-0 started', 'producer-0 stopped']]);
});

test('a stalled consumer holds its prefetch and processes nothing, until it is released', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  const untilMoreIsPublished = (): Promise<void> => {
    const { attempted } = bench.workforce.counters;
    return bench.until(() => bench.workforce.counters.attempted > attempted + 50, 'more to be published');
  };
  await bench.inject('stall', consumer0);
  // The batch that was in its handler is finished first, and its place is taken by others.
  await untilMoreIsPublished();
  await bench.workforce.client('consumer', 0)!.untilHeld(8, never);
  const { processed } = bench.workforce.counters;
  await untilMoreIsPublished();
  expect([bench.workforce.counters.processed, bench.workforce.held]).toEqual([processed, 8]);
  await bench.injector.heal('stall', never);
  await bench.until(() => bench.workforce.counters.processed > processed + 20, 'it to go on');
  const { events } = await bench.finish();
  expect(repeated(idsOf(events, 'processed'))).toEqual([]);
});

test('a stall of a consumer that has nothing to do is not proved', async () => {
  await using bench = await ClientBench.open();
  await bench.inject('stall', consumer0);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: false, detail: expect.stringContaining('none of its handlers was held up') });
});

test('a crash loop kills as many processes as it was told, each with as many deliveries in hand, and then one lives', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  await bench.inject('crash-loop', consumer0, { times: 3, held: 5 });
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true, detail: expect.stringContaining('3 of 3 processes died') });
  await bench.injector.heal('crash-loop', never);
  await bench.until(() => bench.workforce.consumersAlive(), 'the one that lives');
  const { events, sealed } = await bench.finish();
  expect(sealed.whole, sealed.detail).toBe(true);
  for (const [nth, worker] of ['consumer-0', 'consumer-1', 'consumer-2'].entries()) {
    const inHand = without([...idsOf(events, 'delivered', worker), ...idsOf(events, 'redelivered', worker)], idsOf(events, 'settled', worker));
    expect(inHand.length).toBeGreaterThanOrEqual(5);
    // All of it comes back, though not always to the next one: the broker may notice a death later than the next one subscribes.
    expect(without(inHand, events.filter((event) => event.kind === 'redelivered' && Number(event.worker.at(-1)) > nth).map(({ id }) => id))).toEqual([]);
    if (nth > 0) expect(idsOf(events, 'processed', worker)).toEqual([]);
  }
  expect(bench.lives.filter((life) => life.endsWith('killed'))).toEqual(['consumer-0 killed', 'consumer-1 killed', 'consumer-2 killed']);
  expect(without(idsOf(events, 'acknowledged'), idsOf(events, 'processed'))).toEqual([]);
});

test('a crash loop that cannot load its consumer gives up, and healing leaves one that lives', async () => {
  await using bench = await ClientBench.open({ consumer: { prefetch: 4 } });
  const injected = bench.injector.inject({ kind: 'inject', fault: 'crash-loop', id: 'loop', target: { role: 'client', ...consumer0 }, parameters: { times: 1, held: 3 } }, AbortSignal.timeout(800));
  await expect(injected).rejects.toThrow();
  await bench.injector.healAll(never);
  await flowing(bench, 5);
  expect(bench.workforce.consumersAlive()).toBe(true);
});

test('a handler refuses every third message that it sees first: refused for good it is never processed, asked for again it is processed once', async () => {
  for (const requeue of [false, true]) {
    await using bench = await ClientBench.open({ consumer: { refuse: { every: 3, requeue } } });
    await bench.workforce.publishClosed(30, 5_000);
    const { events } = await bench.finish();
    const refused = idsOf(events, requeue ? 'requeued' : 'rejected');
    expect([refused.length, idsOf(events, requeue ? 'rejected' : 'requeued').length]).toEqual([10, 0]);
    expect(without(idsOf(events, 'acknowledged'), idsOf(events, 'processed'))).toEqual(requeue ? [] : [...refused].sort());
    expect(repeated(idsOf(events, 'processed'))).toEqual([]);
    expect(without(refused, idsOf(events, 'redelivered'))).toEqual(requeue ? [] : [...refused].sort());
  }
});

test('a closed publish that outlives its step goes on while others are played, and is complete once its attempts have ended', async () => {
  await using bench = await ClientBench.open({ producer: { inFlight: 20 } });
  await bench.cluster.nodes[0].pause();
  const { complete, ranges } = await bench.workforce.publishClosed(20, 200);
  expect([complete, ranges]).toEqual([false, [{ producer: 0, from: 0, to: 20 }]]);
  expect(bench.workforce.closedLate).toEqual([]);
  await bench.cluster.nodes[0].unpause();
  await bench.workforce.stop('producer', 5_000);
  expect(bench.workforce.closedLate).toEqual([{ producer: 0, from: 0, to: 20 }]);
  const { events } = await bench.finish();
  expect(idsOf(events, 'acknowledged').length).toBe(20);
});

test('a closed publish whose attempts never all began stays incomplete', async () => {
  await using bench = await ClientBench.open({ producer: { inFlight: 4 } });
  await bench.cluster.nodes[0].pause();
  expect(await bench.workforce.publishClosed(20, 200)).toEqual({ complete: false, ranges: [{ producer: 0, from: 0, to: 4 }] });
  await bench.cluster.nodes[0].unpause();
  await bench.finish();
  expect(bench.workforce.closedLate).toEqual([]);
});

test('replicas that fall out of sync are a trigger, alone and beside counts; whichever comes first fires', async () => {
  await using bench = await ClientBench.open();
  const trigger = (more: object, timeoutMs = 10_000) => awaitTrigger(bench, { inSyncAtMost: 0, ...more }, timeoutMs, never);
  expect(await trigger({}, 300)).toEqual({ fired: false, detail: 'not within 300 ms' });
  expect(await trigger({ elapsedMs: 50 })).toEqual({ fired: true, detail: '50 ms passed' });
  const [alone, beside] = [trigger({}), trigger({ acknowledged: 1_000_000, elapsedMs: 9_000 })];
  await bench.cluster.nodes[0].kill();
  expect(await Promise.all([alone, beside])).toEqual([{ fired: true, detail: '0 in sync' }, { fired: true, detail: '0 in sync' }]);
  await expect(awaitTrigger(bench, { inSyncAtMost: 0 }, 10_000, AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
});

test('handlers that ended are counted from where the wait begins', async () => {
  await using bench = await ClientBench.open(backlog);
  await flowing(bench);
  const { processed } = bench.workforce.counters;
  const { fired, detail } = await awaitTrigger(bench, { processed: 30 }, 10_000, never);
  expect([fired, detail]).toEqual([true, expect.stringMatching(/^3\d processed$/)]);
  expect(bench.workforce.counters.processed).toBeGreaterThanOrEqual(processed + 30);
});
