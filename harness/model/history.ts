// The waist: what the left side appends and the right side reads.
import type { ClientError } from './outcome.ts';
import type { StoreKind } from './cluster.ts';
import type { Plan } from './scenario.ts';
import type { TimelineEntry } from './timeline.ts';

/** A stretch of events in columns of equal length; see `HistoryEvent` for what each holds. */
export interface EventBatch {
  readonly length: number;
  readonly kind: Uint8Array;
  readonly timeNs: Float64Array;
  readonly producer: Uint16Array;
  readonly sequence: Uint32Array;
  readonly attempt: Uint8Array;
  readonly partition: Uint16Array;
  readonly offset: Uint32Array;
  readonly actor: Uint8Array;
  readonly code: Uint8Array;
}

export interface WorkerInfo {
  /** `producer-0`, `consumer-1`, `audit`. */
  readonly name: string;
  readonly role: 'producer' | 'consumer' | 'audit';
  readonly index: number;
  /** `errors[code − 1]` is what `code` means in this worker's events. */
  readonly errors: readonly ClientError[];
}

/** A sealed history. Events of one worker are contiguous over the batches and in the order in which it recorded them. */
export interface HistorySource {
  readonly plan: Plan;
  readonly storeKind: StoreKind;
  readonly workers: readonly WorkerInfo[];
  /** False: something is missing (a truncated file, a worker that died without its segment). */
  readonly integrity: { readonly whole: boolean; readonly detail: string };
  /**
   * Can be read any number of times, always in the same order. A batch holds until the next one is asked for: copy what you keep.
   * @param wanted batches by index from 0; those not wanted may be left out, unread.
   */
  batches(wanted?: (index: number) => boolean): AsyncIterable<EventBatch>;
  timeline(): Promise<readonly TimelineEntry[]>;
}
