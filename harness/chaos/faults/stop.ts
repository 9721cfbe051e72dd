// A graceful stop: the broker may hand its leaderships over first.
import type { Fault } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const stop: Fault = {
  name: 'stop',
  summary: 'SIGTERM and a bounded wait; healing starts the node again',
  needs: 'stop',
  strikesNode: true,
  async inject({ node, signal }) {
    const before = await node.state(signal);
    await node.stop(signal);
    return { prove: (proofSignal) => provedExited(node, before, proofSignal), heal: (healSignal) => startAgain(node, healSignal) };
  },
};
