// How many messages a queue holds right now, ready and unacknowledged, by the queue's own state.
import type { Node } from '../../model/cluster.ts';

export interface ExactCounts {
  readonly ready: number;
  readonly unacknowledged: number;
}

/**
 * Statistics lag by up to 5 s for a quorum queue (its tick), and a drain that ends on an old zero would call messages stuck that a
 * consumer still holds. So the queue's leader is asked itself; that costs an Erlang VM of about 1 s on the node.
 * @throws where the leader does not answer.
 */
export async function exactCounts(node: Node, queue: string, signal: AbortSignal): Promise<ExactCounts> {
  const { exitCode, output } = await node.exec(['rabbitmqctl', '-q', 'eval', expression(queue)], { timeoutMs: 15_000, signal });
  const match = /\{(\d+),(\d+)\}\s*$/.exec(output.trim());
  if (exitCode !== 0 || match === null) throw new Error(`${node.id} could not count ${queue}: ${output.trim().slice(0, 500)}`);
  return { ready: Number(match[1]), unacknowledged: Number(match[2]) };
}

function expression(queue: string): string {
  const name = [...Buffer.from(queue)].join(',');
  return `
    {ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<${name}>>)),
    case amqqueue:get_type(Q) of
      rabbit_quorum_queue ->
        Ask = fun(Function) ->
          {ok, {_, Count}, _} = ra:leader_query(amqqueue:get_pid(Q), {rabbit_fifo, Function, []}),
          Count
        end,
        {Ask(query_messages_ready), Ask(query_messages_checked_out)};
      _ ->
        [{_, Ready}, {_, Unacknowledged}] = rabbit_amqqueue:info(Q, [messages_ready, messages_unacknowledged]),
        {Ready, Unacknowledged}
    end.`;
}
