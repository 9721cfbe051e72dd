// Waits for a trigger: counts and time are the workforce's to tell, replicas in sync the watch's; whichever comes first.
import type { LeaderWatch, Sample } from '../chaos/leader-watch.ts';
import type { Trigger } from '../model/scenario.ts';
import type { Workforce } from './workforce.ts';

export interface Awaited {
  readonly fired: boolean;
  readonly detail: string;
}

export interface Observers {
  readonly workforce: Workforce;
  readonly watch: LeaderWatch;
  readonly nowNs: () => number;
}

/** Resolves once the trigger fires, after `timeoutMs`, or as soon as a worker has died. @throws the signal's reason. */
export async function awaitTrigger({ workforce, watch, nowNs }: Observers, { inSyncAtMost, ...counts }: Trigger, timeoutMs: number, signal: AbortSignal): Promise<Awaited> {
  if (inSyncAtMost === undefined) return await workforce.until(counts, timeoutMs, signal);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const shrunk = watch.next(nowNs(), (sample) => inSyncOf(sample) <= inSyncAtMost, either)
    .then((sample): Awaited | Promise<never> => (sample === null ? new Promise(() => {}) : { fired: true, detail: `${inSyncOf(sample)} in sync` }));
  const counted = workforce.until(counts, timeoutMs, either);
  counted.catch(() => {});
  try {
    return await Promise.race([shrunk, counted]);
  } finally {
    over.abort();
  }
}

const inSyncOf = ({ topology }: Sample): number => topology.partitions.find(({ partition }) => partition === 0)?.inSync.length ?? Infinity;
