// Frozen nodes or a frozen client: their sockets stay open and say nothing.
import { onEach, type Fault } from '../fault.ts';

export const pause: Fault = {
  name: 'pause',
  strikes: 'node',
  inject: ({ victims, healWith, signal }) => onEach(victims, async ({ life }) => {
    healWith(async (healSignal) => {
      if ((await life.state(healSignal)).status === 'paused') await life.unpause(healSignal);
    });
    await life.pause(signal);
    return {
      async prove(proofSignal) {
        const { status, pid } = await life.state(proofSignal);
        return { ok: status === 'paused', detail: `${life.id} (process ${pid}) is ${status}` };
      },
    };
  }),
};
