// Errors as people see them: code, message, evidence, the next action. Secrets never pass.
import { redactText } from '../model/configuration.ts';
import { isLeaderfallError } from '../model/errors.ts';
import { indent } from '../run/tell-all.ts';
import { colorsFor } from './io.ts';
import type { Io } from './io.ts';

export function printError(io: Io, error: unknown): void {
  const colors = colorsFor(io.stderr, io.env);
  const line = (code: string, message: string): string => `${colors.red(colors.bold(`error[${code}]`))}: ${message}\n`;
  if (!isLeaderfallError(error) || error.code === 'E_INTERNAL') {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = error instanceof Error ? error.message : String(error);
    io.stderr.write(redactText(`${line('E_INTERNAL', message)}${indent(stack)}\n${colors.cyan('hint')}: this is a defect of Leaderfall; please report it with the lines above.\n`));
    return;
  }
  const told = error.detail === undefined || error.detail === '' || error.message.includes(indent(error.detail));
  const detail = told ? '' : `${indent(error.detail!)}\n`;
  const hint = error.hint === undefined ? '' : `${colors.cyan('hint')}: ${error.hint}\n`;
  io.stderr.write(redactText(`${line(error.code, error.message)}${detail}${hint}`));
}

/** What commander says about a wrong command line, in our form. */
export function printUsageError(io: Io, text: string): void {
  const colors = colorsFor(io.stderr, io.env);
  const message = text.trim().replace(/^error: /, '').replaceAll('\n', ' ');
  io.stderr.write(`${colors.red(colors.bold('error[E_USAGE]'))}: ${message}\n${colors.cyan('hint')}: leaderfall --help names the commands, leaderfall help <command> its options.\n`);
}
