// A consumer that leaves its group in good order and joins again, several times: what it had is given to others, and back.
import type { NodeState } from '../../model/cluster.ts';
import type { ClientProcess } from '../../model/workload-control.ts';
import { clientOf, type Fault, type Proof } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

export const rebalanceStorm: Fault = {
  name: 'rebalance-storm',
  strikes: 'client',
  async inject(context) {
    const client = clientOf(context);
    const { signal } = context;
    const times = context.parameter('times');
    const rounds: Proof[] = [];
    context.healWith((healSignal) => startAgain(client, healSignal));
    while (rounds.length < times) rounds.push(await leaveAndJoin(client, signal));
    return {
      async prove(proofSignal) {
        const { length: left } = rounds.filter(({ ok }) => ok);
        const { status, pid } = await client.state(proofSignal);
        const ok = left === times && status === 'running';
        return { ok, detail: `left and joined ${left} of ${times} times; ${client.id} (process ${pid}) is ${status}; ${rounds.map(({ detail }) => detail).join('; ')}` };
      },
    };
  },
};

/** One process: it closes its client, so that the broker knows at once, and the next one is connected. */
async function leaveAndJoin(client: ClientProcess, signal: AbortSignal): Promise<Proof> {
  const before: NodeState = await client.state(signal);
  await client.stop(signal);
  const ended = await provedExited(client, before, signal);
  const { exitCode } = await client.state(signal);
  await startAgain(client, signal);
  await client.untilConnected(signal);
  return { ok: ended.ok && exitCode === 0, detail: exitCode === 0 ? ended.detail : `${ended.detail}: it did not leave in good order` };
}
