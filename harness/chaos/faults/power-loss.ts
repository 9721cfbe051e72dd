// Power is cut: what a node had not synced is gone. Several victims lose it at one moment: all are frozen before the first disk goes
// down, so that none of them sees another go, and none can write or answer in between.
import { nodesOf, type Fault, type Proof } from '../fault.ts';
import { bringBack, storedOf, type Stored } from './disk.ts';
import { provedExited } from './life.ts';

export const powerLoss: Fault = {
  name: 'power-loss',
  strikes: 'node',
  async inject(context) {
    const victims = await Promise.all(nodesOf(context).map((node) => storedOf(node, context.signal)));
    context.healWith((signal) => each(victims, (stored) => giveBack(stored, signal)));
    await strike(victims, context.signal);
    return {
      async prove(signal) {
        const proofs = await Promise.all(victims.map((stored) => proved(stored, signal)));
        return { ok: proofs.every(({ ok }) => ok), detail: proofs.map(({ detail }) => detail).join('; ') };
      },
    };
  },
};

async function strike(victims: readonly Stored[], signal: AbortSignal): Promise<void> {
  await each(victims, ({ disk }) => disk.mark());
  await each(victims, ({ node }) => node.pause(signal));
  await each(victims, ({ disk }) => disk.losePower());
  await each(victims, ({ node }) => node.kill(signal));
}

/** One that was to lose power and still has it was frozen at most. */
async function giveBack(stored: Stored, signal: AbortSignal): Promise<void> {
  await bringBack(stored, signal);
  if ((await stored.node.state(signal)).status === 'paused') await stored.node.unpause(signal);
}

/** Whether the mark survived can be seen only when the disk is back; the node is dead by then, and stays so until it is healed. */
async function proved({ node, disk, before }: Stored, signal: AbortSignal): Promise<Proof> {
  const died = await provedExited(node, before, signal);
  if (!died.ok) return died;
  const without = await disk.tryWrite();
  await disk.remount();
  const kept = await disk.hasMark();
  return {
    ok: !without.ok && !kept,
    detail: `${died.detail}; without power: ${without.detail}; an unsynced mark ${kept ? 'is still there' : 'is gone'}`,
  };
}

/** All are tried although one may fail. */
async function each(victims: readonly Stored[], act: (stored: Stored) => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(victims.map(act));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
