// What one node knows of a queue without asking another: who leads it, and which nodes it is connected to.
import type { Node, NodeId } from '../../model/cluster.ts';
import { erlangQueue, evaluate } from './evaluate.ts';
import { fromErlangName } from './home-node.ts';

export interface LocalView {
  /** Leader or home, as recorded; it may be gone. */
  readonly leader: NodeId;
  readonly term: number | null;
  /** This node and those that it is connected to. A frozen node stays among them for up to a minute (net_ticktime). */
  readonly running: readonly NodeId[];
}

export async function localView(node: Node, queue: string, signal: AbortSignal): Promise<LocalView> {
  const text = await evaluate(node, expression(queue), { timeoutMs: 4_000, signal });
  const [leader, term, ...running] = text.split(' ').filter((word) => word !== '');
  return { leader: fromErlangName(leader!), term: Number(term) > 0 ? Number(term) : null, running: running.map(fromErlangName) };
}

/**
 * Its own quorum member may know a new leader before the cluster's record does, which needs a majority of its own to change.
 * `ra:key_metrics` came with 4.0; before, the term is unknown.
 */
const expression = (queue: string): string => `
  {ok, Q} = rabbit_amqqueue:lookup(${erlangQueue(queue)}),
  {Leader, Term} = case amqqueue:get_pid(Q) of
    {Name, Recorded} ->
      Known = case ra_leaderboard:lookup_leader(Name) of {_, Elected} -> Elected; _ -> Recorded end,
      {Known, try maps:get(term, ra:key_metrics({Name, node()})) catch _:_ -> 0 end};
    Pid -> {node(Pid), 0}
  end,
  lists:flatten([io_lib:format("~s ~b", [Leader, Term]), [[" ", atom_to_list(N)] || N <- [node() | nodes()]]]).`;
