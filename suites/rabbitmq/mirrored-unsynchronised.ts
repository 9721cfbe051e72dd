// Mirrored classic queues, which 3.x has and 4.0 removed: what becomes of a queue whose only mirror lacks messages when its leader dies.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';
import { mirroredBaseline } from './mirrored-baseline.ts';

const closedCount = 2_000;
const because = 'RabbitMQ 4.0 removed mirrored classic queues: https://www.rabbitmq.com/blog/2024/08/28/quorum-queues-in-4.0';

/**
 * Two copies on three nodes. The mirror is killed, so that the third node gets one, and with manual synchronisation that one has nothing
 * of what was in the queue. Then the leader is killed. Consumers wait for the drain, so that every message is still the queue's to keep.
 */
const shared = {
  tags: ['rabbitmq', 'full', 'mirrored', 'kill'],
  cluster: { broker: 'rabbitmq', version: '3.10' },
  only: { versions: ['3.10'], because },
  consumer: { start: 'drain' },
  producer: { confirms: true, persistent: true, connectTo: 'home', inFlight: 100, ratePerSecond: 500, resend: 'never' },
  steady: { attempted: 200, elapsedMs: 10_000 },
  steps: [
    { wait: { attempted: 300, elapsedMs: 10_000 } },
    'quiesce',
    { publish: { count: closedCount, withinMs: 20_000 } },
    { inject: 'kill', as: 'kill-mirror', target: { follower: 0 } },
    // Whether the new mirror is there is not a count; it was made within 0.9 s of the kill.
    { wait: { elapsedMs: 4_000 } },
    { inject: 'kill', as: 'kill-leader', target: { leader: 0 } },
    { wait: { elapsedMs: 3_000 } },
    { heal: 'kill-leader' },
    { heal: 'kill-mirror' },
  ],
  bounds: { healMs: 120_000, recoverMs: 120_000 },
  sources: ['https://www.rabbitmq.com/docs/3.13/ha#promotion-while-down', 'https://www.rabbitmq.com/docs/3.13/ha#unsynchronised-mirrors'],
} as const satisfies Partial<ScenarioInput>;

const destination = { type: 'classic', durable: true, mirrors: 2, synchronise: 'manual' } as const;

/** "Messages that only existed on the leader will be lost": everything confirmed before the new mirror came, the closed set and what went before. */
export const mirroredAlways = defineScenario({
  ...shared,
  name: 'rabbitmq/mirrored-promote-always/unsynchronised-mirror',
  title: 'Mirrored queue that promotes any mirror; its leader is killed while the only mirror lacks what was in the queue',
  tags: shared.tags,
  twin: 'rabbitmq/mirrored-promote-when-synced/unsynchronised-mirror',
  destination: { ...destination, promoteOnFailure: 'always' },
  contract: { ...sound, lost: { min: closedCount }, stuck: 'forbidden', duplicated: 'forbidden' },
});

/** The queue is down until its old leader is back, and then has everything. */
export const mirroredWhenSynced = defineScenario({
  ...shared,
  name: 'rabbitmq/mirrored-promote-when-synced/unsynchronised-mirror',
  title: 'Mirrored queue that promotes synchronised mirrors only; its leader is killed while the only mirror lacks what was in the queue',
  twin: 'rabbitmq/mirrored-promote-always/unsynchronised-mirror',
  destination: { ...destination, promoteOnFailure: 'when-synced' },
  contract: { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'forbidden' },
});

export const mirroredBaselines = (['always', 'when-synced'] as const).map((promoteOnFailure) => mirroredBaseline({
  name: `rabbitmq/mirrored-promote-${promoteOnFailure}/baseline`,
  title: `Mirrored queue that promotes ${promoteOnFailure === 'always' ? 'any mirror' : 'synchronised mirrors only'}; nothing goes wrong`,
  cluster: shared.cluster,
  only: shared.only,
  destination: { ...destination, promoteOnFailure },
  producer: { ...shared.producer, inFlight: 32 },
  sources: shared.sources,
}));
