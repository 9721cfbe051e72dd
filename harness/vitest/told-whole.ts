// Vitest prints an error's message and where it came from, nothing else: so hint and detail go into the message, and the place is the test's.
import { isLeaderfallError, LeaderfallError } from '../model/errors.ts';

/** Rejects with errors that tell all they know, at the line that called this function's caller. */
export async function toldWhole<T>(work: () => Promise<T>): Promise<T> {
  const place = new Error('place');
  try {
    return await work();
  } catch (error) {
    throw isLeaderfallError(error) ? whole(error, place) : error;
  }
}

function whole(error: LeaderfallError, place: Error): LeaderfallError {
  const { code, message, hint, detail, cause } = error;
  const lines = [message, ...(detail === undefined ? [] : [detail]), ...(hint === undefined ? [] : [`hint: ${hint}`])];
  const told = new LeaderfallError(code, lines.join('\n'), { cause, ...(hint === undefined ? {} : { hint }), ...(detail === undefined ? {} : { detail }) });
  told.stack = `${told.name}: ${told.message}\n${framesOf(place)}`;
  return told;
}

/** Without this room's own frames. */
function framesOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const own = new URL('.', import.meta.url).pathname;
  const first = frames.findIndex((frame) => !frame.includes(own));
  return frames.slice(Math.max(first, 0)).join('\n');
}
