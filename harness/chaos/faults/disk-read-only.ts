// A filesystem that met an error of its device and lets nobody write any more. What was written until then is synced first, so that
// this fault takes nothing away: losing what was not synced is a power loss.
import type { Fault } from '../fault.ts';
import { bringBack, onEachDisk, provedRefused } from './disk.ts';

export const diskReadOnly: Fault = {
  name: 'disk-read-only',
  strikes: 'node',
  inject: (context) => onEachDisk(context, {
    async strike({ disk }) {
      await disk.sync();
      await disk.turnReadOnly();
    },
    prove: (stored) => provedRefused(stored, 'EROFS'),
    heal: bringBack,
  }),
};
