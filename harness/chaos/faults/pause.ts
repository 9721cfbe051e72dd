// A frozen node or client: its sockets stay open and say nothing.
import type { Fault } from '../fault.ts';

export const pause: Fault = {
  name: 'pause',
  needs: 'pause',
  strikes: 'node',
  async inject({ victim: { life }, signal }) {
    await life.pause(signal);
    return {
      async prove(proofSignal) {
        const { status, pid } = await life.state(proofSignal);
        return { ok: status === 'paused', detail: `${life.id} (process ${pid}) is ${status}` };
      },
      async heal(healSignal) {
        if ((await life.state(healSignal)).status === 'paused') await life.unpause(healSignal);
      },
    };
  },
};
