// Turns the workers' segments into one columnar file, a bounded stretch at a time.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AsyncByteQueue, RecordBatchFileWriter, RecordBatchReader } from 'apache-arrow';
import { recordBytes } from '../model/event.ts';
import type { EventBatch, WorkerInfo } from '../model/history.ts';
import type { StoreKind } from '../model/cluster.ts';
import type { ClientError } from '../model/outcome.ts';
import { historySchema, toRecordBatch, type HistoryMetadata } from './arrow-format.ts';
import type { FileDigest } from './file-digest.ts';
import { writeSeal } from './seal-file.ts';
import { guarded } from './segment-writer.ts';
import { runFiles, segmentFiles, type SegmentHeader } from './segment-format.ts';

/** Rows in one record batch at most. */
export const batchRows = 1_000_000;

export interface Sealed {
  readonly events: number;
  readonly whole: boolean;
  readonly detail: string;
}

/**
 * Writes `messages.arrow` from `segments/`, and `seal.json`, and removes the segments. Idempotent: a sealed run is left as it is.
 * A torn last record of a worker that was killed is dropped, for it was not written as a whole.
 * @param died workers that were killed or ended by themselves: only those may have left their segment open.
 */
export function sealHistory(folder: string, storeKind: StoreKind, expectedWorkers: readonly string[], died: readonly string[] = []): Sealed {
  const files = runFiles(folder);
  if (existsSync(files.messages)) return sealedBefore(files.messages);
  const segments = readSegments(files.segments);
  const problems = integrityProblems(segments, expectedWorkers, died);
  const events = segments.reduce((sum, { records }) => sum + records, 0);
  const sealed = { events, whole: problems.length === 0, detail: problems.join('; ') || `${events} events of ${segments.length} workers` };
  const metadata = { storeKind, workers: segments.map(({ info }) => info), ...sealed, sealed: true } as const;
  writeSeal(folder, writeArrow(`${files.messages}.partial`, historySchema(metadata), segments));
  renameSync(`${files.messages}.partial`, files.messages);
  rmSync(files.segments, { recursive: true, force: true });
  return sealed;
}

/** As the file says of itself at its end: all of it may be larger than memory. A file of Arrow ends with a footer, its length, and the magic that it begins with. */
function sealedBefore(path: string): Sealed {
  const descriptor = openSync(path, 'r');
  try {
    const bytesAt = (position: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      readSync(descriptor, bytes, 0, length, position);
      return bytes;
    };
    const { size } = fstatSync(descriptor);
    const tail = bytesAt(size - 10, 4).readInt32LE() + 10;
    const { schema } = RecordBatchReader.from(Buffer.concat([bytesAt(0, 8), bytesAt(size - tail, tail)])).open();
    const { events, whole, detail } = JSON.parse(schema.metadata.get('leaderfall')!) as HistoryMetadata;
    return { events, whole, detail };
  } finally {
    closeSync(descriptor);
  }
}

interface Segment {
  readonly info: WorkerInfo;
  readonly header: SegmentHeader;
  readonly path: string;
  readonly records: number;
}

function readSegments(folder: string): readonly Segment[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.worker.json'))
    .sort()
    .map((file) => {
      const header = JSON.parse(readFileSync(join(folder, file), 'utf8')) as SegmentHeader;
      const { records: path, errors } = segmentFiles(folder, header.name);
      const info = { name: header.name, role: header.role, index: header.index, errors: readErrors(errors) };
      return { info, header, path, records: existsSync(path) ? Math.floor(statSync(path).size / recordBytes) : 0 };
    });
}

/** A line that was torn by a kill is the last one, and an error without its event. */
function readErrors(path: string): readonly ClientError[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as ClientError);
}

function integrityProblems(segments: readonly Segment[], expectedWorkers: readonly string[], died: readonly string[]): readonly string[] {
  const missing = expectedWorkers.filter((name) => !segments.some(({ info }) => info.name === name));
  const short = segments.filter(({ header, records }) => header.records !== null && records < header.records);
  const open = segments.filter(({ info, header }) => header.records === null && !died.includes(info.name));
  return [
    ...open.map(({ info }) => `${info.name} never closed its segment`),
    ...missing.map((name) => `${name} left no segment`),
    ...short.map(({ info, header, records }) => `${info.name} closed with ${header.records} records, ${records} are there`),
  ];
}

/** Hands the writer's chunks straight to the file, so that nothing queues up in memory. */
class FileSink extends AsyncByteQueue {
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  constructor(descriptor: number) {
    super();
    this.#descriptor = descriptor;
  }
  override write(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.byteLength;
    guarded(() => {
      for (let written = 0; written < chunk.byteLength; ) written += writeSync(this.#descriptor, chunk, written, chunk.byteLength - written);
    });
  }
  /** Of all that was written; after the last write. */
  digest(): FileDigest {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

function writeArrow(path: string, schema: ReturnType<typeof historySchema>, segments: readonly Segment[]): FileDigest {
  const descriptor = openSync(path, 'w');
  try {
    const writer = new RecordBatchFileWriter();
    const sink = new FileSink(descriptor);
    writer.reset(sink, schema);
    for (const batch of readBatches(segments)) writer.write(toRecordBatch(schema, batch));
    writer.finish();
    fsyncSync(descriptor);
    return sink.digest();
  } finally {
    closeSync(descriptor);
  }
}

/** Stretches of at most `batchRows`; a batch may hold the end of one worker's events and the beginning of the next's. */
function* readBatches(segments: readonly Segment[]): Generator<EventBatch> {
  const rows = new Uint8Array(Math.min(batchRows, Math.max(1, segments.reduce((sum, { records }) => sum + records, 0))) * recordBytes);
  let filled = 0;
  for (const { path, records } of segments) {
    const descriptor = openSync(path, 'r');
    try {
      for (let left = records * recordBytes; left > 0; ) {
        const read = readSync(descriptor, rows, filled, Math.min(left, rows.length - filled), null);
        if (read === 0) break;
        left -= read;
        filled += read;
        if (filled === rows.length) {
          yield transpose(rows, filled / recordBytes);
          filled = 0;
        }
      }
    } finally {
      closeSync(descriptor);
    }
  }
  if (filled > 0) yield transpose(rows, filled / recordBytes);
}

/** Rows to columns. One plain loop over typed arrays: the engine compiles it to moves. */
export function transpose(rows: Uint8Array, length: number): EventBatch {
  const floats = new Float64Array(rows.buffer, rows.byteOffset);
  const words = new Uint32Array(rows.buffer, rows.byteOffset);
  const halves = new Uint16Array(rows.buffer, rows.byteOffset);
  const batch = {
    length,
    timeNs: new Float64Array(length),
    sequence: new Uint32Array(length),
    offset: new Uint32Array(length),
    producer: new Uint16Array(length),
    partition: new Uint16Array(length),
    kind: new Uint8Array(length),
    attempt: new Uint8Array(length),
    actor: new Uint8Array(length),
    code: new Uint8Array(length),
  };
  for (let row = 0; row < length; row++) {
    batch.timeNs[row] = floats[row * 3]!;
    batch.sequence[row] = words[row * 6 + 2]!;
    batch.offset[row] = words[row * 6 + 3]!;
    batch.producer[row] = halves[row * 12 + 8]!;
    batch.partition[row] = halves[row * 12 + 9]!;
    const tail = row * recordBytes + 20;
    batch.kind[row] = rows[tail]!;
    batch.attempt[row] = rows[tail + 1]!;
    batch.actor[row] = rows[tail + 2]!;
    batch.code[row] = rows[tail + 3]!;
  }
  return batch;
}
