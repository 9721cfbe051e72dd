// How the conductor and the faults see the workload.
import type { Life } from './cluster.ts';
import type { CrashPoint } from './scenario.ts';

export interface Counters {
  readonly attempted: number;
  readonly acknowledged: number;
  readonly handedOver: number;
  readonly failed: number;
  readonly indeterminate: number;
  /** Publishes under way. */
  readonly outstanding: number;
  readonly delivered: number;
  readonly processed: number;
}

/** A worker process as a fault sees it. Killed and started again it is a new process with a segment, and as a producer sequences, of its own. */
export interface ClientProcess extends Life {
  /** Resolves once the process that is there now has its client connected. @throws its own reason, `E_TIMEOUT`. */
  untilConnected(signal: AbortSignal): Promise<void>;
  /** Consumers only: from now on handlers do not end, so that deliveries pile up to the prefetch, until `release`. */
  stall(signal: AbortSignal): Promise<void>;
  release(signal: AbortSignal): Promise<void>;
  /** Consumers only: resolves once it holds this many deliveries whose handlers have not ended. @throws `E_TIMEOUT`. */
  untilHeld(count: number, signal: AbortSignal): Promise<void>;
  /** Consumers only: resolves once a handler stands still because it was stalled, and not because it is at work. @throws `E_TIMEOUT`. */
  untilHeldUp(signal: AbortSignal): Promise<void>;
  /** Dies by its own SIGKILL at the next message that reaches the point; resolves once it is dead. */
  dieBetween(point: CrashPoint, signal: AbortSignal): Promise<void>;
}
