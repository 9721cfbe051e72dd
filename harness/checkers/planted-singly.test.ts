// Anomalies that take more than the edit of one message each, and what must not be mistaken for one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Measure } from '../model/contract.ts';
import { exampleLimit, type Facts } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';
import { check } from './check.ts';
import { another, append, first, found, resend, swapPlaces, vanish } from './testing/edits.ts';
import { HistoryBuilder } from './testing/history-builder.ts';
import { cleanDraft, emit, seal, sealings, shapes, type Draft, type Message } from './testing/messages.ts';
import { scenarioOf } from './testing/plan.ts';

describe('planted by other means', () => {
  const log = (messages = 40, partitions = 2): Draft => cleanDraft({ storeKind: 'log', producers: 1, consumers: 1, partitions, messages, stride: 1, base: 'acknowledged' });
  const count = (facts: Facts, measure: Measure) => facts.measures.find((fact) => fact.measure === measure)!;

  it('finds those stuck behind the committed position, and only after a complete drain', async () => {
    const draft = log();
    draft.committed[0] = draft.ends[0]! - 3;
    for (const message of draft.messages.filter(({ partition, stored }) => partition === 0 && stored[0]!.offset >= draft.committed[0]!)) message.arrivals = [];
    const facts = await check(emit(draft).build());
    expect(found(facts)).toEqual({ stuck: 3 });
    draft.drained = false;
    expect(found(await check(emit(draft).build()))).toEqual({ unseen: 3 });
  });

  it('counts a record exactly at the committed position as owed, and the one before it as passed', async () => {
    const draft = log(10, 1);
    draft.committed[0] = 5;
    for (const message of draft.messages.slice(4, 6)) message.arrivals = [];
    expect(found(await check(emit(draft).build()))).toEqual({ lost: 1, stuck: 1, skipped: 2, settledUnprocessed: 1 });
  });

  it.each([['drain', { drained: false }], ['audit', { audited: false }]] as const)('calls the missing unseen where the %s is not complete', async (_, cut) => {
    const draft = Object.assign(log(), cut);
    for (const message of draft.messages.slice(5, 8)) vanish(message);
    const facts = await check(emit(draft).build());
    expect(facts.accounting).toMatchObject({ processed: 37, unseen: 3, lost: 0, stuck: 0, addsUp: true });
    expect(count(facts, 'lost')).toMatchObject({ count: 0, conclusive: false, atLeast: true, reasons: [expect.stringContaining('cut short')] });
    expect(count(facts, 'unseen')).toMatchObject({ count: 3, conclusive: true });
  });

  it('finds ids that lie before one that was sent earlier', async () => {
    await fc.assert(fc.asyncProperty(shapes('log', 24), sealings, async (shape, sealing) => {
      const draft = cleanDraft(shape);
      let swaps = 0;
      for (const list of Map.groupBy(draft.messages, ({ producer, partition }) => `${producer}/${partition}`).values()) {
        for (let index = 0; index + 1 < list.length; index += 3, swaps++) swapPlaces(list[index]!, list[index + 1]!);
      }
      expect(found(await check(seal(emit(draft), sealing)))).toEqual({ reordered: swaps });
    }), { numRuns: 30 });
  });

  it('finds a resend that came too late, and what a library stored behind later messages; what only repeats has kept its place', async () => {
    const late = log(10, 1);
    swapPlaces(late.messages[3]!, late.messages[4]!);
    resend(late.messages[3]!, 'indeterminate', 'acknowledged');
    late.messages[3]!.stored[0]!.attempt = 2;
    expect(found(await check(emit(late).build()))).toEqual({ reordered: 1 });
    const copied = log(10, 1);
    swapPlaces(copied.messages[3]!, copied.messages[4]!);
    copied.messages[3]!.stored.push({ attempt: 1, offset: append(copied, 0) });
    expect(count(await check(emit(copied).build()), 'reordered')).toMatchObject({ count: 1, conclusive: true });
    const repeated = log(10, 1);
    repeated.messages[3]!.stored.push({ attempt: 1, offset: append(repeated, 0) });
    expect(count(await check(emit(repeated).build()), 'reordered')).toMatchObject({ count: 0, conclusive: true });
    // The audit may tell of the later record first.
    repeated.messages[3]!.stored.reverse();
    expect(count(await check(emit(repeated).build()), 'reordered')).toMatchObject({ count: 0, conclusive: true });
  });

  it('judges an id that lies in two partitions in each of them', async () => {
    const draft = log(20, 2);
    const [victim, other] = [draft.messages[7]!, draft.messages.findLast(({ partition }) => partition !== draft.messages[7]!.partition)!];
    const builder = emit(draft).audited('stored', 0, victim.sequence, { partition: other.partition, offset: append(draft, other.partition) });
    expect(count(await check(builder.build()), 'reordered')).toMatchObject({ count: 6, conclusive: true });
  });

  it('is not sure of the order where retention may have removed the earliest record, or where a sending is not on record', async () => {
    const draft = log(20, 1);
    resend(draft.messages[9]!, 'indeterminate', 'acknowledged');
    draft.messages[9]!.stored = [{ attempt: 2, offset: append(draft, 0) }];
    expect(count(await check(audited(draft, {}).build()), 'reordered')).toMatchObject({ count: 10, conclusive: true });
    expect(count(await check(audited(draft, { start: 3 }).build()), 'reordered')).toMatchObject({ count: 0, conclusive: false, atLeast: true, reasons: [expect.stringMatching(/^1 messages of several attempts or records are left out of the order: retention/)] });
    draft.messages[9]!.attempts = [];
    expect(count(await check(emit(draft).build()), 'reordered')).toMatchObject({ count: 0, conclusive: false, atLeast: true, reasons: ['1 messages are left out of the order: their sending is not on record'] });
    draft.messages[9]!.reserved = false;
    expect(count(await check(emit(draft).build()), 'reordered')).toMatchObject({ count: 0, conclusive: true });
  });

  it('leaves ids of several attempts out of the order of a queue, and says how many', async () => {
    const draft = cleanDraft({ storeKind: 'queue', producers: 1, consumers: 1, partitions: 1, messages: 12, stride: 1, base: 'acknowledged' });
    swapPlaces(draft.messages[3]!, draft.messages[4]!);
    for (const message of draft.messages.slice(3, 5)) resend(message, 'indeterminate', 'acknowledged');
    const facts = await check(emit(draft).build());
    expect(found(facts)).toEqual({});
    expect(count(facts, 'reordered')).toMatchObject({ conclusive: false, atLeast: true, reasons: [expect.stringMatching(/^2 messages of several attempts, or flagged/)] });
  });

  it('judges order by the order of sending where sequences were not begun in their order', async () => {
    const draft = log(10, 1);
    const [a, b] = draft.messages.slice(3, 5) as [Message, Message];
    [a.sequence, b.sequence] = [b.sequence, a.sequence];
    const builder = emit(draft);
    expect(found(await check(builder.build()))).toEqual({ reordered: 1 });
    const swapped = draft.messages.map((message) => ({ ...message }));
    const inSendOrder = emit({ ...draft, messages: swapped });
    // The same sequences, now begun in the order of their places.
    const source = inSendOrder.build();
    const batches = async function* () {
      for await (const batch of source.batches()) {
        const timeNs = batch.timeNs.slice();
        const rows = [...batch.kind.keys()].filter((row) => batch.kind[row] === 3 && (batch.sequence[row] === a.sequence || batch.sequence[row] === b.sequence));
        const sequence = batch.sequence.slice();
        [sequence[rows[0]!], sequence[rows[1]!]] = [sequence[rows[1]!]!, sequence[rows[0]!]!];
        yield { ...batch, timeNs, sequence };
      }
    };
    expect(found(await check({ ...source, batches }))).toEqual({});
  });

  it('judges the order of a queue with one consumer, without flagged deliveries', async () => {
    const draft = cleanDraft({ storeKind: 'queue', producers: 1, consumers: 1, partitions: 1, messages: 12, stride: 1, base: 'acknowledged' });
    swapPlaces(draft.messages[3]!, draft.messages[4]!);
    expect(found(await check(emit(draft).build()))).toEqual({ reordered: 1 });
    draft.messages[4]!.arrivals[0]!.flagged = true;
    const facts = await check(emit(draft).build());
    expect(found(facts)).toEqual({ redelivered: 1 });
    expect(count(facts, 'reordered')).toMatchObject({ conclusive: false, atLeast: true, reasons: [expect.stringMatching(/^1 messages/)] });
    draft.messages[4]!.arrivals[0]!.flagged = false;
    draft.messages[9]!.arrivals[0]!.consumer = 1;
    expect(count(await check(emit(draft).build()), 'reordered')).toMatchObject({ count: 0, conclusive: false });
  });

  it('finds receipts that name the place of another id', async () => {
    await fc.assert(fc.asyncProperty(sealings, fc.integer({ min: 1, max: 8 }), async (sealing, k) => {
      const draft = log(40, 1);
      for (let index = 0; index < k; index++) draft.messages[index * 2 + 1]!.attempts[0]!.receipt = index * 2;
      expect(found(await check(seal(emit(draft), sealing)))).toEqual({ offsetConflicts: k });
    }), { numRuns: 30 });
  });

  it('sees no conflict in offsets that a new leader gave again', async () => {
    const draft = log(40, 1);
    draft.messages[30]!.attempts[0]!.receipt = 3;
    const builder = emit(draft).at(0, { type: 'leader', partition: 0, from: null, to: 'a', epoch: 1 }).at(20, { type: 'leader', partition: 0, from: 'a', to: 'b', epoch: 2 });
    expect(found(await check(builder.build()))).toEqual({});
    const same = emit(draft).at(0, { type: 'leader', partition: 0, from: null, to: 'a', epoch: 1 }).at(20, { type: 'leader', partition: 1, from: 'a', to: 'b', epoch: 2 });
    expect(found(await check(same.build()))).toEqual({ offsetConflicts: 1 });
  });

  it('sees no conflict where a reused offset was acknowledged before the change of leader was noticed', async () => {
    const draft = log(40, 1);
    draft.messages[30]!.attempts[0]!.receipt = 3;
    const builder = emit(draft).at(0, { type: 'leader', partition: 0, from: null, to: 'a', epoch: 1 }).at(35, { type: 'leader', partition: 0, from: 'a', to: 'b', epoch: 2 });
    expect(found(await check(builder.build()))).toEqual({});
  });

  it('takes an offset without a readable record for no skip: transaction markers and compaction leave such gaps', async () => {
    const draft = log(20, 1);
    for (const message of draft.messages.slice(10)) {
      message.stored[0]!.offset += 5;
      message.arrivals[0]!.offset += 5;
      message.arrivals[0]!.rank += 5;
      message.attempts[0]!.receipt! += 5;
    }
    draft.committed[0] = 25;
    expect(found(await check(emit(draft).build()))).toEqual({});
  });

  it('counts every record of a jump, and forgets positions with the assignment', async () => {
    const draft = log(20, 1);
    for (const message of draft.messages.slice(8, 11)) Object.assign(first(message), another(draft, 0));
    expect(found(await check(emit(draft).build()))).toEqual({ skipped: 3 });
    for (const name of ['assigned', 'revoked'] as const) {
      const builder = emit(draft).event('consumer', 0, name, { atMs: 507.9, partition: 0 });
      expect(found(await check(builder.build()))).toEqual({});
    }
  });

  it('holds a consumer to the position that it was assigned', async () => {
    const draft = log(20, 1);
    for (const message of draft.messages.slice(0, 2)) Object.assign(first(message), another(draft, 0));
    expect(found(await check(emit(draft).build()))).toEqual({});
    expect(found(await check(emit(draft).event('consumer', 0, 'assigned', { atMs: 1, partition: 0, offset: 0 }).build()))).toEqual({ skipped: 2 });
  });

  const audited = (draft: Draft, position: { readonly start?: number; readonly end?: number; readonly committed?: number | null }) => emit(draft)
    .at(191_000, { type: 'audit', conclusive: true, detail: 'read', records: 0, positions: { partitions: [{ partition: 0, committed: draft.ends[0]!, start: 0, end: draft.ends[0]!, ...position }] } });

  it('does not count what retention removed as erased, and is not sure where nothing tells the offset', async () => {
    const draft = log(20, 1);
    for (const message of draft.messages.slice(0, 4)) message.stored = [];
    expect(found(await check(audited(draft, {}).build()))).toEqual({ erased: 4 });
    expect(found(await check(audited(draft, { start: 3 }).build()))).toEqual({ erased: 1 });
    // Without a receipt its delivery tells; without either nothing does.
    draft.messages[0]!.attempts[0]!.receipt = null;
    expect(count(await check(audited(draft, { start: 3 }).build()), 'erased')).toMatchObject({ count: 1, conclusive: true });
    draft.messages[0]!.arrivals = [];
    expect(count(await check(audited(draft, { start: 3 }).build()), 'erased')).toMatchObject({ count: 1, conclusive: false, atLeast: true });
  });

  it('takes holes below the end of a compacted topic for compaction, and nothing else', async () => {
    const compacted = { destination: { partitions: 1, settings: { config: { 'cleanup.policy': 'compact,delete' } } } };
    const draft = log(20, 1);
    for (const message of draft.messages.slice(3, 6)) message.stored = [];
    const erased = async () => count(await check(audited(draft, {}).scenario(compacted).build()), 'erased');
    expect(await erased()).toMatchObject({ count: 0, conclusive: true });
    draft.messages[4]!.attempts[0]!.receipt = 25;
    draft.messages[5]!.attempts[0]!.receipt = 6;
    expect(await erased()).toMatchObject({ count: 2, conclusive: true });
    Object.assign(draft.messages[3]!, { arrivals: [], attempts: [{ outcome: 'acknowledged', receipt: null }] });
    expect(await erased()).toMatchObject({ count: 2, conclusive: false, atLeast: true, reasons: [expect.stringContaining('compaction')] });
  });

  it('finds records that lie behind where the consumers of a stream were, whose positions nobody keeps', async () => {
    await fc.assert(fc.asyncProperty(sealings, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), async (sealing, passed, owed) => {
      const draft = log(30, 1);
      for (const message of draft.messages) message.attempts[0]!.receipt = null;
      // Every other one, so that each is passed over by a delivery of the next.
      for (const message of draft.messages.filter((_, index) => index % 2 === 0 && index < 2 * passed)) message.arrivals = [];
      for (const message of draft.messages.slice(30 - owed)) message.arrivals = [];
      const stream = { cluster: { broker: 'rabbitmq' as const, version: '4.3', nodes: 3, properties: {}, file: null, defects: {} } };
      const builder = audited(draft, { committed: null }).scenario(stream);
      const skipped = Math.max(0, passed - 1);
      expect(found(await check(seal(builder, sealing)))).toEqual(Object.fromEntries(Object.entries({ lost: passed, settledUnprocessed: passed, stuck: owed, skipped }).filter(([, number]) => number > 0)));
    }), { numRuns: 40 });
  });

  it('owes a copy that lies after what the consumers of a stream were given', async () => {
    const draft = log(10, 1);
    draft.messages[4]!.arrivals = [];
    draft.messages[4]!.stored.push({ attempt: 1, offset: append(draft, 0) });
    const stream = { cluster: { broker: 'rabbitmq' as const, version: '4.3', nodes: 3, properties: {}, file: null, defects: {} } };
    expect(found(await check(audited(draft, { committed: null }).scenario(stream).build()))).toEqual({ stuck: 1, copies: 1, duplicated: 1, skipped: 1 });
  });

  it('owes nothing to a group that has committed nothing and begins at the end', async () => {
    const draft = log(10, 1);
    for (const message of draft.messages.slice(0, 3)) message.arrivals = [];
    for (const message of draft.messages.slice(3)) message.arrivals[0]!.settled = false;
    const plan = (reset: string) => audited(draft, { committed: null }).scenario({ consumer: { ...scenarioOf().consumer, policy: { autoOffsetReset: reset } } });
    expect(found(await check(plan('earliest').build()))).toEqual({ stuck: 3 });
    expect(found(await check(plan('latest').build()))).toEqual({ lost: 3, settledUnprocessed: 3 });
  });

  it('says that a copy in another partition is the client\'s', async () => {
    const draft = log(20, 2);
    const [elsewhere, beside] = [draft.messages[4]!, draft.messages[6]!];
    beside.stored.push({ attempt: 1, offset: append(draft, beside.partition) });
    const builder = emit(draft).audited('stored', elsewhere.producer, elsewhere.sequence, { attempt: 1, partition: 1 - elsewhere.partition, offset: 500 });
    const facts = await check(builder.build());
    // The copy elsewhere lies behind the eight that were sent there later.
    expect(found(facts)).toEqual({ copies: 2, duplicated: 2, reordered: 8 });
    expect(count(facts, 'copies').examples.map(({ sequence, cause }) => [sequence, cause])).toEqual([[elsewhere.sequence, 'client'], [beside.sequence, undefined]]);
  });

  it('finds receipts that name the place of a record that is another one\'s, though that one has no receipt', async () => {
    await fc.assert(fc.asyncProperty(sealings, fc.integer({ min: 1, max: 8 }), async (sealing, k) => {
      const draft = log(40, 1);
      for (let index = 0; index < k; index++) {
        const [there, lied] = [draft.messages[index * 4]!, draft.messages[index * 4 + 1]!];
        there.attempts[0] = { outcome: 'indeterminate', receipt: null };
        vanish(lied);
        lied.attempts[0]!.receipt = there.stored[0]!.offset;
      }
      const facts = await check(seal(emit(draft), sealing));
      expect(found(facts)).toEqual({ offsetConflicts: k, lost: k, erased: k, indeterminate: k, recovered: k });
      expect(facts.attribution).toMatchObject({ client: k });
    }), { numRuns: 30 });
  });

  it('finds what was settled and never processed whatever became of its publish', async () => {
    for (const storeKind of ['log', 'queue'] as const) {
      const draft = cleanDraft({ storeKind, producers: 1, consumers: 1, partitions: 1, messages: 20, stride: 1, base: 'acknowledged' });
      for (const message of draft.messages.slice(3, 6)) {
        resend(message, 'indeterminate');
        first(message).processed = 0;
      }
      expect(found(await check(emit(draft).build()))).toEqual({ settledUnprocessed: 3, indeterminate: 3, recovered: 3 });
    }
  });

  it('takes a rejected message for lost, one that is given back for nothing, and neither for settled', async () => {
    const draft = cleanDraft({ storeKind: 'queue', producers: 1, consumers: 1, partitions: 1, messages: 20, stride: 1, base: 'acknowledged' });
    for (const message of draft.messages.slice(3, 6)) Object.assign(first(message), { processed: 0, settled: false });
    const refused = (name: 'rejected' | 'requeued') => {
      const builder = emit(draft);
      for (const { producer, sequence } of draft.messages.slice(3, 6)) builder.consumed(0, name, producer, sequence, { atMs: 700 });
      for (const { producer, sequence } of draft.messages.slice(3, 6)) if (name === 'requeued') builder.consumed(0, 'redelivered', producer, sequence, { atMs: 800 }).consumed(0, 'processed', producer, sequence, { atMs: 801 });
      return builder;
    };
    const rejected = await check(refused('rejected').build());
    expect(found(rejected)).toEqual({ lost: 3 });
    expect(rejected.attribution).toMatchObject({ consumer: 3 });
    expect(count(rejected, 'lost').examples[0]!.story).toContain('; rejected at 0.700 s; ');
    expect(found(await check(refused('requeued').build()))).toEqual({ redelivered: 3 });
  });

  it('prefers the dead-letter target to what remained, and processing to both', async () => {
    const draft = cleanDraft({ storeKind: 'queue', producers: 1, consumers: 1, partitions: 1, messages: 20, stride: 1, base: 'acknowledged' });
    const [aside, handled] = [draft.messages[3]!, draft.messages[5]!];
    vanish(aside);
    aside.stored = [{ attempt: 1, offset: 30 }];
    aside.deadLettered = [1];
    handled.deadLettered = [1];
    const facts = await check(emit(draft).build());
    expect(facts.accounting).toMatchObject({ processed: 19, deadLettered: 1, stuck: 0, lost: 0, addsUp: true });
    draft.drained = false;
    expect((await check(emit(draft).build())).accounting).toMatchObject({ processed: 19, deadLettered: 1, unseen: 0, addsUp: true });
  });

  it('is not sure of a silence where the client chose the partitions and did not say which', async () => {
    const builder = (routing: Scenario['producer']['routing'], partitions: number) => {
      const made = emit(log(0, 1)).scenario({ producer: { ...scenarioOf().producer, routing }, destination: { partitions, settings: {} } });
      for (let sequence = 0; sequence < 20; sequence++) made.produced(0, 'sent', sequence, { atMs: sequence }).produced(0, 'acknowledged', sequence, { atMs: sequence + 0.5 });
      return made.build();
    };
    expect(count(await check(builder('keyless', 3)), 'unavailableMs')).toMatchObject({ conclusive: false, atLeast: true, reasons: [expect.stringContaining('the client chose the partitions')] });
    expect(count(await check(builder('keyless', 1)), 'unavailableMs')).toMatchObject({ conclusive: true });
    expect(count(await check(builder('explicit', 3)), 'unavailableMs')).toMatchObject({ conclusive: true });
  });

  it('takes the partition of what the client placed from the record', async () => {
    const draft = log(20, 2);
    const builder = new HistoryBuilder({ storeKind: 'log' });
    for (const { sequence, partition, stored: [record], arrivals: [arrival] } of draft.messages) {
      builder.produced(0, 'sent', sequence, { atMs: sequence }).produced(0, 'acknowledged', sequence, { atMs: sequence + 0.5 });
      builder.consumed(0, 'delivered', 0, sequence, { atMs: 500 + sequence, partition, offset: arrival!.offset }).consumed(0, 'processed', 0, sequence, { atMs: 600 + sequence });
      builder.audited('stored', 0, sequence, { partition, offset: sequence === 6 ? 4 : sequence === 8 ? 3 : record!.offset });
    }
    expect(found(await check(builder.build()))).toMatchObject({ reordered: 1 });
  });

  it('caps examples and never counts', async () => {
    const draft = log(100, 1);
    for (const message of draft.messages.slice(0, 50)) vanish(message);
    const lost = count(await check(emit(draft).build()), 'lost');
    expect(lost.count).toBe(50);
    expect(lost.examples).toHaveLength(exampleLimit);
    expect(new Set(lost.examples.map(({ sequence }) => sequence)).size).toBe(exampleLimit);
  });
});
