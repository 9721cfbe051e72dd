// Looks at the process table and at a run's timeline, so that tests can strike real processes and see that none is left.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimelineEntry } from '../../model/timeline.ts';
import { waitUntil } from '../../model/wait.ts';

/** Process ids whose parent is `parent`, from /proc (Linux). */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** The embedded broker's own process among the children. */
export const serverAmong = (pids: readonly number[]): number | undefined => pids.find((pid) => commandLineOf(pid).includes('brokers/memory/server'));

const commandLineOf = (pid: number): string => (existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '');

/** Where the embedded broker listens, from its own command line. */
export const socketOf = (pid: number): string => commandLineOf(pid).split('\0').find((word) => word.endsWith('.sock'))!;

/** A zombie has ended: only its parent has not looked yet. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

export async function allEnded(pids: readonly number[], timeoutMs: number): Promise<void> {
  await waitUntil(async () => {
    const left = pids.filter(isAlive);
    return left.length === 0 ? { done: true, value: undefined } : { done: false, seen: left.map((pid) => `${pid} ${commandLineOf(pid).replaceAll('\0', ' ')}`).join('; ') };
  }, { describe: 'every process of the run to end', timeoutMs, intervalMs: 50, signal: new AbortController().signal });
}

export const readTimelineOf = (folder: string): readonly TimelineEntry[] =>
  readFileSync(join(folder, 'timeline.ndjson'), 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as TimelineEntry);

/** As the timeline recorded it when the worker started. */
export function workerPid(folder: string, worker: string): number {
  const started = readTimelineOf(folder).find((entry) => entry.type === 'worker' && entry.worker === worker && entry.edge === 'started');
  return Number(/^process (\d+)$/.exec(started?.type === 'worker' ? started.detail : '')![1]);
}
