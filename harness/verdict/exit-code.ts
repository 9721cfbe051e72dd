// What CI reads: the worst of a suite, in a fixed order. A broken tool or machine outranks any verdict.
import { exitCodeOf, exitCodes, LeaderfallError, type ErrorCode, type ExitCode } from '../model/errors.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';

export interface SuiteOutcome {
  readonly verdict: SuiteRecord['verdict'];
  readonly exitCode: ExitCode;
}

/** A setting that only the broker could refuse is the user's to mend, so its exit code is that of usage. */
const ranks: readonly SuiteOutcome[] = [
  { verdict: 'internal', exitCode: exitCodes.internal },
  { verdict: 'interrupted', exitCode: exitCodes.interrupted },
  { verdict: 'environment', exitCode: exitCodes.environment },
  { verdict: 'usage', exitCode: exitCodes.usage },
  { verdict: 'violated', exitCode: exitCodes.violated },
  { verdict: 'inconclusive', exitCode: exitCodes.inconclusive },
  { verdict: 'upheld', exitCode: exitCodes.upheld },
];

/**
 * Internal, then interrupted, environment, usage, violated, inconclusive, upheld.
 * @param notRunnable scenarios that were asked for and could not run: without a single run that is an environment error;
 * beside runs they leave the suite inconclusive at best, for what did not run was not shown.
 */
export function suiteOutcome(runs: readonly RunRecord[], interrupted = false, notRunnable = 0): SuiteOutcome {
  const codes = new Set<ExitCode>(runs.map(codeOf));
  if (interrupted) codes.add(exitCodes.interrupted);
  if (notRunnable > 0) codes.add(runs.length === 0 ? exitCodes.environment : exitCodes.inconclusive);
  return ranks.find(({ exitCode }) => codes.has(exitCode)) ?? { verdict: 'inconclusive', exitCode: exitCodes.inconclusive };
}

function codeOf({ status, error, judgement }: RunRecord): ExitCode {
  if (status === 'interrupted') return exitCodes.interrupted;
  if (status === 'failed') return error === null ? exitCodes.internal : codeOfError(error.code);
  return exitCodes[judgement.verdict];
}

/** A run's record is plain data: the code that it names decides as the error itself would. */
const codeOfError = (code: string): ExitCode => exitCodeOf(new LeaderfallError(code as ErrorCode, ''));
