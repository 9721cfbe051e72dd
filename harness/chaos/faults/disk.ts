// What storage faults share: a node with the disk that it keeps its data on, and the way back for both.
import type { Node, NodeDisk, NodeState } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { nodesOf, onEach, type ActiveFault, type FaultContext, type Proof } from '../fault.ts';
import { startAgain } from './life.ts';

export interface Stored {
  readonly node: Node;
  readonly disk: NodeDisk;
  /** As it was before the fault. */
  readonly before: NodeState;
}

/** @throws LeaderfallError `E_CAPABILITY` where the node has no disk of its own, or keeps its data elsewhere. */
export async function storedOf(node: Node, signal: AbortSignal): Promise<Stored> {
  const { disk } = node;
  const hint = 'A cluster has such disks where a storage fault is among its scenario\'s steps.';
  if (disk === undefined) throw new LeaderfallError('E_CAPABILITY', `not runnable here: ${node.id} has no disk of its own`, { hint });
  if (await disk.isEmpty()) throw new LeaderfallError('E_CAPABILITY', `not runnable here: ${node.id} has written nothing to its own disk, so the engine does not see it`, { hint: 'The engine must share the mounts of this machine.' });
  return { node, disk, before: await node.state(signal) };
}

/** The disk takes writes and the node runs. Idempotent: a disk that works is left alone, and so is a node that runs on it. */
export async function bringBack({ node, disk }: Pick<Stored, 'node' | 'disk'>, signal: AbortSignal): Promise<void> {
  if (!(await disk.tryWrite()).ok) {
    signal.throwIfAborted();
    const { status } = await node.state(signal);
    if (status === 'running' || status === 'paused') await node.kill(signal);
    signal.throwIfAborted();
    await disk.remount();
    const { ok, detail } = await disk.tryWrite();
    if (!ok) throw new LeaderfallError('E_NODE_FAILED', `The disk of ${node.id} cannot be written after it was mounted again: ${detail}`, { hint: 'Its cluster is removed; run the scenario again.' });
  }
  signal.throwIfAborted();
  await startAgain(node, signal);
}

export interface DiskFault {
  strike(stored: Stored, signal: AbortSignal): Promise<void>;
  prove(stored: Stored, signal: AbortSignal): Promise<Proof>;
  heal(stored: Stored, signal: AbortSignal): Promise<void>;
}

/** On every victim's disk. */
export function onEachDisk(context: FaultContext, { strike, prove, heal }: DiskFault): Promise<ActiveFault> {
  return onEach(nodesOf(context), async (node) => {
    const stored = await storedOf(node, context.signal);
    context.healWith((signal) => heal(stored, signal));
    await strike(stored, context.signal);
    return { prove: (signal) => prove(stored, signal) };
  });
}

/** The one reason for which a write must fail now. */
export async function provedRefused({ node, disk }: Stored, code: string): Promise<Proof> {
  const { ok, detail } = await disk.tryWrite();
  return { ok: !ok && detail.includes(code), detail: `${node.id}: ${detail}` };
}
