// Which counts are the truth, which are a bound, and which are not known.
import { describe, expect, it } from 'vitest';
import { measures, type Measure } from '../model/contract.ts';
import type { Facts } from '../model/facts.ts';
import { check } from './check.ts';
import { vanish } from './testing/edits.ts';
import { HistoryBuilder } from './testing/history-builder.ts';
import { cleanDraft, emit, type Draft } from './testing/messages.ts';
import { scenarioOf } from './testing/plan.ts';

describe('certainty', () => {
  const log = (messages = 40, partitions = 2): Draft => cleanDraft({ storeKind: 'log', producers: 1, consumers: 1, partitions, messages, stride: 1, base: 'acknowledged' });
  const count = (facts: Facts, measure: Measure) => facts.measures.find((fact) => fact.measure === measure)!;

  it('says of every measure whether it can be believed when the history is not whole: what was seen twice was seen twice', async () => {
    const draft = log(20, 1);
    vanish(draft.messages[4]!);
    const facts = await check(emit(draft).broken('consumer-0 left no segment').build());
    expect(facts.conditions).toMatchObject({ historyWhole: false, historyDetail: 'consumer-0 left no segment' });
    const witnessed = ['unroutable', 'copies', 'republished', 'redelivered', 'processedTwice', 'duplicated', 'rewound', 'corrupted', 'strangers'];
    for (const { measure, conclusive, atLeast } of facts.measures) expect({ measure, conclusive, atLeast }).toEqual({ measure, conclusive: false, atLeast: witnessed.includes(measure) ? true : undefined });
    expect(facts.measures.map(({ measure }) => measure)).toEqual([...measures]);
  });

  it('says of every measure what a run that was cut short leaves of it', async () => {
    const builder = new HistoryBuilder({ storeKind: 'log' }).at(1, { type: 'phase', phase: 'steady', edge: 'end', ok: true });
    builder.produced(0, 'sent', 0, { atMs: 2 }).produced(0, 'acknowledged', 0, { atMs: 3 }).produced(0, 'sent', 1, { atMs: 4 });
    builder.consumed(0, 'delivered', 0, 0, { atMs: 5 }).consumed(0, 'settled', 0, 0, { atMs: 6 });
    const facts = await check(builder.build());
    const unknown = ['ghost', 'recovered', 'settledUnprocessed', 'reordered', 'failed', 'indeterminate', 'repeated'];
    for (const { measure, conclusive, atLeast, reasons } of facts.measures.filter((fact) => fact.measure !== 'unseen')) {
      expect({ measure, conclusive, atLeast }).toEqual({ measure, conclusive: false, atLeast: unknown.includes(measure) ? undefined : true });
      expect(new Set(reasons).size).toBe(reasons.length);
    }
    expect(count(facts, 'lost')).toMatchObject({ count: 0, atLeast: true });
    expect(count(facts, 'failed').reasons).toEqual(['the run was cut short: the run ended before the drain']);
    expect(count(facts, 'unseen')).toMatchObject({ count: 1, conclusive: true });
  });

  it.each([
    ['rabbitmq', 'amqplib', {}, false],
    ['rabbitmq', 'amqplib', { mandatory: false }, false],
    ['rabbitmq', 'amqplib', { mandatory: true }, true],
    ['rabbitmq', 'rabbitmq-stream-js-client', {}, true],
    ['kafka', 'kafkajs', {}, true],
  ] as const)('unroutable on %s with %s, told %o: conclusive is %s', async (broker, driver, policy, conclusive) => {
    const { cluster, producer } = scenarioOf();
    const draft = cleanDraft({ storeKind: broker === 'kafka' ? 'log' : 'queue', producers: 1, consumers: 1, partitions: 1, messages: 20, stride: 1, base: 'acknowledged' });
    for (const message of draft.messages.slice(3, 8)) vanish(message);
    const facts = await check(emit(draft).scenario({ cluster: { ...cluster, broker }, producer: { ...producer, driver, policy } }).build());
    expect(count(facts, 'unroutable')).toMatchObject(conclusive ? { count: 0, conclusive } : { count: 0, conclusive, atLeast: true, reasons: [expect.stringContaining('without `mandatory`')] });
    expect(count(facts, 'lost')).toMatchObject({ count: 5, conclusive: true });
  });

  it.each([
    ['queue', ['erased', 'copies', 'skipped', 'rewound', 'offsetConflicts']],
    ['log', ['repeated']],
  ] as const)('says which measures do not apply to a %s', async (storeKind, inapplicable) => {
    const draft = cleanDraft({ storeKind, producers: 1, consumers: 1, partitions: 1, messages: 20, stride: 1, base: 'acknowledged' });
    const facts = await check(emit(draft).build());
    expect(facts.measures.filter(({ conclusive }) => !conclusive).map(({ measure }) => measure)).toEqual(inapplicable);
    for (const measure of inapplicable) expect(count(facts, measure).reasons[0]).toMatch(/^does not apply: /);
  });
});
