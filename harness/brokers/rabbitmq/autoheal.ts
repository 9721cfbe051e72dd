// Whether autoheal has brought the sides of a partition together again, and what the vendor's guide says to do where it does not.
import type { Health, Node } from '../../model/cluster.ts';
import { isLeaderfallError } from '../../model/errors.ts';
import { evaluate } from './evaluate.ts';
import { healNodes, type HealOptions } from './heal.ts';

export interface ReuniteOptions extends HealOptions {
  /** Whether every queue has all its copies. */
  readonly copies: () => Promise<Health>;
  /** The node whose data is kept: the one that leads. */
  readonly trusted: () => Promise<Node>;
  /** How long autoheal is waited for. Default 75 000 ms: its second round comes a minute after a first that had to be given up. */
  readonly patienceMs?: number;
}

/**
 * Waits for autoheal; where that comes to no end, does by hand what the vendor's guide says: stop all nodes but a trusted one, start them
 * again, and restart the trusted one at last (https://www.rabbitmq.com/docs/3.13/partitions#recovering).
 * @returns what was done by hand, in words; null: nothing.
 */
export async function reunite(options: ReuniteOptions): Promise<string | null> {
  const { nodes, health, copies, trusted, onProgress, patienceMs = 75_000, signal } = options;
  const whole = () => firstProblem([health, () => noneParted(nodes, signal), copies]);
  const cause = await healNodes({ ...options, health: whole, timeoutMs: patienceMs }).then(() => null, (error: unknown) => timeoutIn(error, signal));
  if (cause === null) return null;
  const kept = await trusted();
  const done = `autoheal came to no end within ${patienceMs / 1_000} s (${cause}), so that ${kept.id} was trusted and all nodes were restarted by hand`;
  onProgress(done);
  const others = nodes.filter((node) => node !== kept);
  await Promise.all(others.map((node) => node.stop(signal)));
  await healNodes({ ...options, health: () => firstProblem([health, copies]) });
  await kept.stop(signal);
  await healNodes({ ...options, health: whole });
  return done;
}

/** By each node's own word: it goes on asking for autoheal whenever another comes up, as long as it counts itself parted from one. */
async function noneParted(nodes: readonly Node[], signal: AbortSignal): Promise<Health> {
  const counts = await Promise.all(nodes.map((node) => evaluate(node, expression, { timeoutMs: 5_000, signal })));
  const parted = nodes.filter((_, index) => counts[index] !== '0').map(({ id }) => id);
  return { healthy: parted.length === 0, detail: parted.length === 0 ? 'no node counts itself parted' : `${parted.join(', ')} still parted by its own word` };
}

const expression = 'integer_to_list(length(rabbit_node_monitor:partitions())).';

async function firstProblem(looks: readonly (() => Promise<Health>)[]): Promise<Health> {
  let health: Health = { healthy: true, detail: '' };
  for (const look of looks) {
    health = await look();
    if (!health.healthy) break;
  }
  return health;
}

/** What was seen last when autoheal's time ran out. @throws any other error, as where the signal ended the wait. */
function timeoutIn(error: unknown, signal: AbortSignal): string {
  if (signal.aborted || !isLeaderfallError(error) || error.code !== 'E_TIMEOUT') throw error;
  return error.message.slice(error.message.indexOf('last seen: ') + 'last seen: '.length);
}
