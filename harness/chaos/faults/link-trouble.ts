// What faults on the way between clients and nodes share: the trouble comes, is met by a connection of our own, and ends.
import type { ClientLink, LinkTrouble, Node } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { FaultName } from '../../model/scenario.ts';
import { nodesOf, onEach, type Fault, type FaultContext } from '../fault.ts';

/** The fault that is this trouble on the way of all clients to each of the nodes. */
export function linkFault(name: FaultName, troubleOf: (context: Pick<FaultContext, 'parameter'>) => LinkTrouble): Fault {
  return {
    name,
    strikes: 'link',
    inject: (context) => onEach(nodesOf(context), async (node) => {
      const link = linkOf(node);
      const trouble = troubleOf(context);
      const mark = newMark(name);
      context.healWith((healSignal) => link.restore(mark, healSignal));
      await link.apply(mark, trouble, context.signal);
      return { prove: (proofSignal) => link.observe(mark, trouble, proofSignal) };
    }),
  };
}

/** So that each fault on a link ends alone. */
export const newMark = (name: FaultName): string => `${name}-${++marks}`;
let marks = 0;

/** @throws LeaderfallError `E_CAPABILITY` for a node that clients reach without a proxy. */
export function linkOf({ id, clientLink }: Node): ClientLink {
  if (clientLink === undefined) throw new LeaderfallError('E_CAPABILITY', `not runnable here: clients reach ${id} without a proxy`, { hint: 'Use a Kafka or RabbitMQ cluster for this fault.' });
  return clientLink;
}
