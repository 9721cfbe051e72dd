// What CI reads: the worst of a suite, in a fixed order. A broken tool or machine outranks any verdict.
import { exitCodeOf, exitCodes, LeaderfallError, type ErrorCode, type ExitCode } from '../model/errors.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';

export interface SuiteOutcome {
  readonly verdict: SuiteRecord['verdict'];
  readonly exitCode: ExitCode;
}

/** Below what runs found, for a machine that lacks something must not hide a violation; above what they did not find, for a choice that was not run is not upheld. */
const notRunnableHere: SuiteOutcome = { verdict: 'environment', exitCode: exitCodes.environment };

/** A setting that only the broker could refuse is the user's to mend, so its exit code is that of usage. */
const ranks: readonly SuiteOutcome[] = [
  { verdict: 'internal', exitCode: exitCodes.internal },
  { verdict: 'interrupted', exitCode: exitCodes.interrupted },
  { verdict: 'environment', exitCode: exitCodes.environment },
  { verdict: 'usage', exitCode: exitCodes.usage },
  { verdict: 'violated', exitCode: exitCodes.violated },
  notRunnableHere,
  { verdict: 'inconclusive', exitCode: exitCodes.inconclusive },
  { verdict: 'upheld', exitCode: exitCodes.upheld },
];

export interface LeftOut {
  readonly interrupted?: boolean;
  /**
   * Scenarios that were asked for and did not run. Where the machine lacks something that is an environment error, unless it is allowed;
   * for any other reason they leave the suite inconclusive at best, for what did not run was not shown. Without a single run nothing is allowed.
   */
  readonly notRunnable?: SuiteRecord['notRunnable'];
  /** Default false. */
  readonly allowsNotRunnable?: boolean;
}

/** Internal, then interrupted, environment, usage, violated, not runnable here, inconclusive, upheld. */
export function suiteOutcome(runs: readonly RunRecord[], { interrupted = false, notRunnable = [], allowsNotRunnable = false }: LeftOut = {}): SuiteOutcome {
  const found = new Set<SuiteOutcome>(runs.map((run) => rankOf(codeOf(run))));
  if (interrupted) found.add(rankOf(exitCodes.interrupted));
  const unallowed = notRunnable.filter(({ lacks }) => lacks === undefined || !allowsNotRunnable || runs.length === 0);
  if (unallowed.length > 0) found.add(runs.length === 0 || unallowed.some(({ lacks }) => lacks !== undefined) ? notRunnableHere : rankOf(exitCodes.inconclusive));
  return ranks.find((rank) => found.has(rank)) ?? rankOf(exitCodes.inconclusive);
}

/** The first of a code: an environment that failed a run. */
const rankOf = (code: ExitCode): SuiteOutcome => ranks.find(({ exitCode }) => exitCode === code)!;

function codeOf({ status, error, judgement }: RunRecord): ExitCode {
  if (status === 'interrupted') return exitCodes.interrupted;
  if (status === 'failed') return error === null ? exitCodes.internal : codeOfError(error.code);
  return exitCodes[judgement.verdict];
}

/** A run's record is plain data: the code that it names decides as the error itself would. */
const codeOfError = (code: string): ExitCode => exitCodeOf(new LeaderfallError(code as ErrorCode, ''));
