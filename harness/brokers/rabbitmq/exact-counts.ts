// How many messages a queue holds right now, ready and unacknowledged, by the queue's own state.
import type { Node } from '../../model/cluster.ts';
import { erlangQueue, evaluate } from './evaluate.ts';

export interface ExactCounts {
  readonly ready: number;
  readonly unacknowledged: number;
  /** On their way to the dead-letter target, at least once: no consumer's any more, and not there yet. */
  readonly deadLettering: number;
}

/**
 * Statistics lag by up to 5 s for a quorum queue (its tick), and a drain that ends on an old zero would call messages stuck that a
 * consumer still holds. So the queue's leader is asked itself.
 * @throws where the leader does not answer.
 */
export async function exactCounts(node: Node, queue: string, signal: AbortSignal): Promise<ExactCounts> {
  const text = await evaluate(node, expression(queue), { timeoutMs: 15_000, signal });
  const [ready, unacknowledged, deadLettering] = text.split(' ').map(Number);
  return { ready: ready!, unacknowledged: unacknowledged!, deadLettering: deadLettering! };
}

const expression = (queue: string): string => `
  {ok, Q} = rabbit_amqqueue:lookup(${erlangQueue(queue)}),
  {Ready, Unacknowledged, DeadLettering} = case amqqueue:get_type(Q) of
    rabbit_quorum_queue ->
      Ask = fun(Function) ->
        {ok, {_, Count}, _} = ra:leader_query(amqqueue:get_pid(Q), {rabbit_fifo, Function, []}),
        Count
      end,
      {Ask(query_messages_ready), Ask(query_messages_checked_out), element(1, Ask(query_stat_dlx))};
    _ ->
      [{_, R}, {_, U}] = rabbit_amqqueue:info(Q, [messages_ready, messages_unacknowledged]),
      {R, U, 0}
  end,
  lists:flatten(io_lib:format("~b ~b ~b", [Ready, Unacknowledged, DeadLettering])).`;
