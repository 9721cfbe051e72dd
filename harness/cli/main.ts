// The command line's only way in. Never exits the process itself, except for a second Ctrl+C (see interrupts.ts).
import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from '../model/errors.ts';
import type { ExitCode } from '../model/errors.ts';
import { processIo } from './io.ts';
import type { Io } from './io.ts';
import { printError } from './print-error.ts';
import { createProgram } from './program.ts';

/** @param argv arguments after the program's name. Never rejects: what went wrong is on stderr and in the code. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  let code: ExitCode = exitCodes.upheld;
  try {
    await createProgram(io, argv, (done) => { code = done; }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version that were asked for are 0. Without any command the help is an answer to a wrong call.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.upheld : exitCodes.usage;
    printError(io, error);
    return exitCodeOf(error);
  }
}
