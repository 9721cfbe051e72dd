// A stream by its own counters: how far each member's log reaches, what is committed, and how far its readers are.
import type { AuditPositions, Drained, Health, Node, NodeId } from '../../model/cluster.ts';
import { erlangQueue, evaluate } from './evaluate.ts';
import { fromErlangName } from './home-node.ts';

export interface StreamMember {
  readonly node: NodeId;
  readonly writer: boolean;
  /** Offset of its last record; -1 where it has none. */
  readonly last: number;
  /** What it knows to be on a majority: an offset in the last such chunk (its first on 3.10, its last since); -1 where there is none. */
  readonly committed: number;
  readonly first: number;
}

/** One consumer over AMQP 0-9-1. */
export interface StreamReader {
  /** Offset that it reads next. */
  readonly next: number;
  /** Deliveries on its channel that were not acknowledged: they are what holds back the rest. */
  readonly unacknowledged: number;
}

export interface StreamStatus {
  readonly members: readonly StreamMember[];
  readonly readers: readonly StreamReader[];
}

/** @throws what the node said when it cannot answer. */
export async function streamStatus(node: Node, queue: string, signal: AbortSignal): Promise<StreamStatus> {
  const lines = (await evaluate(node, expression(queue), { timeoutMs: 15_000, signal })).split(';').map((line) => line.split(' '));
  return {
    members: lines.filter(([kind]) => kind === 'member').map(([, name, role, last, committed, first]) => ({
      node: fromErlangName(name!), writer: role === 'writer', last: numberOf(last), committed: numberOf(committed), first: Math.max(0, numberOf(first)),
    })),
    readers: lines.filter(([kind]) => kind === 'reader').map(([, next, unacknowledged]) => ({ next: numberOf(next), unacknowledged: numberOf(unacknowledged) })),
  };
}

const numberOf = (word: string | undefined): number => (Number.isInteger(Number(word)) ? Number(word) : -1);

/**
 * True when every expected member is up and its log reaches `upTo`.
 * @param upTo `commit`: all that is on a majority, the meaning of "in sync" under traffic. `end`: the writer's whole log.
 */
export function judgeStream({ members }: StreamStatus, expected: readonly NodeId[], upTo: 'commit' | 'end'): Health {
  const writer = members.find((member) => member.writer);
  if (writer === undefined) return { healthy: false, detail: 'the stream has no writer' };
  const goal = upTo === 'end' ? writer.last : writer.committed;
  const missing = expected.flatMap((node) => {
    const member = members.find((candidate) => candidate.node === node);
    if (member === undefined) return [`${node} has no replica`];
    return member.last >= goal ? [] : [`${node} is at ${member.last} of ${goal}`];
  });
  return missing.length === 0
    ? { healthy: true, detail: `${expected.length} members hold the stream up to ${goal}` }
    : { healthy: false, detail: missing.join(', ') };
}

/** Each reader has read to the end, and nothing that it was sent is held back: then all of it was delivered. */
export function judgeReaders({ members, readers }: StreamStatus): Drained {
  const writer = members.find((member) => member.writer);
  if (writer === undefined) return { done: false, detail: 'the stream has no writer' };
  const end = writer.last + 1;
  const detail = readers.map(({ next, unacknowledged }) => `read to ${next} of ${end}, ${unacknowledged} unacknowledged`).join('; ');
  const done = readers.length > 0 && readers.every(({ next, unacknowledged }) => next >= end && unacknowledged === 0);
  return { done, detail: detail === '' ? 'no consumers' : detail };
}

/**
 * The broker keeps no position for a consumer over AMQP 0-9-1. Only committed records can be read: the end is reached once all of them are.
 * null: there is no writer, so nobody knows the end.
 */
export function positionsOf({ members }: StreamStatus): AuditPositions | null {
  const writer = members.find((member) => member.writer);
  return writer === undefined ? null : { partitions: [{ partition: 0, committed: null, start: writer.first, end: writer.last + 1 }] };
}

/**
 * The counters of every node that can be reached. The stream coordinator would say the same, but on 4.3.6 it does not run on a node that
 * was killed and started again. Of a node that has several, the one of the highest epoch speaks. A reader's key ends with its channel,
 * after the consumer's tag where the version has that (4.x; not 3.10).
 */
const expression = (queue: string): string => `
  Name = ${erlangQueue(queue)},
  Counters = [{N, M} || N <- [node() | nodes()], M <- [rpc:call(N, osiris_counters, overview, [], 3000)], is_map(M)],
  Members = lists:append([
    case lists:sort([{maps:get(epoch, C, 0), Kind, C} || {{Kind, Of}, C} <- maps:to_list(M), Of =:= Name, lists:member(Kind, [osiris_writer, osiris_replica])]) of
      [] -> [];
      Found -> {Epoch, Role, C} = lists:last(Found), [{Epoch, Role, N, C}]
    end || {N, M} <- Counters]),
  Newest = lists:max([0 | [Epoch || {Epoch, osiris_writer, _, _} <- Members]]),
  Role = fun(osiris_writer, Epoch) when Epoch =:= Newest -> writer; (_, _) -> replica end,
  Told = [io_lib:format("member ~s ~s ~p ~p ~p;", [N, Role(Kind, Epoch), maps:get(offset, C, -1), maps:get(committed_offset, C, -1), maps:get(first_offset, C, 0)])
    || {Epoch, Kind, N, C} <- Members],
  Unacknowledged = fun(N, Channel) ->
    case rpc:call(N, rabbit_channel, info, [Channel, [messages_unacknowledged]], 3000) of [{_, Count}] -> Count; _ -> -1 end
  end,
  Readers = [io_lib:format("reader ~p ~p;", [maps:get(offset, C), Unacknowledged(N, element(tuple_size(Key), Key))])
    || {N, M} <- Counters, {Key, C} <- maps:to_list(M), element(1, Key) =:= rabbit_stream_queue, element(2, Key) =:= Name],
  lists:flatten([Told, Readers]).`;
