// Who led each partition and who was in sync, as the broker said it: one state after the other.
import type { ReplicaState } from '../model/facts.ts';
import { toMs, type TimelineFacts } from './timeline-facts.ts';

/** Later ones are left out: a chart shows no more, and a record must stay small. */
export const mostStates = 2_000;

export function replicaStates({ leaders, inSync }: Pick<TimelineFacts, 'leaders' | 'inSync'>): readonly ReplicaState[] {
  const words = [
    ...leaders.map(({ timeNs, partition, to }) => ({ timeNs, partition, leader: to })),
    ...inSync.map(({ timeNs, partition, nodes }) => ({ timeNs, partition, inSync: nodes.toSorted() })),
  ].toSorted((a, b) => a.timeNs - b.timeNs || a.partition - b.partition);
  const last = new Map<number, ReplicaState>();
  const states: ReplicaState[] = [];
  for (const { timeNs, partition, ...word } of words) {
    const before = last.get(partition);
    const state: ReplicaState = { leader: null, inSync: null, ...before, ...word, timeMs: toMs(timeNs), partition };
    if (before !== undefined && same(before, state)) continue;
    last.set(partition, state);
    // What several words say of one moment is one state.
    if (before?.timeMs === state.timeMs) states.splice(states.lastIndexOf(before), 1);
    states.push(state);
  }
  return states.slice(0, mostStates);
}

const same = (a: ReplicaState, b: ReplicaState): boolean => a.leader === b.leader && String(a.inSync) === String(b.inSync) && (a.inSync === null) === (b.inSync === null);
