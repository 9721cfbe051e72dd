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
    ['policy', 'retention removed it', [['acknowledged', { offset: 4 }]]],
    ['broker', 'just after what retention removed', [['acknowledged', { offset: 5 }]]],
    ['policy', 'found in a dead-letter target', [['acknowledged', { offset: 50 }], ['settled', { offset: 50 }], ['deadLettered', { offset: 50 }]]],
  ])('%s: %s', async (cause, _, told) => {
    expect(await causeOf(planted('log', told))).toBe(cause);
  });

  it('client: two receipts for one place, for both of them', async () => {
    const builder = planted('log', [['acknowledged', { offset: 50 }]]).produced(0, 'sent', 1, { atMs: 3, partition: 0 }).produced(0, 'acknowledged', 1, { atMs: 4, partition: 0, offset: 50 });
    expect(await causeOf(builder, 1)).toBe('client');
  });
});

const settling = (settle: Scenario['consumer']['settle']) => ({ consumer: { ...scenarioOf().consumer, settle } });
const queueOf = (settings: Record<string, unknown>) => ({ destination: { partitions: 1, settings } });
const consumerDied = (builder: HistoryBuilder) => builder.at(500, { type: 'worker', worker: 'consumer-0', edge: 'died', detail: '' });
const nodeStruck = (builder: HistoryBuilder) => builder.at(500, { type: 'fault', id: 'kill', fault: 'kill', edge: 'struck', nodes: ['a'], detail: '' });
const closedPublish = (complete: boolean, to = 1) => (builder: HistoryBuilder) => builder.at(500, { type: 'closed', producer: 0, from: 0, to, complete });

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
    ['undecided', 'handed over outside the closed publish', [['handedOver']], {}, closedPublish(true, 0)],
    ['undecided', 'the publisher was told that it is unroutable', [['returned'], ...confirmed], {}, asItIs],
    ['client', 'the library\'s answer lacks the message', [['unreceipted'], ...confirmed], {}, asItIs],
    ['policy', 'found in a dead-letter target', [...confirmed, ['deadLettered']], {}, asItIs],
    ['undecided', 'the queue may drop by age, and does not say what', confirmed, queueOf({ arguments: { 'x-message-ttl': 1_000 } }), asItIs],
    ['consumer', 'settled before the queue could drop it', [...delivered, ['settled']], queueOf({ arguments: { 'x-max-length': 10 } }), asItIs],
    ['undecided', 'delivered again and again to a queue with a delivery limit', [...confirmed, ['redelivered']], queueOf({ type: 'quorum' }), asItIs],
    ['broker', 'never delivered, so no delivery limit dropped it', confirmed, queueOf({ type: 'quorum' }), asItIs],
    ['broker', 'delivered again to a queue without a delivery limit', [...confirmed, ['redelivered']], queueOf({ type: 'classic' }), asItIs],
    ['consumer', 'automatic acknowledgement, and a consumer is gone', confirmed, settling('automatic'), consumerDied],
    ['undecided', 'automatic acknowledgement, and a node was struck: on the wire or in the queue', confirmed, settling('automatic'), nodeStruck],
    ['broker', 'automatic acknowledgement, and nobody is gone', confirmed, settling('automatic'), asItIs],
    ['broker', 'settled after processing, and a consumer is gone', delivered, settling('after-processing'), consumerDied],
    ['undecided', 'settled before processing by a consumer that is gone: its last word is not on record', delivered, settling('before-processing'), consumerDied],
    ['broker', 'settled before processing, never delivered', confirmed, settling('before-processing'), consumerDied],
  ])('%s: %s', async (cause, _, told, scenario, also) => {
    expect(await causeOf(also(planted('queue', told)).scenario(scenario))).toBe(cause);
  });
});
