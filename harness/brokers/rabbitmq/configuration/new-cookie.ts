// The Erlang cookie of one cluster. It goes into a file of the nodes and nowhere else: no environment, no log, no record.
import { randomBytes } from 'node:crypto';

export const newCookie = (): string => randomBytes(24).toString('hex');
