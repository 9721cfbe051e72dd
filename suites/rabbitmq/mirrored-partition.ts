// Mirrored classic queues of 3.x in a partition: what two sides confirmed while each believed to be alone, by the way in which it is mended.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';
import { mirroredBaseline } from './mirrored-baseline.ts';

const because = 'RabbitMQ 4.0 removed mirrored classic queues: https://www.rabbitmq.com/blog/2024/08/28/quorum-queues-in-4.0';
/** Nodes count each other as down after 5 s of silence, and not after a minute. */
const properties = { net_ticktime: 5 };

/**
 * The node of the queue's leader is alone on its side, with a publisher; the other publisher and the consumers are on the other side, which
 * promotes a mirror. Consumers come with the drain: what the losing side confirmed is then in no queue and in nobody's hands.
 */
const shared = {
  tags: ['rabbitmq', 'full', 'mirrored', 'partition'],
  only: { versions: ['3.10'], because },
  destination: { type: 'classic', durable: true, mirrors: 'all', synchronise: 'automatic' },
  producer: { count: 3, confirms: true, persistent: true, connectTo: 'any', inFlight: 16, ratePerSecond: 300, resend: 'unknown' },
  consumer: { start: 'drain' },
  steady: { attempted: 200, elapsedMs: 10_000 },
  steps: [
    { wait: { attempted: 500, elapsedMs: 10_000 } },
    { inject: 'partition', target: { leader: 0 } },
    { wait: { elapsedMs: 24_000 } },
    { heal: 'partition' },
    { wait: { elapsedMs: 20_000 } },
  ],
  // Autoheal is given its second round, which begins a minute after the first, before it is helped by hand.
  bounds: { healMs: 240_000, recoverMs: 120_000 },
  sources: ['https://www.rabbitmq.com/docs/3.13/partitions#automatic-handling'],
} as const satisfies Partial<ScenarioInput>;

const cluster = { broker: 'rabbitmq', version: '3.10' } as const;
const fault = 'leader-isolated';

/** "The winning partition is the one which has the most clients connected": the nodes of the other restart, and give up what they alone had. */
export const mirroredAutoheal = defineScenario({
  ...shared,
  name: `rabbitmq/mirrored-autoheal/${fault}`,
  title: 'Mirrored queue, autoheal; its leader and one publisher are separated from the other nodes',
  tags: shared.tags,
  twin: `rabbitmq/mirrored-pause-minority/${fault}`,
  cluster: { ...cluster, properties: { ...properties, cluster_partition_handling: 'autoheal' } },
  contract: { ...sound, lost: 'required', stuck: 'forbidden', duplicated: 'allowed' },
});

/** A node without a majority stops serving, so that nothing is confirmed on its side. */
export const mirroredPauseMinority = defineScenario({
  ...shared,
  name: `rabbitmq/mirrored-pause-minority/${fault}`,
  title: 'Mirrored queue, pause_minority; its leader and one publisher are separated from the other nodes',
  twin: `rabbitmq/mirrored-autoheal/${fault}`,
  cluster: { ...cluster, properties: { ...properties, cluster_partition_handling: 'pause_minority' } },
  contract: { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed' },
});

export const partitionBaselines = (['autoheal', 'pause_minority'] as const).map((handling) => mirroredBaseline({
  name: `rabbitmq/mirrored-${handling.replace('_', '-')}/baseline`,
  title: `Mirrored queue, ${handling}; nothing goes wrong`,
  cluster: { ...cluster, properties: { ...properties, cluster_partition_handling: handling } },
  only: shared.only,
  destination: shared.destination,
  producer: { ...shared.producer, resend: 'never' },
  sources: shared.sources,
}));
