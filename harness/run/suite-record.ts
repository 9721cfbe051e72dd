// Sums runs up into one suite, with the verdict and exit code that CI reads.
import { redactText } from '../model/configuration.ts';
import { suiteSchema, type RunRecord, type SuiteRecord } from '../model/run-record.ts';
import { suiteOutcome } from '../verdict/exit-code.ts';
import { ownVersion } from './environment.ts';

export interface SuiteParts {
  readonly suiteId: string;
  readonly seed: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  readonly runs: readonly RunRecord[];
  readonly notRunnable: SuiteRecord['notRunnable'];
  readonly interrupted: boolean;
}

export function assembleSuite({ interrupted, command, ...parts }: SuiteParts): SuiteRecord {
  return { schema: suiteSchema, leaderfall: ownVersion, ...parts, command: redactText(command), ...suiteOutcome(parts.runs, interrupted) };
}
