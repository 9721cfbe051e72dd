// SIGKILL of a node: no goodbye, no flush.
import type { Fault } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const kill: Fault = {
  name: 'kill',
  summary: 'SIGKILL of the broker process; healing starts the node again with its data',
  needs: 'kill',
  strikesNode: true,
  async inject({ node, signal }) {
    const before = await node.state(signal);
    await node.kill(signal);
    return { prove: (proofSignal) => provedExited(node, before, proofSignal), heal: (healSignal) => startAgain(node, healSignal) };
  },
};
