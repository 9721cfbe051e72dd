// A graceful stop: the broker may hand its leaderships over first, a client closes its connections.
import { onEach, type Fault } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const stop: Fault = {
  name: 'stop',
  strikes: 'node',
  inject: ({ victims, healWith, signal }) => onEach(victims, async ({ life }) => {
    const before = await life.state(signal);
    healWith((healSignal) => startAgain(life, healSignal));
    await life.stop(signal);
    return { prove: (proofSignal) => provedExited(life, before, proofSignal) };
  }),
};
