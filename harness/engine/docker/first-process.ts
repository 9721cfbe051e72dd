// When a container's processes have ended, seen without asking the engine: it tells only after it has taken down network and mounts.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 3;

/** The process numbered 1 in a container, as this machine numbers it. */
export interface FirstProcess {
  readonly pid: number;
  readonly containerId: string;
}

/**
 * Resolves once the process has been reaped. The kernel does that only after it has killed every other process of the container
 * (pid_namespaces(7)), so then nothing of it runs. Never resolves where the process cannot be seen from here, as with an engine in a
 * virtual machine or behind TCP, and stops looking when the signal aborts.
 */
export async function reaped({ pid, containerId }: FirstProcess, signal: AbortSignal): Promise<void> {
  if (!isOf(pid, containerId)) return await never();
  while (existsSync(`/proc/${pid}`)) {
    if (signal.aborted) return await never();
    await delay(lookEveryMs);
  }
}

/** A process of this machine may have the number that a virtual machine gave: its control group tells whose it is. */
function isOf(pid: number, containerId: string): boolean {
  try {
    return pid > 0 && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(containerId);
  } catch {
    return false;
  }
}

const never = (): Promise<never> => new Promise(() => {});
