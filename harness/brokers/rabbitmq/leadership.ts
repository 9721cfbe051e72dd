// Changes of leadership of a quorum queue: the broker's own transfer, which `rabbitmq-queues rebalance` and a drain of a node use.
import type { Destination, Leadership, Node, NodeId, PartitionTopology } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { erlangQueue, evaluate } from './evaluate.ts';
import { erlangName } from './home-node.ts';

const evaluateMs = 10_000;
const acceptedWithinMs = 10_000;

export interface RabbitmqLeadershipParts {
  readonly queue: (destination: Destination, signal: AbortSignal) => Promise<PartitionTopology>;
  readonly node: (id: NodeId) => Node;
}

export class RabbitmqLeadership implements Leadership {
  readonly #parts: RabbitmqLeadershipParts;

  constructor(parts: RabbitmqLeadershipParts) {
    this.#parts = parts;
  }

  /** Asked of the leader itself. A follower that is not yet at the log's end refuses, and is asked again. */
  async transfer(destination: Destination, _partition: number, signal: AbortSignal): Promise<string> {
    const { leader, inSync } = await this.#parts.queue(destination, signal);
    const next = inSync.find((node) => node !== leader);
    if (leader === null || next === undefined) throw new LeaderfallError('E_NOT_READY', `No other member of ${destination.name} is online: ${inSync.join(', ') || 'none'}`, { hint: 'Wait for redundancy before the transfer.' });
    await waitUntil(async () => {
      const answer = await evaluate(this.#parts.node(leader), transferTo(destination.name, next), { timeoutMs: evaluateMs, signal });
      return answer.startsWith('migrated') ? { done: true, value: null } : { done: false, seen: answer };
    }, { describe: `${leader} to hand ${destination.name} over to ${next}`, timeoutMs: acceptedWithinMs, signal, intervalMs: 200 });
    return `${leader} was asked to hand over to ${next}, and accepted`;
  }

  async electPreferred(): Promise<string> {
    throw new LeaderfallError('E_CAPABILITY', 'A queue of RabbitMQ has no preferred leader', { hint: 'Use leader-transfer.' });
  }

  async electUnclean(): Promise<string> {
    throw new LeaderfallError('E_CAPABILITY', 'A quorum queue never elects a leader without a majority', { hint: 'Use this fault with Kafka.' });
  }
}

/**
 * `already_leader` is an answer, too: somebody else was quicker, or the answer to the request before was lost. 4.3.6 gives it as an error.
 */
const transferTo = (queue: string, next: NodeId): string => `
  {ok, Q} = rabbit_amqqueue:lookup(${erlangQueue(queue)}),
  case catch rabbit_quorum_queue:transfer_leadership(Q, '${erlangName(next)}') of
    {migrated, _} -> "migrated";
    {not_migrated, already_leader} -> "migrated already";
    {error, already_leader} -> "migrated already";
    {_, Why} -> [C || C <- lists:flatten(io_lib:format("refused: ~0P", [Why, 20])), C =/= 34]
  end.`;
