// Random histories, however absurd: the checkers agree with a literal reading of the definitions, and the numbers add up.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoreKind } from '../model/cluster.ts';
import type { Measure } from '../model/contract.ts';
import type { Facts } from '../model/facts.ts';
import { check } from './check.ts';
import { emit, seal, sealings, type Draft, type Message, type Shape } from './testing/messages.ts';
import { naive } from './testing/naive.ts';

const partitions = 2;
const small = (max: number) => fc.integer({ min: 0, max });

/** Ids far from what is reserved, and of a producer that is not there, come up now and then. */
const anyMessage = (base: Shape['base']): fc.Arbitrary<Message> => fc.record({
  producer: fc.oneof({ weight: 20, arbitrary: small(2) }, { weight: 1, arbitrary: fc.constant(700) }),
  sequence: fc.oneof({ weight: 30, arbitrary: small(30) }, { weight: 1, arbitrary: fc.integer({ min: 2_000_000, max: 4_000_000_000 }) }),
  reserved: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.constant(false)),
  partition: small(partitions - 1),
  attempts: fc.array(fc.record({
    outcome: fc.constantFrom(base, base, 'failed' as const, 'indeterminate' as const, null),
    receipt: fc.constant(null),
    returned: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    unreceipted: fc.constant(false),
  }), { maxLength: 3 }),
  stored: fc.array(fc.record({ attempt: fc.integer({ min: 1, max: 3 }), offset: small(20) }), { maxLength: 3 }),
  arrivals: fc.array(fc.record({
    consumer: small(2), attempt: fc.integer({ min: 1, max: 3 }), offset: small(20), flagged: fc.boolean(), processed: small(2),
    settled: fc.boolean(), rank: small(100), corrupted: fc.boolean(),
  }), { maxLength: 4 }),
  deadLettered: fc.oneof({ weight: 4, arbitrary: fc.constant<number[]>([]) }, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })),
});

const drafts = (storeKind: StoreKind, base: Shape['base']): fc.Arbitrary<Draft> => fc.record({
  shape: fc.constant({ storeKind, producers: 3, consumers: 3, partitions, messages: 0, stride: 1, base }),
  // One entry an id: several would be several stories of one message.
  messages: fc.uniqueArray(anyMessage(base), { maxLength: 40, selector: ({ producer, sequence }) => `${producer}:${sequence}` }).map((messages) => messages.map(plausible)),
  committed: fc.array(small(20), { minLength: partitions, maxLength: partitions }),
  ends: fc.constant([0, 0]),
  strangers: small(2),
  drained: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  audited: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
});

/** A producer does not attempt what it did not number, and not again what was taken; far ids are nobody's own. */
function plausible(message: Message): Message {
  const foreign = message.producer > 2 || message.sequence > 30;
  if (foreign) return { ...message, attempts: [], reserved: false };
  const taken = message.attempts.findIndex(({ outcome }) => outcome === 'acknowledged' || outcome === 'handedOver');
  return taken === -1 ? message : { ...message, attempts: message.attempts.slice(0, taken + 1) };
}

const countsOf = (facts: Facts): Record<string, number> => Object.fromEntries(facts.measures.map(({ measure, count }) => [measure, count]));

describe.each([
  ['log', 'acknowledged'], ['log', 'handedOver'], ['queue', 'acknowledged'], ['queue', 'handedOver'],
] as const)('a random history of a %s whose base is %s', (storeKind, base) => {
  it('is counted as the definitions say', async () => {
    await fc.assert(fc.asyncProperty(drafts(storeKind, base), sealings, async (draft, sealing) => {
      const builder = emit(draft);
      const expected = naive({ events: builder.events, log: storeKind === 'log', committed: draft.committed, concluded: draft.drained && draft.audited, audited: draft.audited });
      const facts = await check(seal(builder, sealing));
      expect(countsOf(facts)).toMatchObject(expected.counts);
      expect(facts.accounting).toMatchObject({ ...expected.accounting, addsUp: true });
    }), { numRuns: 300 });
  });

  it('adds up, whatever the reader adds', async () => {
    await fc.assert(fc.asyncProperty(drafts(storeKind, base), async (draft) => {
      const { accounting, totals, attribution, exposedSet, measures } = await check(emit(draft).build());
      const count = (measure: Measure) => measures.find((fact) => fact.measure === measure)!.count;
      expect(accounting.processed + accounting.deadLettered + accounting.stuck + accounting.lost + accounting.unseen).toBe(accounting.baseCount);
      expect(accounting.baseCount).toBe(totals.acknowledged + totals.handedOver);
      expect(totals.acknowledged + totals.handedOver + totals.failed + totals.indeterminate).toBe(totals.reserved);
      expect(Object.values(attribution).reduce((sum, share) => sum + share, 0)).toBe(accounting.lost);
      expect(exposedSet.lostAndExposed + exposedSet.lostNotExposed).toBe(accounting.lost);
      expect([count('lost'), count('deadLettered'), count('stuck'), count('unseen')]).toEqual([accounting.lost, accounting.deadLettered, accounting.stuck, accounting.unseen]);
      if (storeKind === 'log') expect(count('duplicated')).toBe(count('copies') + count('republished'));
    }), { numRuns: 200 });
  });

  it('gives the same facts however it was sealed', async () => {
    await fc.assert(fc.asyncProperty(drafts(storeKind, base), sealings, async (draft, sealing) => {
      const builder = emit(draft);
      const { cuts } = sealing;
      expect(await check(builder.build({ cuts }))).toEqual(await check(builder.build()));
      expect(countsOf(await check(seal(builder, sealing)))).toEqual(countsOf(await check(builder.build())));
    }), { numRuns: 100 });
  });
});

it('refuses a history with acknowledgements and without', async () => {
  const draft: Draft = { shape: { storeKind: 'log', producers: 1, consumers: 1, partitions: 1, messages: 2, stride: 1, base: 'acknowledged' }, messages: [], committed: [0], ends: [0], strangers: 0, drained: true, audited: true };
  const builder = emit(draft);
  for (const [sequence, name] of [[0, 'acknowledged'], [1, 'handedOver']] as const) builder.produced(0, 'sent', sequence).produced(0, name, sequence);
  await expect(check(builder.build())).rejects.toMatchObject({ code: 'E_INTERNAL' });
});
