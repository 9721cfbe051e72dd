// What faults that end a process share: the evidence that it died, and the way back.
import type { Life, NodeState } from '../../model/cluster.ts';
import type { Proof } from '../fault.ts';

/** The same life that was seen running before must have ended: not another one, and not one that was dead already. */
export async function provedExited(life: Life, before: NodeState, signal: AbortSignal): Promise<Proof> {
  const now = await life.state(signal);
  if (before.status !== 'running' && before.status !== 'paused') return { ok: false, detail: `${life.id} was ${before.status} before the fault` };
  if (now.startedAt !== before.startedAt) return { ok: false, detail: `${life.id} has been started again since` };
  return { ok: now.status === 'exited', detail: `${life.id} (process ${before.pid}) is ${now.status}, exit code ${now.exitCode}` };
}

export async function startAgain(life: Life, signal: AbortSignal): Promise<void> {
  const { status } = await life.state(signal);
  if (status === 'exited') await life.start(signal);
}
