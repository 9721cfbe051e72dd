// A frozen node: its sockets stay open and say nothing.
import type { Fault } from '../fault.ts';

export const pause: Fault = {
  name: 'pause',
  summary: 'freezes every process of the node; connections stay open and silent; healing thaws it',
  needs: 'pause',
  strikesNode: true,
  async inject({ node, signal }) {
    await node.pause(signal);
    return {
      async prove(proofSignal) {
        const { status, pid } = await node.state(proofSignal);
        return { ok: status === 'paused', detail: `${node.id} (process ${pid}) is ${status}` };
      },
      async heal(healSignal) {
        if ((await node.state(healSignal)).status === 'paused') await node.unpause(healSignal);
      },
    };
  },
};
