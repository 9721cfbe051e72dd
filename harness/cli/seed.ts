// A seed for a run that was given none.
import { randomBytes } from 'node:crypto';

/** Eight hex digits: short enough to read out, and the same digits stand in the names of the runs' folders. */
export const newSeed = (): string => randomBytes(4).toString('hex');
