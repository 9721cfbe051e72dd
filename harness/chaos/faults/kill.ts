// SIGKILL of nodes or of a client: no goodbye, no flush. A client may be told between which two of its steps it dies.
import { onEach, type Fault, type Victim } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const kill: Fault = {
  name: 'kill',
  strikes: 'node',
  inject: ({ victims, healWith, signal }) => onEach(victims, async (victim) => {
    const { life } = victim;
    const before = await life.state(signal);
    healWith((healSignal) => startAgain(life, healSignal));
    await strike(victim, signal);
    return { prove: (proofSignal) => provedExited(life, before, proofSignal) };
  }),
};

async function strike(victim: Victim, signal: AbortSignal): Promise<void> {
  if (victim.kind === 'client' && victim.between !== null) await victim.life.dieBetween(victim.between, signal);
  else await victim.life.kill(signal);
}
