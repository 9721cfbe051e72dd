// A segment on disk, for tests to look into while it is being written.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicClock } from '../../model/clock.ts';
import { eventNames, recordBytes, type EventName } from '../../model/event.ts';
import { transpose } from '../../history/seal.ts';
import { segmentFiles } from '../../history/segment-format.ts';
import { SegmentWriter } from '../../history/segment-writer.ts';

export interface Written {
  readonly kind: EventName;
  readonly sequence: number;
  readonly attempt: number;
  readonly partition: number;
  readonly offset: number;
}

export class Segment implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'leaderfall-segment-'));
  readonly clock = monotonicClock(String(process.hrtime.bigint()));
  readonly recorder: SegmentWriter;
  readonly #name: string;

  constructor(role: 'producer' | 'consumer') {
    this.#name = `${role}-0`;
    this.recorder = new SegmentWriter(this.#folder, { name: this.#name, role, index: 0 }, this.clock, 0);
  }

  /** What is in the file now: not what was appended. */
  get onFile(): readonly Written[] {
    const bytes = new Uint8Array(readFileSync(segmentFiles(this.#folder, this.#name).records));
    const { length, kind, sequence, attempt, partition, offset } = transpose(bytes, bytes.length / recordBytes);
    return Array.from({ length }, (_, row) => ({ kind: eventNames[kind[row]!]!, sequence: sequence[row]!, attempt: attempt[row]!, partition: partition[row]!, offset: offset[row]! }));
  }

  /** Everything that was appended, in words: `sent 3/1` is the first attempt of sequence 3. */
  get story(): readonly string[] {
    this.recorder.flush();
    return this.onFile.map(({ kind, sequence, attempt, offset }) => (kind === 'reserved' || kind === 'released' ? `${kind} ${sequence}+${offset}` : `${kind} ${sequence}/${attempt}`));
  }

  get errors(): string {
    const { errors } = segmentFiles(this.#folder, this.#name);
    return existsSync(errors) ? readFileSync(errors, 'utf8') : '';
  }

  [Symbol.dispose](): void {
    this.recorder.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
