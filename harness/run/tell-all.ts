// Test runners and consoles print an error's message and nothing else: for callers of the library the message carries the evidence too.
import { isLeaderfallError, LeaderfallError } from '../model/errors.ts';

export const indent = (text: string): string => text.split('\n').map((line) => `  ${line}`).join('\n');

/** The same error with the lines of its detail under its message; any other thrown value as it is. */
export function tellAll(thrown: unknown): unknown {
  if (!isLeaderfallError(thrown) || !thrown.detail) return thrown;
  const { code, message, hint, detail, cause } = thrown;
  return new LeaderfallError(code, `${message}\n${indent(detail)}`, { detail, ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) });
}
