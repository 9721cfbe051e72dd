// What faults that end a process share: the evidence that it died, and the way back.
import type { Node, NodeState } from '../../model/cluster.ts';
import type { Proof } from '../fault.ts';

/** The same life that was seen running before must have ended: not another one, and not one that was dead already. */
export async function provedExited(node: Node, before: NodeState, signal: AbortSignal): Promise<Proof> {
  const now = await node.state(signal);
  if (before.status !== 'running' && before.status !== 'paused') return { ok: false, detail: `${node.id} was ${before.status} before the fault` };
  if (now.startedAt !== before.startedAt) return { ok: false, detail: `${node.id} has been started again since` };
  return { ok: now.status === 'exited', detail: `${node.id} (process ${before.pid}) is ${now.status}, exit code ${now.exitCode}` };
}

export async function startAgain(node: Node, signal: AbortSignal): Promise<void> {
  const { status } = await node.state(signal);
  if (status === 'exited') await node.start(signal);
}
