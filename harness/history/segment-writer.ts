// A worker's own history: fixed-width records appended to one file, flushed once per event-loop turn.
// What is in the file survives SIGKILL of the worker; what was not flushed had no consequence yet.
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import type { Clock } from '../model/clock.ts';
import { LeaderfallError } from '../model/errors.ts';
import { noOffset, noPartition, noSequence, recordBytes, type EventKind } from '../model/event.ts';
import type { ClientError } from '../model/outcome.ts';
import { segmentFiles, segmentFormat, type SegmentHeader, type WorkerIdentity } from './segment-format.ts';

const capacity = 4096;

/** What an event may carry besides its kind; everything else gets the value that means "does not apply". */
export interface EventFields {
  readonly producer?: number;
  readonly sequence?: number;
  readonly attempt?: number;
  readonly partition?: number;
  readonly offset?: number;
  readonly code?: number;
}

/** What the workload needs of a recorder; the benchmark runs the same loop with one that does nothing. */
export type Recorder = Pick<SegmentWriter, 'append' | 'codeOf' | 'flush' | 'flushed'>;

export class SegmentWriter {
  readonly #files: ReturnType<typeof segmentFiles>;
  readonly #clock: Clock;
  readonly #actor: number;
  readonly #header: SegmentHeader;
  readonly #bytes = new Uint8Array(capacity * recordBytes);
  readonly #floats = new Float64Array(this.#bytes.buffer);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #halves = new Uint16Array(this.#bytes.buffer);
  readonly #codes = new Map<string, number>();
  #descriptor: number | null;
  #used = 0;
  #records = 0;
  /** A write failed: nothing more is written, and nobody is told that anything is in the file. */
  #broken = false;
  #scheduled = false;
  #waiting: (() => void)[] = [];

  /** Creates the folder and the files. @throws `E_DISK_FULL` like every write. */
  constructor(folder: string, worker: WorkerIdentity, clock: Clock, wallOriginMs: number) {
    mkdirSync(folder, { recursive: true });
    this.#files = segmentFiles(folder, worker.name);
    this.#clock = clock;
    this.#actor = worker.index;
    this.#header = { format: segmentFormat, ...worker, clock: 'CLOCK_MONOTONIC', wallOriginMs, records: null };
    writeWhole(this.#files.header, this.#header);
    this.#descriptor = guarded(() => openSync(this.#files.records, 'a'));
  }

  append(kind: EventKind, fields: EventFields = {}): void {
    if (this.#used === capacity) this.flush();
    const at = this.#used++;
    this.#floats[at * 3] = this.#clock.nowNs();
    this.#words[at * 6 + 2] = fields.sequence ?? noSequence;
    this.#words[at * 6 + 3] = fields.offset ?? noOffset;
    this.#halves[at * 12 + 8] = fields.producer ?? 0;
    this.#halves[at * 12 + 9] = fields.partition ?? noPartition;
    const tail = at * recordBytes + 20;
    this.#bytes[tail] = kind;
    this.#bytes[tail + 1] = Math.min(fields.attempt ?? 0, 255);
    this.#bytes[tail + 2] = this.#actor;
    this.#bytes[tail + 3] = fields.code ?? 0;
    if (!this.#scheduled) this.#schedule();
  }

  /** The code of an error in this worker's table: 1 to 254; 255 stands for all kinds after those. */
  codeOf(error: ClientError): number {
    const key = `${error.name}\n${error.message}`;
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const code = Math.min(this.#codes.size + 1, 255);
    this.#codes.set(key, code);
    if (code < 255) guarded(() => appendFileSync(this.#files.errors, `${JSON.stringify(error)}\n`));
    return code;
  }

  /** Resolves once everything appended so far is in the file. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#scheduled) this.#schedule();
    });
  }

  /** Writes now: the page cache is enough, for it outlives the process. @throws `E_DISK_FULL`. */
  flush(): void {
    if (this.#broken) return;
    if (this.#used > 0 && this.#descriptor !== null) this.#write(this.#descriptor, this.#used * recordBytes);
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Flushes and marks the segment as whole; a worker that was killed leaves it unmarked. */
  close(): void {
    if (this.#descriptor === null) return;
    this.flush();
    closeSync(this.#descriptor);
    this.#descriptor = null;
    if (!this.#broken) writeWhole(this.#files.header, { ...this.#header, records: this.#records });
  }

  #write(descriptor: number, length: number): void {
    try {
      for (let written = 0; written < length; ) written += writeSync(descriptor, this.#bytes, written, length - written);
    } catch (error) {
      this.#broken = true;
      guarded(() => { throw error; });
    }
    this.#records += this.#used;
    this.#used = 0;
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}

/** All or nothing, whatever ends the process or fills the disk meanwhile: without its header a segment cannot be read. */
function writeWhole(path: string, header: SegmentHeader): void {
  guarded(() => writeFileSync(`${path}.partial`, JSON.stringify(header)));
  renameSync(`${path}.partial`, path);
}

/** A full disk is an environment error, not a crash of the checker a minute later. */
export function guarded<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
      throw new LeaderfallError('E_DISK_FULL', 'The disk filled up while the history was being recorded', {
        hint: 'Free space where the run is written, or choose another place with --out. What was recorded until then is kept.',
        cause: error,
      });
    }
    throw error;
  }
}
