// Brings nodes back after faults: unpauses, starts what exited one after the other, and starts a node that exits once more.
import type { Health, Node } from '../../model/cluster.ts';
import { type LeaderfallError, isLeaderfallError } from '../../model/errors.ts';
import { type Observation, waitUntil } from '../../model/wait.ts';
import { nodeFailed } from './node-failed.ts';

export interface HealOptions {
  readonly nodes: readonly Node[];
  /** The cluster's own view of itself. */
  readonly health: () => Promise<Health>;
  readonly onProgress: (message: string) => void;
  /** Default 300 000 ms: the caller's signal ends it earlier, and this only keeps a heal without one from waiting for ever. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

const healTimeoutMs = 300_000;
/** On Mnesia, nodes that were all killed at once may need a second start; more than that is a fault of its own. */
const startsPerNode = 3;

/** Idempotent. @throws LeaderfallError `E_NODE_FAILED` when a node exits again and again, `E_TIMEOUT`. */
export async function healNodes({ nodes, health, onProgress, timeoutMs = healTimeoutMs, signal }: HealOptions): Promise<void> {
  const starts = new Map<string, number>();
  const look = async (): Promise<Observation<LeaderfallError | null>> => {
    const failure = await revive(nodes, starts, onProgress, signal);
    if (failure !== null) return { done: true, value: failure };
    const { healthy, detail } = await health();
    return healthy ? { done: true, value: null } : { done: false, seen: detail };
  };
  const failure = await waitUntil(look, { describe: 'all RabbitMQ nodes to run again', timeoutMs, signal, intervalMs: 200 });
  if (isLeaderfallError(failure)) throw failure;
}

/**
 * Starts do not wait for readiness: a node that was not the last to stop waits for its peers while it boots, so waiting for each in
 * turn would never end.
 */
async function revive(nodes: readonly Node[], starts: Map<string, number>, onProgress: HealOptions['onProgress'], signal: AbortSignal): Promise<LeaderfallError | null> {
  for (const node of nodes) {
    const { status, exitCode } = await node.state(signal);
    if (status === 'paused') await node.unpause(signal);
    if (status !== 'exited') continue;
    const started = starts.get(node.id) ?? 0;
    if (started >= startsPerNode) return nodeFailed(node, exitCode, await node.lastLogLines(100));
    if (started > 0) onProgress(`${node.id} exited while it started and is started once more`);
    starts.set(node.id, started + 1);
    await node.start(signal);
  }
  return null;
}
