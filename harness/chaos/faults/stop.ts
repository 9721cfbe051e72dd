// A graceful stop: the broker may hand its leaderships over first, a client closes its connections.
import { onEach, type Fault } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const stop: Fault = {
  name: 'stop',
  strikes: 'node',
  inject: ({ victims, signal }) => onEach(victims, async ({ life }) => {
    const before = await life.state(signal);
    await life.stop(signal);
    return { prove: (proofSignal) => provedExited(life, before, proofSignal), heal: (healSignal) => startAgain(life, healSignal) };
  }),
};
