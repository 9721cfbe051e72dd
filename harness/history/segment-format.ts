// Names and header of the segment files that workers write and sealing reads.
import { join } from 'node:path';

export const segmentFormat = 1;

export interface WorkerIdentity {
  /** `producer-0`, `consumer-1`, `audit`. */
  readonly name: string;
  readonly role: 'producer' | 'consumer' | 'audit';
  readonly index: number;
}

export interface SegmentHeader extends WorkerIdentity {
  readonly format: number;
  /** The clock that the times come from; workers on other hosts will name another. */
  readonly clock: string;
  /** Wall clock at the run's origin, milliseconds since 1970. */
  readonly wallOriginMs: number;
  /** How many records a clean close left; null: the worker did not close. */
  readonly records: number | null;
}

export const segmentFiles = (folder: string, name: string) => ({
  header: join(folder, `${name}.worker.json`),
  records: join(folder, `${name}.segment`),
  errors: join(folder, `${name}.errors.ndjson`),
});

/** Files of a run's folder that the history room owns. */
export const runFiles = (folder: string) => ({
  plan: join(folder, 'plan.json'),
  segments: join(folder, 'segments'),
  messages: join(folder, 'messages.arrow'),
  timeline: join(folder, 'timeline.ndjson'),
  seal: join(folder, 'seal.json'),
});
