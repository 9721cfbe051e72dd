// The leader of a quorum queue is killed mid-stream and restarted.
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../sound.ts';

/**
 * Confirms, manual acknowledgement, and unknowns published again: loss is excluded, repetition is the price.
 * The longest confirm gap was 0.2 to 0.9 s with the publisher on another node, up to 7.3 s on the leader; the contract is generous about it.
 */
export const quorumLeaderKill = defineScenario({
  name: 'rabbitmq/quorum-confirms/leader-kill',
  title: 'Quorum queue with confirms and manual acknowledgement; the queue leader is killed mid-stream',
  tags: ['demo', 'rabbitmq', 'kill'],
  cluster: { broker: 'rabbitmq' },
  destination: { type: 'quorum' },
  producer: { confirms: true, persistent: true, inFlight: 32, ratePerSecond: 500, resend: 'unknown' },
  consumer: { settle: 'after-processing', prefetch: 50 },
  steady: { acknowledged: 300 },
  steps: [
    { wait: { acknowledged: 1_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { wait: { acknowledged: 500, elapsedMs: 20_000 } },
    { heal: 'kill' },
  ],
  contract: {
    ...sound,
    lost: 'forbidden',
    stuck: 'forbidden',
    unroutable: 'forbidden',
    duplicated: 'allowed',
    redelivered: 'allowed',
    republished: 'allowed',
    reordered: 'allowed',
    unavailableMs: { max: 30_000 },
  },
  sources: ['https://www.rabbitmq.com/docs/quorum-queues', 'https://www.rabbitmq.com/docs/confirms'],
});
