// Every measure: exactly k anomalies planted into a clean history, exactly k found, and nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Measure } from '../model/contract.ts';
import { check } from './check.ts';
import { another, append, first, found, resend, vanish } from './testing/edits.ts';
import { cleanDraft, emit, seal, sealings, shapes, type Draft, type Message, type Shape } from './testing/messages.ts';

interface Plant {
  readonly title: string;
  /** Edits one message; `index` counts the victims. */
  readonly plant: (message: Message, draft: Draft, index: number) => void;
  /** Expected for k victims; everything not named must be 0. */
  readonly counts: (k: number) => Partial<Record<Measure, number>>;
}

const both: readonly Plant[] = [
  { title: 'nothing', plant: () => {}, counts: () => ({}) },
  {
    title: 'phantom: delivered though never reserved',
    plant: (message) => { message.reserved = false; message.attempts = []; },
    counts: (k) => ({ phantom: k }),
  },
  {
    title: 'phantom: of a sequence far beyond any that was used',
    plant: (message, draft, index) => draft.messages.push({ ...structuredClone(message), sequence: 4_000_000_000 + index, reserved: false, attempts: [], stored: [], arrivals: [{ ...first(message), ...another(draft, index), offset: append(draft, message.partition) }] }),
    counts: (k) => ({ phantom: k }),
  },
  {
    title: 'phantom: of a producer that does not exist',
    plant: (message, draft, index) => draft.messages.push({ ...structuredClone(message), producer: 60_000, sequence: index, reserved: false, attempts: [], stored: [], arrivals: [{ ...first(message), ...another(draft, index), offset: append(draft, message.partition) }] }),
    counts: (k) => ({ phantom: k }),
  },
  { title: 'ghost: delivered though every attempt failed', plant: (message) => resend(message, 'failed', 'failed'), counts: (k) => ({ ghost: k, failed: k }) },
  { title: 'failed: refused and nowhere', plant: (message) => { resend(message, 'failed'); vanish(message); }, counts: (k) => ({ failed: k }) },
  { title: 'failed, then acknowledged', plant: (message) => resend(message, 'failed', 'acknowledged'), counts: () => ({}) },
  { title: 'recovered: unknown, and there', plant: (message) => resend(message, 'indeterminate'), counts: (k) => ({ recovered: k, indeterminate: k }) },
  { title: 'recovered: one failure does not undo an unknown attempt', plant: (message) => resend(message, 'indeterminate', 'failed'), counts: (k) => ({ recovered: k, indeterminate: k }) },
  { title: 'recovered: the attempt\'s end is not on record', plant: (message) => resend(message, 'failed', null), counts: (k) => ({ recovered: k, indeterminate: k }) },
  { title: 'recovered: reserved, delivered, and not even its attempt is on record', plant: (message) => { message.attempts = []; }, counts: (k) => ({ recovered: k, indeterminate: k }) },
  { title: 'indeterminate: unknown, and nowhere', plant: (message) => { resend(message, 'indeterminate'); vanish(message); }, counts: (k) => ({ indeterminate: k }) },
  { title: 'indeterminate: reserved and never heard of again', plant: (message) => { message.attempts = []; vanish(message); }, counts: (k) => ({ indeterminate: k }) },
  { title: 'unroutable: acknowledged and returned', plant: (message) => { message.attempts[0]!.returned = true; }, counts: (k) => ({ unroutable: k }) },
  { title: 'corrupted', plant: (message) => { first(message).corrupted = true; }, counts: (k) => ({ corrupted: k }) },
  { title: 'strangers', plant: (_, draft) => { draft.strangers++; }, counts: (k) => ({ strangers: k }) },
];

const onLog: readonly Plant[] = [
  { title: 'lost by the broker, which is erased as well', plant: vanish, counts: (k) => ({ lost: k, erased: k }) },
  { title: 'lost by the consumer: committed past, never processed', plant: (message) => { first(message).processed = 0; }, counts: (k) => ({ lost: k, settledUnprocessed: k }) },
  { title: 'erased: gone from the log though a consumer was quicker', plant: (message) => { message.stored = []; }, counts: (k) => ({ erased: k }) },
  {
    title: 'copies: one attempt stored twice',
    plant: (message, draft) => message.stored.push({ attempt: 1, offset: append(draft, message.partition) }),
    counts: (k) => ({ copies: k, duplicated: k }),
  },
  {
    title: 'republished: two attempts of ours stored',
    plant: (message, draft) => { resend(message, 'indeterminate', 'acknowledged'); message.stored.push({ attempt: 2, offset: append(draft, message.partition) }); },
    counts: (k) => ({ republished: k, duplicated: k }),
  },
  {
    title: 'republished and copied: three records of two attempts',
    plant: (message, draft) => {
      resend(message, 'indeterminate', 'acknowledged');
      for (const attempt of [2, 2]) message.stored.push({ attempt, offset: append(draft, message.partition) });
    },
    counts: (k) => ({ copies: k, republished: k, duplicated: 2 * k }),
  },
  {
    title: 'redelivered: one record delivered again, to another consumer',
    plant: (message, draft, index) => message.arrivals.push({ ...first(message), ...another(draft, index), processed: 0 }),
    counts: (k) => ({ redelivered: k }),
  },
  {
    title: 'both records of a copy delivered: no redelivery',
    plant: (message, draft, index) => {
      const offset = append(draft, message.partition);
      message.stored.push({ attempt: 1, offset });
      message.arrivals.push({ ...first(message), ...another(draft, index), offset, processed: 0 });
    },
    counts: (k) => ({ copies: k, duplicated: k }),
  },
  { title: 'processed twice', plant: (message) => { first(message).processed = 2; }, counts: (k) => ({ processedTwice: k }) },
  {
    title: 'skipped: a consumer passes over a record, another one gets it',
    plant: (message, draft, index) => Object.assign(first(message), another(draft, index)),
    counts: (k) => ({ skipped: k }),
  },
  {
    title: 'rewound: a consumer gets the record that it just had',
    plant: (message) => message.arrivals.push({ ...first(message), rank: first(message).rank + 0.5, processed: 0 }),
    counts: (k) => ({ rewound: k, redelivered: k }),
  },
];

const onQueue: readonly Plant[] = [
  { title: 'lost', plant: vanish, counts: (k) => ({ lost: k }) },
  { title: 'lost by the consumer: settled, never processed', plant: (message) => { first(message).processed = 0; }, counts: (k) => ({ lost: k, settledUnprocessed: k }) },
  { title: 'dead-lettered and never processed: put aside, not lost', plant: (message) => { vanish(message); message.deadLettered = [1]; }, counts: (k) => ({ deadLettered: k }) },
  { title: 'stuck: still in the queue after a complete drain', plant: (message, draft) => { vanish(message); message.stored = [{ attempt: 1, offset: draft.ends[0]!++ }]; }, counts: (k) => ({ stuck: k }) },
  { title: 'processed twice, which is what duplicated means there', plant: (message) => { first(message).processed = 2; }, counts: (k) => ({ processedTwice: k, duplicated: k }) },
  { title: 'redelivered: flagged by the broker', plant: (message) => message.arrivals.push({ ...first(message), flagged: true, processed: 0 }), counts: (k) => ({ redelivered: k }) },
  { title: 'redelivered: flagged though it is the first that was seen', plant: (message) => { first(message).flagged = true; }, counts: (k) => ({ redelivered: k }) },
  { title: 'repeated: delivered again without a flag, cause unknown', plant: (message) => message.arrivals.push({ ...first(message), processed: 0 }), counts: (k) => ({ repeated: k }) },
  {
    title: 'republished: two attempts of ours arrive',
    plant: (message) => { resend(message, 'indeterminate', 'acknowledged'); message.arrivals.push({ ...first(message), attempt: 2, processed: 0 }); },
    counts: (k) => ({ republished: k }),
  },
  {
    title: 'republished: one attempt arrives, the other remains',
    plant: (message, draft) => { resend(message, 'indeterminate', 'acknowledged'); message.stored = [{ attempt: 2, offset: draft.ends[0]!++ }]; },
    counts: (k) => ({ republished: k }),
  },
  {
    title: 'republished: one attempt arrives, the other is dead-lettered',
    plant: (message) => { resend(message, 'indeterminate', 'acknowledged'); message.deadLettered = [2]; },
    counts: (k) => ({ republished: k }),
  },
  {
    title: 'repeated and republished: each attempt twice',
    plant: (message) => {
      resend(message, 'indeterminate', 'acknowledged');
      for (const attempt of [1, 2, 2]) message.arrivals.push({ ...first(message), attempt, processed: 0 });
    },
    counts: (k) => ({ republished: k, repeated: 2 * k }),
  },
];

function itFinds({ title, plant, counts }: Plant, storeKind: Shape['storeKind']): void {
  it(title, async () => {
    await fc.assert(fc.asyncProperty(shapes(storeKind, 24), sealings, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 1_000 }), async (shape, sealing, k, from) => {
      const draft = cleanDraft(shape);
      const victims = victimsOf(draft, k, from);
      for (const [index, message] of victims.entries()) plant(message, draft, index);
      const facts = await check(seal(emit(draft), sealing));
      expect(found(facts)).toEqual(counts(victims.length));
      expect(facts.accounting.addsUp).toBe(true);
      for (const { count, examples } of facts.measures) if (count === 0) expect(examples).toEqual([]);
    }), { numRuns: 30 });
  });
}

/** Never the first or the last of a partition, never two in a row: there a jump or a swap would not show, or show twice. */
function victimsOf(draft: Draft, k: number, from: number): readonly Message[] {
  const candidates = [...Map.groupBy(draft.messages, ({ partition }) => partition).values()].flatMap((list) => list.slice(1, -1).filter((_, index) => index % 2 === 1));
  const start = from % Math.max(1, candidates.length);
  return [...candidates.slice(start), ...candidates.slice(0, start)].slice(0, k);
}

describe('planted into a log', () => {
  for (const plant of [...both, ...onLog]) itFinds(plant, 'log');
});

describe('planted into a queue', () => {
  for (const plant of [...both, ...onQueue]) itFinds(plant, 'queue');
});
