// The leader is killed while its followers are behind: the exact form of what acks=1 risks. A plain kill has no power here,
// for the followers keep up (0 of 5 575 lost); with replication cut first, every acknowledged message of the cut is lost.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../sound.ts';

// The publish must end well within replica.lag.time.max.ms (30 s): until then the followers count as in sync and one of them is elected.
// Retries outlast the election, so that an acks=all attempt that waits in the cut can still be acknowledged by the new leader.
const producer = { idempotent: false, inFlight: 16, batch: 10, ratePerSecond: 1_000, retries: 20, resend: 'never' } as const;

const shared = {
  tags: ['demo', 'kafka', 'replication-cut', 'kill'],
  cluster: { broker: 'kafka' },
  destination: { partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 },
  steady: { attempted: 300, elapsedMs: 20_000 },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { publish: { count: 1_000, withinMs: 5_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'cut' },
    'resume',
    { wait: { acknowledged: 300, elapsedMs: 15_000 } },
    { heal: 'kill' },
  ],
  sources: [
    'https://kafka.apache.org/documentation/#producerconfigs_acks',
    'https://kafka.apache.org/documentation/#design_replicatedlog',
    'https://kafka.apache.org/documentation/#brokerconfigs_replica.lag.time.max.ms',
  ],
} as const satisfies Partial<ScenarioInput>;

/** The leader's word alone: what only it had is gone, all of it and nothing else. */
export const acksOneBehind = defineScenario({
  ...shared,
  name: 'kafka/acks-1/leader-kill-behind',
  title: 'acks=1; the leader is killed while its followers have not fetched the last 1 000 messages',
  twin: 'kafka/acks-all/leader-kill-behind',
  producer: { ...producer, acks: 1 },
  contract: { ...sound, lost: { equals: 'exposed' }, stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});

/** Nothing is acknowledged before the followers have it, so nothing that was acknowledged can go. */
export const acksAllBehind = defineScenario({
  ...shared,
  name: 'kafka/acks-all/leader-kill-behind',
  title: 'acks=all; the leader is killed while its followers have not fetched the last messages',
  twin: 'kafka/acks-1/leader-kill-behind',
  producer: { ...producer, acks: 'all' },
  // Not idempotent: an attempt that was stored and not answered is stored again by the library's retry.
  contract: { ...sound, lost: 'forbidden', erased: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
});
