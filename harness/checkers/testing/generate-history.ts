// Writes a large, realistic history as a sealed run: the file that the checker, DuckDB and Python all read. For tests and benchmarks.
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { AsyncByteQueue, RecordBatchFileWriter } from 'apache-arrow';
import { historySchema, toRecordBatch } from '../../history/arrow-format.ts';
import { writeSeal } from '../../history/seal-file.ts';
import { runFiles } from '../../history/segment-format.ts';
import { EventColumns } from '../event-columns.ts';
import { planOf } from './plan.ts';
import { eventKinds, noOffset, noPartition, type EventKind } from '../../model/event.ts';
import type { WorkerInfo } from '../../model/history.ts';
import type { TimelineEntry } from '../../model/timeline.ts';

export interface Generated {
  readonly events: number;
  readonly messages: number;
  /** Planted: acknowledged, and nowhere. */
  readonly lost: number;
  /** Planted: stored twice. */
  readonly copies: number;
}

const partitions = 6;
const batchRows = 1_000_000;
const block = 512;
const everyNs = 20_000;
/** One of so many messages is lost, another one copied. */
const lostEvery = 100_003;
const copiedEvery = 50_021;

/** `whole`: everything that a run records of a message. `lean`: the three events without which nothing can be said of it. */
export type Detail = 'whole' | 'lean';
const detailed: Readonly<Record<Detail, ReadonlySet<EventKind>>> = {
  whole: new Set([eventKinds.reserved, eventKinds.released, eventKinds.sent, eventKinds.acknowledged, eventKinds.delivered, eventKinds.processed, eventKinds.settled, eventKinds.stored]),
  lean: new Set([eventKinds.reserved, eventKinds.released, eventKinds.acknowledged, eventKinds.processed, eventKinds.stored]),
};

/** @param messages of one producer to six partitions, with a few losses and copies, and a leader killed halfway. */
export function generateHistory(folder: string, messages: number, detail: Detail): Generated {
  mkdirSync(folder, { recursive: true });
  const files = runFiles(folder);
  const made = new Generator(files.messages, messages, detailed[detail]).run();
  writeFileSync(files.plan, JSON.stringify({ ...planOf({ destination: { partitions, settings: {} } }), runId: 'bench' }));
  writeFileSync(files.timeline, `${timeline(made, messages).map((entry) => JSON.stringify(entry)).join('\n')}\n`);
  writeSeal(folder);
  return made;
}

class Generator {
  readonly #messages: number;
  readonly #kinds: ReadonlySet<EventKind>;
  readonly #sink: FileSink;
  readonly #writer = new RecordBatchFileWriter();
  readonly #schema: ReturnType<typeof historySchema>;
  readonly #copies: number[] = [];
  #rows = new EventColumns();
  #events = 0;

  constructor(path: string, messages: number, kinds: ReadonlySet<EventKind>) {
    this.#messages = messages;
    this.#kinds = kinds;
    this.#sink = new FileSink(path);
    const workers = (['audit', 'consumer', 'producer'] as const).map((role): WorkerInfo => ({ name: role === 'audit' ? role : `${role}-0`, role, index: 0, errors: [] }));
    this.#schema = historySchema({ storeKind: 'log', workers, events: 0, whole: true, detail: 'made for measuring' });
    this.#writer.reset(this.#sink, this.#schema);
  }

  /** In the order in which sealing lists workers: audit, consumer, producer. */
  run(): Generated {
    let lost = 0;
    for (let sequence = 0; sequence < this.#messages; sequence++) this.#audit(sequence);
    for (let sequence = 0; sequence < this.#messages; sequence++) if (isLost(sequence)) lost++; else this.#consume(sequence);
    for (let sequence = 0; sequence < this.#messages; sequence++) this.#produce(sequence);
    this.#flush();
    this.#writer.finish();
    this.#sink.end();
    return { events: this.#events, messages: this.#messages, lost, copies: this.#copies.length };
  }

  #audit(sequence: number): void {
    if (isLost(sequence)) return;
    this.#push(eventKinds.stored, 3e11 + sequence * 1_000, sequence, offsetOf(sequence));
    if (sequence % copiedEvery !== copiedEvery - 1) return;
    this.#copies.push(sequence);
    this.#push(eventKinds.stored, 3e11 + sequence * 1_000, sequence, Math.ceil(this.#messages / partitions) + this.#copies.length);
  }

  #consume(sequence: number): void {
    for (const [index, kind] of [eventKinds.delivered, eventKinds.processed, eventKinds.settled].entries()) {
      this.#push(kind, 1e8 + sequence * everyNs + index * 1_000, sequence, offsetOf(sequence));
    }
  }

  #produce(sequence: number): void {
    if (sequence % block === 0) this.#push(eventKinds.reserved, sequence * everyNs, sequence, block, noPartition, 0);
    this.#push(eventKinds.sent, sequence * everyNs, sequence, noOffset);
    this.#push(eventKinds.acknowledged, sequence * everyNs + 15_000 + (sequence % 97) * 20, sequence, offsetOf(sequence));
    if (sequence === this.#messages - 1 && this.#messages % block !== 0) this.#push(eventKinds.released, this.#messages * everyNs, this.#messages, block - (this.#messages % block), noPartition, 0);
  }

  #push(kind: EventKind, timeNs: number, sequence: number, offset: number, partition = sequence % partitions, attempt = 1): void {
    if (!this.#kinds.has(kind)) return;
    this.#rows.push({ kind, timeNs, producer: 0, sequence, attempt, partition, offset, actor: 0, code: 0 });
    this.#events++;
    if (this.#rows.length === batchRows) this.#flush();
  }

  #flush(): void {
    if (this.#rows.length > 0) this.#writer.write(toRecordBatch(this.#schema, this.#rows.slice(0, this.#rows.length)));
    this.#rows = new EventColumns();
  }
}

class FileSink extends AsyncByteQueue {
  readonly #descriptor: number;

  constructor(path: string) {
    super();
    this.#descriptor = openSync(path, 'w');
  }

  override write(chunk: Uint8Array): void {
    for (let written = 0; written < chunk.byteLength; ) written += writeSync(this.#descriptor, chunk, written);
  }

  end(): void {
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }
}

const isLost = (sequence: number): boolean => sequence % lostEvery === lostEvery - 1;
const offsetOf = (sequence: number): number => Math.floor(sequence / partitions);

function timeline({ copies }: Generated, messages: number): readonly TimelineEntry[] {
  const end = Math.ceil(messages / partitions) + copies + 1;
  const positions = Array.from({ length: partitions }, (_, partition) => ({ partition, committed: end, start: 0, end }));
  const struckNs = (messages * everyNs) / 2;
  const fault = { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', nodes: ['kafka-1'], detail: 'killed' } as const;
  return [
    { timeNs: 1, type: 'phase', phase: 'steady', edge: 'end', ok: true },
    { timeNs: 2, type: 'leader', partition: 0, from: null, to: 'kafka-1', epoch: 1 },
    { timeNs: struckNs, ...fault, edge: 'struck' },
    { timeNs: struckNs + 3e9, type: 'leader', partition: 0, from: 'kafka-1', to: 'kafka-2', epoch: 2 },
    { timeNs: struckNs + 5e9, ...fault, edge: 'healed', ok: true },
    { timeNs: 29e10, type: 'drain', conclusive: true, detail: 'committed to the end' },
    { timeNs: 4e11, type: 'audit', conclusive: true, detail: 'read', records: 0, positions: { partitions: positions } },
  ];
}
