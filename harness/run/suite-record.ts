// Sums runs up into one suite, with the verdict and exit code that CI reads.
import { relative, sep } from 'node:path';
import { redactText } from '../model/configuration.ts';
import { suiteSchema, type RunRecord, type SuiteRecord } from '../model/run-record.ts';
import { suiteOutcome } from '../verdict/exit-code.ts';
import { summariseRepetitions } from '../verdict/repetitions.ts';
import { ownVersion } from './environment.ts';

export interface SuiteParts {
  readonly suiteId: string;
  readonly seed: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  readonly runs: readonly RunRecord[];
  readonly folders: Readonly<Record<string, string>>;
  readonly shard: SuiteRecord['shard'];
  readonly notApplicable: SuiteRecord['notApplicable'];
  readonly notRunnable: SuiteRecord['notRunnable'];
  readonly allowsNotRunnable: boolean;
  readonly interrupted: boolean;
}

/** @param parts with runs to which `applyTwins` was applied: their verdicts are final. */
export function assembleSuite({ interrupted, allowsNotRunnable, command, ...parts }: SuiteParts): SuiteRecord {
  const repetitions = summariseRepetitions(parts.runs);
  return {
    schema: suiteSchema, leaderfall: ownVersion, ...parts, ...(repetitions.length === 0 ? {} : { repetitions }),
    ...(allowsNotRunnable ? { allowsNotRunnable } : {}),
    command: redactText(command), ...suiteOutcome(parts.runs, { interrupted, allowsNotRunnable, notRunnable: parts.notRunnable }),
  };
}

/** Where each run's own report is, as a link in the suite's folder can say it. @param runs run id and folder. */
export const foldersFrom = (suiteFolder: string, runs: readonly (readonly [runId: string, folder: string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(runs.map(([runId, folder]) => [runId, relative(suiteFolder, folder).split(sep).join('/')]));
