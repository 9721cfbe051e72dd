// A message's story in the order of time, with what happened around it: strikes, healing, changes of leader.
import type { Facts } from '../../../harness/model/facts.ts';
import { formatDuration } from '../../summary/format.ts';

export interface Chapter {
  /** null: not bound to a moment, such as what the audit found. */
  readonly timeMs: number | null;
  readonly words: string;
  /** `message`: it happened to the message itself. */
  readonly of: 'message' | 'fault' | 'leader';
}

/** What lies this much before or after a message's own events still belongs to its story. */
const marginMs = 1000;

/** `story`: clauses in the checker's words, separated by semicolons, each with its moment where it has one. */
export function chaptersOf(story: string, facts: Facts): readonly Chapter[] {
  const own = story.split(/;\s+/).filter((clause) => clause.trim() !== '').map((words): Chapter => ({ timeMs: momentOf(words), words, of: 'message' }));
  if (own.length === 0) return [{ timeMs: null, words: story, of: 'message' }];
  const times = own.flatMap(({ timeMs }) => timeMs ?? []);
  if (times.length === 0) return own;
  const [from, to] = [Math.min(...times) - marginMs, Math.max(...times) + marginMs];
  const around = [...faultChapters(facts), ...leaderChapters(facts, partitionOf(story))].filter(({ timeMs }) => timeMs !== null && timeMs >= from && timeMs <= to);
  const timed = [...own.filter(({ timeMs }) => timeMs !== null), ...around].toSorted((a, b) => a.timeMs! - b.timeMs!);
  return [...timed, ...own.filter(({ timeMs }) => timeMs === null)];
}

/** "acknowledged at 12.402 s", "sent 7 times between 6.345 s and 7.298 s": where it begins. */
function momentOf(words: string): number | null {
  const found = /\b(?:at|between) (\d+(?:\.\d+)?) s\b/.exec(words);
  return found === null ? null : Number(found[1]) * 1000;
}

const partitionOf = (story: string): number => Number(/\bpartition (\d+)/.exec(story)?.[1] ?? 0);

function faultChapters({ faults }: Facts): readonly Chapter[] {
  return faults.flatMap(({ fault, nodes, struckMs, healedMs }) => [
    { timeMs: struckMs, words: `${fault} struck ${nodes.join(', ')}`, of: 'fault' as const },
    { timeMs: healedMs, words: `${fault} of ${nodes.join(', ')} healed`, of: 'fault' as const },
  ]);
}

const leaderChapters = ({ leaderChanges }: Facts, partition: number): readonly Chapter[] =>
  leaderChanges.filter((change) => change.partition === partition).map(({ timeMs, from, to }) => ({ timeMs, words: `leader of partition ${partition}: ${from ?? 'nobody'} → ${to ?? 'nobody'}`, of: 'leader' as const }));

/** Who led a partition at a moment; null where nobody did or nothing is known. */
export function leaderAt({ leaderChanges }: Facts, partition: number, timeMs: number): string | null {
  const own = leaderChanges.filter((change) => change.partition === partition).toSorted((a, b) => a.timeMs - b.timeMs);
  const last = own.findLast((change) => change.timeMs <= timeMs);
  return last === undefined ? (own[0]?.from ?? null) : last.to;
}

/** "312 ms after kill struck kafka-2", against the fault that struck last before it. */
export function sinceStrike({ faults }: Facts, timeMs: number): string {
  const before = faults.filter(({ struckMs }) => struckMs !== null && struckMs <= timeMs).toSorted((a, b) => a.struckMs! - b.struckMs!).at(-1);
  return before === undefined ? '' : `${formatDuration(timeMs - before.struckMs!)} after ${before.fault} struck`;
}
