// The leader of a partition freezes for longer than a request may take, and stores what it was sent when it thaws: what a producer's
// sequence numbers are for.
import type { ScenarioInput } from '../../harness/scenario/input.ts';

export const frozenFor = (elapsedMs: number) => [
  { wait: { attempted: 200, elapsedMs: 10_000 } },
  { inject: 'pause', target: { leader: 0 } },
  { wait: { elapsedMs } },
  { heal: 'pause' },
  { wait: { attempted: 300, elapsedMs: 10_000 } },
] as const satisfies ScenarioInput['steps'];

/** One replica each, so that nobody can take over and only the client decides. Frozen for less than the broker's session: it stays the leader. */
export const frozenLeader = {
  tags: ['client-truth', 'kafka', 'full', 'pause', 'idempotent'],
  cluster: { broker: 'kafka', properties: { 'broker.session.timeout.ms': '9000' } },
  destination: { replicationFactor: 1, minInsyncReplicas: 1 },
  steady: { attempted: 200, elapsedMs: 20_000 },
  steps: frozenFor(4_000),
} as const satisfies Partial<ScenarioInput>;
