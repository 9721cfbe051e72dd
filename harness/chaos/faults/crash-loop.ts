// A consumer that dies with deliveries in hand, is started again, and dies again: what it holds comes back to the queue each time.
import type { NodeState } from '../../model/cluster.ts';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import type { ClientProcess } from '../../model/workload-control.ts';
import { clientOf, type Fault, type FaultContext, type Proof } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const crashLoop: Fault = {
  name: 'crash-loop',
  strikes: 'client',
  async inject(context) {
    const client = clientOf(context);
    const deaths: Proof[] = [];
    const times = context.parameter('times');
    context.healWith(async (signal) => {
      await client.release(signal);
      await startAgain(client, signal);
    });
    try {
      while (deaths.length < times) deaths.push(await dieLoaded(client, context));
    } catch (error) {
      throw context.signal.aborted ? cutShort(deaths.length, times, context.signal.reason) : error;
    }
    return {
      async prove() {
        const { length: died } = deaths.filter(({ ok }) => ok);
        return { ok: died === times, detail: `${died} of ${times} processes died: ${deaths.map(({ detail }) => detail).join('; ')}` };
      },
    };
  },
};

/** The time of all steps together ended before the loop did: how far it came says how much more it needs. */
const cutShort = (died: number, times: number, cause: unknown): LeaderfallError =>
  new LeaderfallError('E_TIMEOUT', `The crash loop was cut short: ${died} of ${times} processes had died. ${describeError(cause)}`, { hint: 'Raise bounds.stepMs, or lower times.', cause });

/** One process: it handles nothing, holds what it was told to hold, and dies. */
async function dieLoaded(client: ClientProcess, { parameter, signal }: FaultContext): Promise<Proof> {
  await client.stall(signal);
  await startAgain(client, signal);
  const before: NodeState = await client.state(signal);
  await client.untilHeld(parameter('held'), signal);
  await client.kill(signal);
  return await provedExited(client, before, signal);
}
