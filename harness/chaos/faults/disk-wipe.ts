// A node whose data is gone for good: it dies, and comes back with an empty disk.
import type { Fault } from '../fault.ts';
import { bringBack, onEachDisk } from './disk.ts';
import { provedExited } from './life.ts';

export const diskWipe: Fault = {
  name: 'disk-wipe',
  strikes: 'node',
  inject: (context) => onEachDisk(context, {
    async strike({ node, disk }, signal) {
      await node.kill(signal);
      await disk.wipe();
    },
    async prove({ node, disk, before }, signal) {
      const died = await provedExited(node, before, signal);
      const empty = await disk.isEmpty();
      return { ok: died.ok && empty, detail: `${died.detail}; its disk ${empty ? 'is empty' : 'still has data'}` };
    },
    heal: bringBack,
  }),
};
