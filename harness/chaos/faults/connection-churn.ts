// All connections of clients end; those that clients make in their place end as well, so many times.
import { setTimeout as delay } from 'node:timers/promises';
import type { LinkTrouble, Node } from '../../model/cluster.ts';
import { nodesOf, onEach, type ActiveFault, type Fault, type FaultContext, type Proof } from '../fault.ts';
import { linkOf, newMark } from './link-trouble.ts';

const reset: LinkTrouble = { kind: 'reset' };

export const connectionChurn: Fault = {
  name: 'connection-churn',
  strikes: 'link',
  inject: (context) => onEach(nodesOf(context), (node) => churn(node, context)),
};

async function churn(node: Node, { parameter, healWith, signal }: FaultContext): Promise<ActiveFault> {
  const link = linkOf(node);
  const mark = newMark('connection-churn');
  const rounds: Proof[] = [];
  const times = parameter('times');
  healWith((healSignal) => link.restore(mark, healSignal));
  while (rounds.length < times) {
    // The time that clients have to come back is part of the fault.
    if (rounds.length > 0) await delay(parameter('pauseMs'), undefined, { signal });
    await link.apply(mark, reset, signal);
    rounds.push(await link.observe(mark, reset, signal));
    await link.restore(mark, signal);
  }
  return {
    async prove() {
      const { length: ended } = rounds.filter(({ ok }) => ok);
      return { ok: ended === times, detail: `connections to ${node.id} ended ${ended} of ${times} times; the last: ${rounds.at(-1)?.detail ?? 'none'}` };
    },
  };
}
