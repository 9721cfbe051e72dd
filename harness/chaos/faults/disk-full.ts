// No block is left on a node's disk: the broker may block its clients, or end.
import type { Fault } from '../fault.ts';
import { bringBack, onEachDisk, provedRefused } from './disk.ts';

export const diskFull: Fault = {
  name: 'disk-full',
  strikes: 'node',
  inject: (context) => onEachDisk(context, {
    strike: ({ disk }) => disk.fill(),
    prove: (stored) => provedRefused(stored, 'ENOSPC'),
    async heal(stored, signal) {
      await stored.disk.empty();
      await bringBack(stored, signal);
    },
  }),
};
