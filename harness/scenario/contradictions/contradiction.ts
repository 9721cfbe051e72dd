// How the rules of this folder say that something can never work.
import type { Path, Problem } from '../problem.ts';

/** @param hint the next action. */
export const contradiction = (path: Path, message: string, hint: string): Problem => ({ path, atKey: false, message, hint });
