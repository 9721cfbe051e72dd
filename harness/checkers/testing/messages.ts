// Histories as lists of messages and what became of each: tests plant an anomaly by editing one entry.
import fc from 'fast-check';
import type { StoreKind } from '../../model/cluster.ts';
import { HistoryBuilder } from './history-builder.ts';

export interface Attempt {
  /** null: its end is not on record. */
  outcome: 'acknowledged' | 'handedOver' | 'failed' | 'indeterminate' | null;
  /** Offset that the receipt names; null: none. */
  receipt: number | null;
  returned?: boolean;
  unreceipted?: boolean;
}

export interface Arrival {
  consumer: number;
  attempt: number;
  offset: number;
  flagged: boolean;
  processed: number;
  settled: boolean;
  /** Order among a consumer's arrivals; default: the order of offsets. */
  rank: number;
  corrupted?: boolean;
}

export interface Message {
  producer: number;
  sequence: number;
  reserved: boolean;
  partition: number;
  attempts: Attempt[];
  stored: { attempt: number; offset: number }[];
  arrivals: Arrival[];
  deadLettered: number[];
}

export interface Shape {
  readonly storeKind: StoreKind;
  readonly producers: number;
  readonly consumers: number;
  readonly partitions: number;
  readonly messages: number;
  /** Messages in a row that go to one partition. */
  readonly stride: number;
  readonly base: 'acknowledged' | 'handedOver';
}

export interface Draft {
  readonly shape: Shape;
  readonly messages: Message[];
  /** Per partition: the group's committed position and the first offset that nobody has. */
  readonly committed: number[];
  readonly ends: number[];
  strangers: number;
  drained: boolean;
  audited: boolean;
}

/** Everything sent once, acknowledged, stored in order, delivered, processed and settled once. On a queue nothing remains. */
export function cleanDraft(shape: Shape): Draft {
  const { storeKind, producers, consumers, partitions, messages, stride, base } = shape;
  const log = storeKind === 'log';
  const ends = new Array<number>(partitions).fill(0);
  const sequences = new Array<number>(producers).fill(0);
  const list = Array.from({ length: messages }, (_, index): Message => {
    const producer = index % producers;
    const sequence = sequences[producer]!++;
    const partition = log ? Math.floor(sequence / stride) % partitions : 0;
    const offset = ends[partition]!++;
    const consumer = partition % consumers;
    return {
      producer, sequence, reserved: true, partition,
      attempts: [{ outcome: base, receipt: log && base === 'acknowledged' ? offset : null }],
      stored: log ? [{ attempt: 1, offset }] : [],
      arrivals: [{ consumer, attempt: 1, offset, flagged: false, processed: 1, settled: true, rank: offset }],
      deadLettered: [],
    };
  });
  return { shape, messages: list, committed: log ? [...ends] : [], ends, strangers: 0, drained: true, audited: true };
}

/** Shapes small enough to shrink and varied enough to cross every boundary between batches, producers and partitions. */
export const shapes = (storeKind: StoreKind, fewest: number): fc.Arbitrary<Shape> => fc.record({
  storeKind: fc.constant(storeKind),
  producers: fc.integer({ min: 1, max: 3 }),
  consumers: fc.integer({ min: 1, max: storeKind === 'log' ? 3 : 1 }),
  partitions: storeKind === 'log' ? fc.integer({ min: 1, max: 3 }) : fc.constant(1),
  messages: fc.integer({ min: fewest, max: fewest + 60 }),
  stride: fc.integer({ min: 1, max: 4 }),
  base: fc.constant('acknowledged' as const),
});

/** How a history is sealed: neither the order of workers nor the cuts between batches may matter. */
export interface Sealing {
  readonly cuts: readonly number[];
  readonly turn: number;
}
export const sealings: fc.Arbitrary<Sealing> = fc.record({ cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), turn: fc.integer({ min: 0, max: 10 }) });

const sendEveryMs = 1;
const answerAfterMs = 0.4;
const consumeFromMs = 500;
const auditFromMs = 100_000;

export function emit(draft: Draft): HistoryBuilder {
  const { storeKind, producers, consumers } = draft.shape;
  const builder = new HistoryBuilder({ storeKind, producers, consumers });
  for (const message of draft.messages) {
    if (message.reserved) builder.produced(message.producer, 'reserved', message.sequence, { atMs: 0, offset: 1, attempt: 0 });
    emitAttempts(builder, message);
    emitArrivals(builder, message, storeKind === 'log');
    emitAudit(builder, message);
  }
  for (let index = 0; index < draft.strangers; index++) builder.event('audit', 0, 'stranger', { atMs: auditFromMs, partition: 0, offset: draft.ends[0]! + 1_000 + index });
  return conclude(builder, draft);
}

function emitAttempts(builder: HistoryBuilder, { producer, sequence, partition, attempts }: Message): void {
  for (const [index, { outcome, receipt, returned, unreceipted }] of attempts.entries()) {
    const fields = { attempt: index + 1, partition };
    const sentMs = sequence * sendEveryMs + index * 5_000;
    const ended = { ...fields, atMs: sentMs + answerAfterMs, ...(receipt === null ? {} : { offset: receipt }) };
    builder.produced(producer, 'sent', sequence, { ...fields, atMs: sentMs });
    if (returned) builder.produced(producer, 'returned', sequence, ended);
    if (unreceipted) builder.produced(producer, 'unreceipted', sequence, ended);
    if (outcome !== null) builder.produced(producer, outcome, sequence, ended);
  }
}

function emitArrivals(builder: HistoryBuilder, { producer, sequence, partition, arrivals }: Message, log: boolean): void {
  for (const { consumer, attempt, offset, flagged, processed, settled, rank, corrupted } of arrivals) {
    const atMs = consumeFromMs + rank;
    const fields = { attempt, partition, ...(log ? { offset } : {}) };
    builder.consumed(consumer, flagged ? 'redelivered' : 'delivered', producer, sequence, { ...fields, atMs });
    if (corrupted) builder.consumed(consumer, 'corrupted', producer, sequence, { ...fields, atMs: atMs + 0.05 });
    for (let time = 0; time < processed; time++) builder.consumed(consumer, 'processed', producer, sequence, { ...fields, atMs: atMs + 0.1 });
    if (settled) builder.consumed(consumer, 'settled', producer, sequence, { ...fields, atMs: atMs + 0.2 });
  }
}

function emitAudit(builder: HistoryBuilder, { producer, sequence, partition, stored, deadLettered }: Message): void {
  for (const { attempt, offset } of stored) builder.audited('stored', producer, sequence, { attempt, partition, offset, atMs: auditFromMs + offset });
  for (const attempt of deadLettered) builder.audited('deadLettered', producer, sequence, { attempt, atMs: auditFromMs });
}

function conclude(builder: HistoryBuilder, { committed, drained, audited }: Draft): HistoryBuilder {
  const positions = committed.map((position, partition) => ({ partition, committed: position, start: 0, end: position }));
  builder.at(1, { type: 'phase', phase: 'steady', edge: 'end', ok: true });
  builder.at(90_000, { type: 'phase', phase: 'heal', edge: 'end', ok: true });
  builder.at(95_000, { type: 'drain', conclusive: drained, detail: drained ? 'nothing left' : 'cut short' });
  return builder.at(190_000, { type: 'audit', conclusive: audited, detail: audited ? 'read to the end' : 'cut short', records: 0, positions: { partitions: positions } });
}

/** The sealed form: workers turned round, batches cut anywhere. */
export function seal(builder: HistoryBuilder, { cuts, turn }: Sealing) {
  const names = builder.workerNames;
  return builder.build({ cuts, order: [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)] });
}
