// Whose doing a loss was: only what is on record counts, and two causes are none.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';
import type { EventName } from '../model/event.ts';
import { check } from './check.ts';
import { HistoryBuilder, type EventFields } from './testing/history-builder.ts';
import { scenarioOf } from './testing/plan.ts';

type Told = readonly (readonly [EventName, EventFields?])[];
const producerKinds: readonly EventName[] = ['sent', 'acknowledged', 'handedOver', 'unreceipted', 'returned'];
const auditKinds: readonly EventName[] = ['stored', 'deadLettered'];

function planted(storeKind: 'log' | 'queue', told: Told): HistoryBuilder {
  const builder = new HistoryBuilder({ storeKind }).produced(0, 'sent', 0, { atMs: 1, partition: 0 });
  for (const [name, fields] of told) {
    if (producerKinds.includes(name)) builder.produced(0, name, 0, { atMs: 2, partition: 0, ...fields });
    else if (auditKinds.includes(name)) builder.audited(name, 0, 0, { partition: 0, ...fields });
    else builder.consumed(0, name, 0, 0, { partition: 0, ...fields });
  }
  const positions = storeKind === 'log' ? [{ partition: 0, committed: 100, start: 5, end: 200 }] : [];
  return builder.at(8_000, { type: 'drain', conclusive: true, detail: '' }).at(9_000, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: positions } });
}

async function causeOf(builder: HistoryBuilder, others = 0): Promise<Cause> {
  const { attribution, accounting, measures } = await check(builder.build());
  expect(accounting.lost).toBe(1 + others);
  const lost = measures.find(({ measure }) => measure === 'lost')!;
  const [cause] = (Object.keys(attribution) as Cause[]).filter((candidate) => attribution[candidate] === 1 + others);
  expect(lost.examples.map((example) => example.cause)).toEqual(lost.examples.map(() => cause));
  return cause!;
}

const settling = (settle: Scenario['consumer']['settle']) => ({ consumer: { ...scenarioOf().consumer, settle } });
const queueOf = (settings: Record<string, unknown>) => ({ destination: { partitions: 1, settings } });

describe('on a log', () => {
  it.each<[Cause, string, Told]>([
    ['broker', 'there was a receipt, and the record is gone', [['acknowledged', { offset: 50 }]]],
    ['undecided', 'acknowledged, but no receipt and no lie on record', [['acknowledged']]],
    ['undecided', 'handed over, and gone', [['handedOver']]],
    ['client', 'the library\'s answer lacks the message', [['unreceipted'], ['acknowledged']]],
    ['consumer', 'in the log and committed past', [['acknowledged', { offset: 50 }], ['stored', { offset: 50 }]]],
    ['consumer', 'in the log, settled, its handler never finished', [['acknowledged', { offset: 50 }], ['delivered', { offset: 50 }], ['settled', { offset: 50 }], ['stored', { offset: 50 }]]],
    ['consumer', 'in the log after all, though the client could not know', [['unreceipted'], ['acknowledged'], ['stored', { offset: 50 }]]],
    ['undecided', 'settled, and gone from the log as well', [['acknowledged', { offset: 50 }], ['settled', { offset: 50 }]]],
    ['undecided', 'the library lied, and a consumer settled it', [['unreceipted'], ['acknowledged'], ['settled', { offset: 50 }]]],
    ['client', 'the library asked for less than it was told to: its receipt is the leader\'s alone', [['unreceipted', { offset: 50 }], ['acknowledged', { offset: 50 }]]],
    ['undecided', 'the same, and retention has passed the place', [['unreceipted', { offset: 4 }], ['acknowledged', { offset: 4 }]]],
    ['consumer', 'the same, in the log and committed past', [['unreceipted', { offset: 50 }], ['acknowledged', { offset: 50 }], ['stored', { offset: 50 }]]],
    ['policy', 'retention removed it', [['acknowledged', { offset: 4 }]]],
    ['broker', 'just after what retention removed', [['acknowledged', { offset: 5 }]]],
  ])('%s: %s', async (cause, _, told) => {
    expect(await causeOf(planted('log', told))).toBe(cause);
  });

  it.each<[Cause, string, Told]>([
    ['undecided', 'a node was struck, and retention has passed', [['acknowledged', { offset: 4 }]]],
    ['policy', 'the same, and it had been delivered', [['acknowledged', { offset: 4 }], ['delivered', { offset: 4 }]]],
    ['broker', 'a node was struck, and retention has not come as far', [['acknowledged', { offset: 5 }]]],
  ])('%s: %s', async (cause, _, told) => {
    const builder = planted('log', told).at(500, { type: 'fault', id: 'f', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' });
    expect(await causeOf(builder)).toBe(cause);
  });

  const passed: Told = [['acknowledged', { offset: 50 }], ['stored', { offset: 50 }]];
  const given: Told = [...passed, ['delivered', { offset: 50 }]];
  const committing = (consumer: Partial<Scenario['consumer']>, broker: Scenario['cluster']['broker'] = 'kafka') =>
    ({ consumer: { ...scenarioOf().consumer, settle: 'automatic' as const, ...consumer }, cluster: { ...scenarioOf().cluster, broker } });
  it.each<[Cause, string, Told, Partial<Scenario>]>([
    ['client', 'the library committed past it by itself, and had never given it to anybody', passed, committing({})],
    ['consumer', 'the library committed past it after it had given it', given, committing({})],
    ['consumer', 'the same, and the commit was seen', [...given, ['settled', { offset: 50 }]], committing({})],
    ['consumer', 'committed past, ungiven, where the application says what is committed', passed, committing({ settle: 'after-processing' })],
    ['consumer', 'the same, of a program, whose own code may commit', passed, committing({ program: { command: ['x'] } as never })],
    ['consumer', 'the same, of a group that begins at the end', passed, committing({ policy: { autoOffsetReset: 'latest' } })],
    ['undecided', 'gone from the log as well, and nothing tells who lost it', [['acknowledged']], committing({})],
  ])('%s: %s', async (cause, _, told, scenario) => {
    expect(await causeOf(planted('log', told).scenario(scenario))).toBe(cause);
  });

  it('client: two receipts for one place, for both of them', async () => {
    const builder = planted('log', [['acknowledged', { offset: 50 }]]).produced(0, 'sent', 1, { atMs: 3, partition: 0 }).produced(0, 'acknowledged', 1, { atMs: 4, partition: 0, offset: 50 });
    expect(await causeOf(builder, 1)).toBe('client');
  });

  /** Another message lies where the receipt of the lost one says that it lies. */
  const takenPlace = (acknowledgedMs: number | null, receiptPartition = 0) => {
    const builder = planted('log', [['acknowledged', { atMs: 2_000, offset: 50 }]]).produced(0, 'sent', 1, { atMs: 5, partition: 0 });
    if (acknowledgedMs !== null) builder.produced(0, 'acknowledged', 1, { atMs: acknowledgedMs, partition: receiptPartition, offset: 50 });
    return builder.audited('stored', 0, 1, { partition: 0, offset: 50 }).consumed(0, 'processed', 0, 1);
  };
  const ledBy = (builder: HistoryBuilder, changeMs: number) => builder.at(0, { type: 'leader', partition: 0, from: null, to: 'a', epoch: 1 })
    .at(changeMs, { type: 'leader', partition: 0, from: 'a', to: 'b', epoch: 2 });

  it.each<[Cause, string, () => HistoryBuilder]>([
    ['client', 'a reused sequence: the record at its place is another one, of which the client never heard, and no other leader came', () => takenPlace(null)],
    ['client', 'the same, and the leader had changed long before', () => ledBy(takenPlace(null), 1_000)],
    ['broker', 'another leader came and wrote another record there', () => ledBy(takenPlace(null), 7_900)],
    ['broker', 'the next leader acknowledged another record there', () => ledBy(takenPlace(7_950), 7_900)],
    ['broker', 'both were acknowledged around the change of leader: each by another one', () => ledBy(takenPlace(6), 4_000)],
    ['broker', 'another leader came, and the receipt from before of the other record names another partition', () => ledBy(takenPlace(6, 1), 1_900).at(7_000, { type: 'leader', partition: 0, from: 'b', to: 'c', epoch: 3 })],
    ['client', 'another leader came, and the other record has been there since before', () => ledBy(takenPlace(6), 1_900).at(7_000, { type: 'leader', partition: 0, from: 'b', to: 'c', epoch: 3 })],
  ])('%s: %s', async (cause, _, builder) => {
    expect(await causeOf(builder())).toBe(cause);
  });

  const stream = { ...queueOf({ type: 'stream' }), cluster: { ...scenarioOf().cluster, broker: 'rabbitmq' as const, version: '4.3' } };
  it.each<[Cause, string, Told]>([
    ['broker', 'a confirm without an offset is the receipt of a stream', [['acknowledged']]],
    ['undecided', 'handed over, and gone', [['handedOver']]],
    ['undecided', 'the publisher was told that it is unroutable', [['returned'], ['acknowledged']]],
    ['client', 'the library\'s answer lacks the message', [['unreceipted'], ['acknowledged']]],
  ])('%s: %s', async (cause, _, told) => {
    const builder = planted('log', told).at(9_001, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: [{ partition: 0, committed: null, start: 0, end: 200 }] } });
    expect(await causeOf(builder.scenario(stream))).toBe(cause);
  });

  it.each<[Cause, string, (builder: HistoryBuilder) => HistoryBuilder]>([
    ['undecided', 'retention removed records, and nothing tells where this one lay', (builder) => builder],
    ['broker', 'retention removed records, and one that was sent before it is still there', (builder) => builder.produced(0, 'sent', 1, { atMs: 3, partition: 0 }).produced(0, 'acknowledged', 1, { atMs: 3.5, partition: 0 }).audited('stored', 0, 1, { partition: 0, offset: 7 }).consumed(0, 'processed', 0, 1)],
    ['undecided', 'the same, and it was attempted twice', (builder) => builder.produced(0, 'sent', 2, { atMs: 4.5, partition: 0, attempt: 2 }).produced(0, 'sent', 1, { atMs: 3, partition: 0 }).produced(0, 'acknowledged', 1, { atMs: 3.5, partition: 0 }).audited('stored', 0, 1, { partition: 0, offset: 7 }).consumed(0, 'processed', 0, 1)],
    ['policy', 'retention removed records, and it had been delivered from where they lay', (builder) => builder.consumed(0, 'delivered', 0, 2, { partition: 0, offset: 3 })],
    ['broker', 'retention removed records, and it had been delivered from behind them', (builder) => builder.consumed(0, 'delivered', 0, 2, { partition: 0, offset: 8 })],
  ])('%s: %s', async (cause, _, also) => {
    const builder = new HistoryBuilder({ storeKind: 'log', scenario: stream }).produced(0, 'sent', 2, { atMs: 4, partition: 0 }).produced(0, 'acknowledged', 2, { atMs: 5, partition: 0 })
      .at(8_000, { type: 'drain', conclusive: true, detail: '' })
      .at(9_000, { type: 'audit', conclusive: true, detail: '', records: 0, positions: { partitions: [{ partition: 0, committed: null, start: 5, end: 200 }] } });
    expect(await causeOf(also(builder))).toBe(cause);
  });

  const compacted = queueOf({ cleanupPolicy: 'compact' });
  it.each<[Cause, string, Told]>([
    ['policy', 'a hole below the end of a compacted topic', [['acknowledged', { offset: 50 }]]],
    ['broker', 'beyond the end of a compacted topic', [['acknowledged', { offset: 200 }]]],
    ['undecided', 'from a compacted topic, without a receipt', [['acknowledged']]],
  ])('%s: %s', async (cause, _, told) => {
    expect(await causeOf(planted('log', told).scenario(compacted))).toBe(cause);
  });
});

const consumerDied = (builder: HistoryBuilder) => builder.at(500, { type: 'worker', worker: 'consumer-0', edge: 'died', detail: '' });
const nodeStruck = (builder: HistoryBuilder) => builder.at(500, { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' });
const clientsCut = (builder: HistoryBuilder) => builder.at(500, { type: 'fault', id: 'cut', fault: 'client-cut-after', strikes: 'link', edge: 'struck', nodes: ['a'], detail: '' });
const consumerKilled = (builder: HistoryBuilder) => builder.at(400, { type: 'worker', worker: 'consumer-1', edge: 'killed', detail: '' });
const publishStep = (builder: HistoryBuilder, atMs: number) => builder.at(atMs, { type: 'step', index: 0, kind: 'publish', edge: 'begin' });
const clientStruck = (builder: HistoryBuilder, fault: 'pause' | 'stall') => builder.at(500, { type: 'fault', id: fault, fault, strikes: 'client', edge: 'struck', nodes: ['consumer-0'], detail: '' });
const closedPublish = (complete: boolean, to = 1, from = 0, atMs = 500) => (builder: HistoryBuilder) => builder.at(atMs, { type: 'closed', producer: 0, from, to, complete });
const rabbitmq = (version: string): Partial<Scenario> => ({ cluster: { ...scenarioOf().cluster, broker: 'rabbitmq', version } });
const times = (count: number, event: Told[number]): Told => Array.from({ length: count }, () => event);

describe('on a queue', () => {
  const confirmed: Told = [['acknowledged']];
  const delivered: Told = [...confirmed, ['delivered']];
  const asItIs = (builder: HistoryBuilder) => builder;

  it.each<[Cause, string, Told, Partial<Scenario>, (builder: HistoryBuilder) => HistoryBuilder]>([
    ['broker', 'confirmed and gone', confirmed, {}, asItIs],
    ['broker', 'confirmed, delivered, not settled, and gone', delivered, {}, asItIs],
    ['consumer', 'settled, its handler never finished', [...delivered, ['settled']], {}, asItIs],
    ['undecided', 'handed over and gone: it may never have arrived', [['handedOver']], {}, asItIs],
    ['broker', 'handed over in a closed publish that the broker had read', [['handedOver']], {}, closedPublish(true)],
    ['undecided', 'handed over in a closed publish that was not complete', [['handedOver']], {}, closedPublish(false)],
    ['broker', 'handed over before a closed publish, the same way: the clean end of the channel shows that the broker had read it', [['handedOver']], {}, closedPublish(true, 5, 3)],
    ['broker', 'the same, and the node was struck after it', [['handedOver']], {}, (builder) => nodeStruck(closedPublish(true, 5, 3, 400)(builder))],
    ['broker', 'in a closed publish, and something was struck before it began', [['handedOver']], {}, (builder) => nodeStruck(closedPublish(true, 1, 0, 700)(publishStep(builder, 600)))],
    ['undecided', 'in a closed publish that something struck as it began', [['handedOver']], {}, (builder) => nodeStruck(closedPublish(true, 1, 0, 700)(publishStep(builder, 500)))],
    ['undecided', 'in a closed publish that something struck before its channel was closed', [['handedOver']], {}, (builder) => nodeStruck(closedPublish(true, 1, 0, 700)(publishStep(builder, 400)))],
    ['undecided', 'in a closed publish whose attempts ended after the strike: the channel was another one', [['handedOver']], {}, (builder) => nodeStruck(closedPublish(true, 1, 0, 900)(closedPublish(false, 1, 0, 450)(publishStep(builder, 400))))],
    ['undecided', 'handed over before a closed publish, and something was struck in between', [['handedOver']], {}, (builder) => nodeStruck(closedPublish(true, 5, 3, 600)(builder))],
    ['undecided', 'handed over before a closed publish, and the connection was in trouble in between', [['handedOver']], {}, (builder) => closedPublish(true, 5, 3)(builder).at(100, { type: 'note', source: 'producer-0', message: 'reconnected' })],
    ['broker', 'the same of another worker\'s connection', [['handedOver']], {}, (builder) => closedPublish(true, 5, 3)(builder).at(100, { type: 'note', source: 'consumer-0', message: 'reconnected' })],
    ['undecided', 'handed over after the closed publish', [['handedOver']], {}, closedPublish(true, 0)],
    ['undecided', 'the publisher was told that it is unroutable', [['returned'], ...confirmed], {}, asItIs],
    ['client', 'the library\'s answer lacks the message', [['unreceipted'], ...confirmed], {}, asItIs],
    ['policy', 'the queue may drop by age, and nothing happened to the broker', confirmed, queueOf({ arguments: { 'x-message-ttl': 1_000 } }), asItIs],
    ['policy', 'the same, as the scenario spells it', confirmed, queueOf({ messageTtlMs: 1_000 }), asItIs],
    ['policy', 'the queue may drop its oldest', confirmed, queueOf({ maxLength: 10, overflow: 'drop-head' }), asItIs],
    ['undecided', 'the queue may drop by age, and a node was struck: either may be', confirmed, queueOf({ messageTtlMs: 1_000 }), nodeStruck],
    ['undecided', 'the queue may drop by age, and it may never have arrived', [['handedOver']], queueOf({ messageTtlMs: 1_000 }), asItIs],
    ['broker', 'a full queue refuses, so nothing that was taken is dropped', confirmed, queueOf({ maxLength: 10, overflow: 'reject-publish' }), asItIs],
    ['broker', 'no limit is set', confirmed, queueOf({ messageTtlMs: null, maxLength: null, deliveryLimit: null }), asItIs],
    ['consumer', 'rejected by the consumer, with no dead-letter target', [...delivered, ['rejected']], {}, asItIs],
    ['undecided', 'rejected, and it did not arrive in the dead-letter target', [...delivered, ['rejected']], queueOf({ deadLetter: { strategy: 'at-most-once' } }), asItIs],
    ['broker', 'given back, and gone', [...delivered, ['requeued']], {}, asItIs],
    ['consumer', 'settled before the queue could drop it', [...delivered, ['settled']], queueOf({ arguments: { 'x-max-length': 10 } }), asItIs],
    ['undecided', 'delivered again to a queue with a delivery limit, not often enough to know', [...confirmed, ['redelivered']], queueOf({ deliveryLimit: 3 }), asItIs],
    ['undecided', 'delivered as often as it may be', [...confirmed, ...times(3, ['redelivered'])], queueOf({ deliveryLimit: 3 }), asItIs],
    ['policy', 'delivered once more than it may be returned', [...delivered, ...times(3, ['redelivered'])], queueOf({ deliveryLimit: 3 }), asItIs],
    ['policy', 'the same though a node was struck: the count is proof', [...delivered, ...times(3, ['redelivered'])], queueOf({ deliveryLimit: 3 }), nodeStruck],
    ['policy', 'given to consumers of which more ended than it may be returned', delivered, queueOf({ deliveryLimit: 1 }), (builder) => consumerDied(consumerKilled(builder))],
    ['broker', 'never given to any of the consumers that ended', confirmed, queueOf({ deliveryLimit: 1 }), (builder) => consumerDied(consumerKilled(builder))],
    ['undecided', 'as many consumers ended as it may be returned', [...confirmed, ['redelivered']], queueOf({ deliveryLimit: 2 }), (builder) => consumerDied(consumerKilled(builder))],
    ['undecided', 'the default limit of a quorum queue since 4.0 may be it', [...confirmed, ['redelivered']], { ...queueOf({ type: 'quorum' }), ...rabbitmq('4.0') }, asItIs],
    ['broker', 'a quorum queue before 4.0 has no limit', [...confirmed, ['redelivered']], { ...queueOf({ type: 'quorum' }), ...rabbitmq('3.10') }, asItIs],
    ['broker', 'a limit of −1 is none', [...confirmed, ['redelivered']], { ...queueOf({ type: 'quorum', deliveryLimit: -1 }), ...rabbitmq('4.3') }, asItIs],
    ['broker', 'never delivered, so no delivery limit dropped it', confirmed, queueOf({ deliveryLimit: 3 }), asItIs],
    ['undecided', 'the same, and deliveries may have been lost on the way to consumers', confirmed, queueOf({ deliveryLimit: 3 }), clientsCut],
    ['broker', 'the way to consumers was struck, and there is no delivery limit', confirmed, queueOf({ type: 'classic' }), clientsCut],
    ['broker', 'delivered again to a queue without a delivery limit', [...confirmed, ['redelivered']], queueOf({ type: 'classic' }), asItIs],
    ['consumer', 'automatic acknowledgement, and a consumer is gone', confirmed, settling('automatic'), consumerDied],
    ['consumer', 'automatic acknowledgement, and a consumer was killed on purpose', confirmed, settling('automatic'), consumerKilled],
    ['consumer', 'automatic acknowledgement, and a consumer was frozen', confirmed, settling('automatic'), (builder) => clientStruck(builder, 'pause')],
    ['broker', 'automatic acknowledgement, and handlers stalled: their connection stays', confirmed, settling('automatic'), (builder) => clientStruck(builder, 'stall')],
    ['undecided', 'automatic acknowledgement, and a node was struck: on the wire or in the queue', confirmed, settling('automatic'), nodeStruck],
    ['consumer', 'automatic acknowledgement, and the way to consumers was struck', confirmed, settling('automatic'), clientsCut],
    ['broker', 'automatic acknowledgement, and nobody is gone', confirmed, settling('automatic'), asItIs],
    ['broker', 'settled after processing, and a consumer is gone', delivered, settling('after-processing'), consumerDied],
    ['undecided', 'settled before processing by a consumer that is gone: its last word is not on record', delivered, settling('before-processing'), consumerDied],
    ['broker', 'settled before processing, never delivered', confirmed, settling('before-processing'), consumerDied],
  ])('%s: %s', async (cause, _, told, scenario, also) => {
    expect(await causeOf(also(planted('queue', told)).scenario(scenario))).toBe(cause);
  });
});
