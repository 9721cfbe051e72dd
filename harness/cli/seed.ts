// A seed for a run that was given none.
import { createHash, randomBytes } from 'node:crypto';

/** Eight hex digits: short enough to read out, and the same digits stand in the names of the runs' folders. */
export const newSeed = (): string => randomBytes(4).toString('hex');

/** For shards: machines that do not know of each other come to the same seed, by which their suites are known to belong together. */
export const seedOf = (choice: string): string => createHash('sha256').update(choice).digest('hex').slice(0, 8);
