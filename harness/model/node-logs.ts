// What the nodes themselves wrote around each fault: windows cut from their logs, for the report.

export interface LogLine {
  /** Milliseconds since the run began, by the wall clock. */
  readonly timeMs: number;
  /** With the lines that follow without a time of their own, such as a stack trace. Secrets are hidden; long ones are cut. */
  readonly text: string;
}

export interface NodeLog {
  readonly node: string;
  /** In the order of time. */
  readonly lines: readonly LogLine[];
  /** How many of the window are not here. */
  readonly leftOut: number;
  /** Why there are no lines; null: there are. */
  readonly missing: string | null;
}

export interface FaultLog {
  /** Id of the fault. */
  readonly fault: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The struck ones, then those to which leadership moved. */
  readonly nodes: readonly NodeLog[];
}
