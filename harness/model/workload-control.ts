// How the conductor and the faults see the workload.
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
