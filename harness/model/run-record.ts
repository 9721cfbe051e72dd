// `run.json`: everything that a report needs, and the format version that `report` checks.
import type { ImageRecord } from './cluster.ts';
import type { Configured } from './configuration.ts';
import type { Judgement } from './contract.ts';
import type { Facts } from './facts.ts';
import type { FaultFamily } from './fault-parameters.ts';
import type { FaultLog } from './node-logs.ts';
import type { RepetitionSummary } from './repetitions.ts';
import type { Phase, Scenario } from './scenario.ts';

export const runSchema = 'leaderfall/run@1';

export type RunStatus = 'completed' | 'failed' | 'interrupted';

export interface RunRecord {
  readonly schema: typeof runSchema;
  readonly leaderfall: string;
  readonly runId: string;
  readonly seed: string;
  readonly scenario: Scenario;
  /** Whether it ran; what it found is the judgement. */
  readonly status: RunStatus;
  readonly error: RunError | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly phases: readonly { readonly phase: Phase; readonly beginMs: number; readonly endMs: number; readonly ok: boolean; readonly detail: string }[];
  readonly environment: Environment;
  readonly configuration: readonly Configured[];
  /** null where the run ended before there was a history to check. */
  readonly facts: Facts | null;
  readonly judgement: Judgement;
  /** The command that plays the same plan again. */
  readonly reproduce: string;
  /** Which repetition of the same scenario this is, from 1. */
  readonly repetition: number;
  readonly logs: readonly string[];
  /** In the order of the faults; absent: the record is older than these, or there was no history. */
  readonly faultLogs?: readonly FaultLog[];
}

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly detail: string | null;
  readonly phase: Phase | null;
}

export interface Environment {
  readonly node: string;
  readonly os: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly engine: string;
  readonly brokerVersion: string;
  readonly images: readonly ImageRecord[];
  /** Package name to version, of the drivers used. */
  readonly drivers: Readonly<Record<string, string>>;
}

export interface NotRunnable {
  readonly name: string;
  /** Of the broker; absent where what is missing is not one run. */
  readonly version?: string;
  /** What this machine lacks, such as `disk`; absent where it was not the machine's fault, such as an interruption. */
  readonly lacks?: string;
  /** Of its faults, each once; absent: not known. */
  readonly families?: readonly FaultFamily[];
  readonly reason: string;
}

export const suiteSchema = 'leaderfall/suite@1';

/** `suite.json`: what one `leaderfall run` did, over all its scenarios. */
export interface SuiteRecord {
  readonly schema: typeof suiteSchema;
  readonly leaderfall: string;
  readonly suiteId: string;
  readonly seed: string;
  readonly startedAt: string;
  readonly durationMs: number;
  /** What plays the same plans again; of a suite that was put together from several, theirs. */
  readonly command: string;
  readonly verdict: 'upheld' | 'violated' | 'inconclusive' | 'usage' | 'environment' | 'internal' | 'interrupted';
  readonly exitCode: number;
  readonly runs: readonly RunRecord[];
  /** How often each outcome came, for every scenario that ran more than once; absent: none did. */
  readonly repetitions?: readonly RepetitionSummary[];
  /** Folder of each run relative to the suite's, by run id: where its own report is. */
  readonly folders?: Readonly<Record<string, string>>;
  /** `2/4`: which part of the chosen scenarios this suite ran; null: all of them. */
  readonly shard: string | null;
  /** Scenarios that their broker's version does not have, with the reason: part of the matrix, no shortfall. */
  readonly notApplicable: readonly { readonly name: string; readonly version: string; readonly reason: string }[];
  /** Scenarios that could not run here, with the reason: never silently skipped. */
  readonly notRunnable: readonly NotRunnable[];
  /** Whoever ran it allowed that this machine lacks something: what it lacks does not decide the exit code. Absent: it does. */
  readonly allowsNotRunnable?: boolean;
}
