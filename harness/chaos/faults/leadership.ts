// Changes of leadership that an operator asks for: the broker accepts the request, and only what it then says of its leaders proves it.
import type { Leadership, PartitionTopology } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { FaultName } from '../../model/scenario.ts';
import { waitUntil } from '../../model/wait.ts';
import type { Fault, FaultContext, Proof } from '../fault.ts';

const lookMs = 2_000;
const changeMs = 15_000;

type Change = (leadership: Leadership, context: FaultContext) => Promise<string>;
/** What of the partition as it is now shows the change, given how it was; null: nothing yet. */
type Shows = (before: PartitionTopology, now: PartitionTopology) => string | null;

export const leaderTransfer: Fault = changeOf('leader-transfer',
  (leadership, { destination, partition, signal }) => leadership.transfer(destination, partition, signal), anotherLeads);

export const leaderElection: Fault = changeOf('leader-election',
  (leadership, { destination, partition, signal }) => leadership.electPreferred(destination, partition, signal), anotherLeads);

export const uncleanElection: Fault = changeOf('unclean-election',
  (leadership, { destination, partition, signal }) => leadership.electUnclean(destination, partition, signal), outsiderLeads);

function changeOf(name: FaultName, change: Change, shows: Shows): Fault {
  return {
    name,
    // A leader that only hands over takes nothing with it by itself; what is under way when it does is what is at risk.
    strikes: 'node',
    async inject(context) {
      const { leadership } = context.cluster;
      if (leadership === undefined) throw new LeaderfallError('E_CAPABILITY', `${context.cluster.broker} cannot be asked for a change of leader`, { hint: 'Use kill, stop or pause to make another one lead.' });
      const before = await partitionOf(context, context.signal);
      const accepted = await change(leadership, context);
      return {
        // Nothing is to be healed: whoever leads is as good a leader as the one before.
        prove: (signal) => provedChange(context, before, accepted, shows, signal),
      };
    },
  };
}

async function partitionOf({ cluster, destination, partition }: FaultContext, signal: AbortSignal): Promise<PartitionTopology> {
  const { partitions } = await cluster.topology(destination, AbortSignal.any([signal, AbortSignal.timeout(lookMs)]));
  const found = partitions.find((candidate) => candidate.partition === partition);
  if (found === undefined) throw new LeaderfallError('E_NOT_READY', `Nobody tells who leads partition ${partition} of ${destination.name}`, { hint: "See the nodes' logs in the run's folder." });
  return found;
}

async function provedChange(context: FaultContext, before: PartitionTopology, accepted: string, shows: Shows, signal: AbortSignal): Promise<Proof> {
  try {
    return await waitUntil(async () => {
      const now = await partitionOf(context, signal);
      const shown = shows(before, now);
      return shown === null ? { done: false, seen: describe(now) } : { done: true, value: { ok: true, detail: `${accepted}; ${shown}` } };
    }, { describe: `the broker to name the new leader of partition ${before.partition} (before: ${describe(before)})`, timeoutMs: changeMs, intervalMs: 100, signal });
  } catch (error) {
    return { ok: false, detail: `${accepted}; ${error instanceof Error ? error.message : String(error)}` };
  }
}

const describe = ({ leader, epoch }: PartitionTopology): string => `${leader ?? 'nobody'} leads${epoch === null ? '' : `, epoch ${epoch}`}`;

function anotherLeads(before: PartitionTopology, now: PartitionTopology): string | null {
  if (before.leader === null || now.leader === null || now.leader === before.leader) return null;
  // An epoch that did not grow comes from a node that has not heard of the change that it tells of.
  if (before.epoch !== null && now.epoch !== null && now.epoch <= before.epoch) return null;
  return `${before.leader} led, now ${describe(now)}`;
}

/** A partition that had a leader, or got one that was in sync, was not struck. */
function outsiderLeads(before: PartitionTopology, now: PartitionTopology): string | null {
  if (before.leader !== null || now.leader === null || before.inSync.includes(now.leader)) return null;
  return `nobody led with ${before.inSync.join(', ') || 'nobody'} in sync, now ${describe(now)}`;
}
