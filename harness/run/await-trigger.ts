// Waits for a trigger: counts and time are the workforce's to tell, replicas in sync the watch's; whichever comes first.
import type { LeaderWatch, Sample } from '../chaos/leader-watch.ts';
import { LeaderfallError } from '../model/errors.ts';
import type { Trigger } from '../model/scenario.ts';
import type { FaultMarks, Mark } from './fault-marks.ts';
import type { Workforce } from './workforce.ts';

export interface Awaited {
  readonly fired: boolean;
  readonly detail: string;
}

export interface Observers {
  readonly workforce: Workforce;
  readonly watch: LeaderWatch;
  readonly nowNs: () => number;
  readonly marks: FaultMarks;
}

/** Resolves once the trigger fires, after `timeoutMs`, or as soon as a worker has died. @throws the signal's reason; `E_SCENARIO_INVALID` where it counts from an edge that has not come. */
export async function awaitTrigger({ workforce, watch, nowNs, marks }: Observers, { inSyncAtMost, since, ...trigger }: Trigger, timeoutMs: number, signal: AbortSignal): Promise<Awaited> {
  const from = since === undefined ? null : markOf(marks, since);
  const counts = from === null ? trigger : lessElapsed(trigger, (nowNs() - from.timeNs) / 1e6);
  const before = from?.counters ?? workforce.counters;
  if (inSyncAtMost === undefined) return await workforce.until(counts, timeoutMs, signal, before);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const shrunk = watch.next(nowNs(), (sample) => inSyncOf(sample) <= inSyncAtMost, either)
    .then((sample): Awaited | Promise<never> => (sample === null ? new Promise(() => {}) : { fired: true, detail: `${inSyncOf(sample)} in sync` }));
  const counted = workforce.until(counts, timeoutMs, either, before);
  counted.catch(() => {});
  try {
    return await Promise.race([shrunk, counted]);
  } finally {
    over.abort();
  }
}

function markOf(marks: FaultMarks, since: NonNullable<Trigger['since']>): Mark {
  const mark = marks.of(since);
  if (mark === null) throw new LeaderfallError('E_SCENARIO_INVALID', `${since.fault} has not ${since.edge === 'begin' ? 'begun' : 'ended'} yet, so nothing can be counted from there`, { hint: 'Put the wait after the step that injects it, or heals it.' });
  return mark;
}

/** Time that has passed since the edge counts; where all of it has, the trigger fires at once. */
const lessElapsed = (trigger: Trigger, passedMs: number): Trigger =>
  (trigger.elapsedMs === undefined ? trigger : { ...trigger, elapsedMs: Math.max(0, Math.round(trigger.elapsedMs - passedMs)) });

const inSyncOf = ({ topology }: Sample): number => topology.partitions.find(({ partition }) => partition === 0)?.inSync.length ?? Infinity;
