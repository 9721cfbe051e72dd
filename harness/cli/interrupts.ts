// Ctrl+C: the first one ends the run in good order, the second one ends the process. A defect ends the run in good order too.
import { exitCodes, LeaderfallError } from '../model/errors.ts';
import type { ExitCode } from '../model/errors.ts';
import type { Io } from './io.ts';
import { printError } from './print-error.ts';

/** A run that is told to stop heals, keeps its logs and removes what it started in this time. */
export const cleanupMs = 20_000;

export interface Interrupts extends Disposable {
  readonly signal: AbortSignal;
  /** null as long as nothing interrupted. */
  readonly exitCode: ExitCode | null;
}

/** Listens for SIGINT, SIGTERM, SIGHUP (a terminal that is closed) and errors that nobody caught, until disposed. */
export function listenForInterrupts(io: Io): Interrupts {
  const controller = new AbortController();
  let exitCode: ExitCode | null = null;
  let deadline: NodeJS.Timeout | undefined;
  const force = (why: string): never => {
    io.stderr.write(`\n${why}; what is left over is removed by the next run (leaderfall doctor names it)\n`);
    process.exit(exitCode ?? exitCodes.interrupted);
  };
  const end = (code: ExitCode, reason: LeaderfallError): void => {
    exitCode = code;
    deadline = setTimeout(() => force('cleaning up took too long'), cleanupMs).unref();
    controller.abort(reason);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (exitCode !== null) force('forced to stop');
    io.stderr.write(`\n${signal}: healing, keeping the logs and removing what was started, at most ${cleanupMs / 1_000} s; Ctrl+C again forces\n`);
    end(exitCodes.interrupted, new LeaderfallError('E_INTERRUPTED', `Interrupted by ${signal}`));
  };
  const onDefect = (error: unknown): void => {
    printError(io, error);
    if (exitCode === null) end(exitCodes.internal, new LeaderfallError('E_INTERNAL', 'An error that nobody caught', { cause: error }));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal).on('uncaughtException', onDefect);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]() {
      clearTimeout(deadline);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onSignal).off('uncaughtException', onDefect);
    },
  };
}
