// A consumer whose handlers no longer end: it is alive, and takes no more than its prefetch.
import { clientOf, type Fault } from '../fault.ts';

const proofMs = 5_000;

export const stall: Fault = {
  name: 'stall',
  strikes: 'client',
  async inject(context) {
    const client = clientOf(context);
    context.healWith((healSignal) => client.release(healSignal));
    await client.stall(context.signal);
    return {
      async prove(proofSignal) {
        const { status, pid } = await client.state(proofSignal);
        try {
          // A handler that cannot go on is the fault at work; without a delivery it has stalled nothing, and one in a handler that works proves nothing.
          await client.untilHeldUp(AbortSignal.any([proofSignal, AbortSignal.timeout(proofMs)]));
          return { ok: status === 'running', detail: `${client.id} (process ${pid}) is ${status} and holds deliveries that it does not process` };
        } catch {
          return { ok: false, detail: `${client.id} (process ${pid}) is ${status} and none of its handlers was held up for ${proofMs} ms` };
        }
      },
    };
  },
};
