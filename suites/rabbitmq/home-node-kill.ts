// A classic queue lives on one node, its home. A closed number of messages is published and the home is killed at once.
// Without confirms the publisher is done when the broker has read them, which is before they are on disk: 2 000 of 2 000 lost.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../sound.ts';

const closedCount = 2_000;
const producer = { persistent: true, connectTo: 'home', inFlight: 100, ratePerSecond: 500, resend: 'never' } as const;

// Consumers wait for the drain, so that every message is still the queue's to keep. Triggers count attempts: one twin has no acknowledgements.
const shared = {
  tags: ['demo', 'rabbitmq', 'kill'],
  cluster: { broker: 'rabbitmq' },
  destination: { type: 'classic', durable: true },
  consumer: { start: 'drain' },
  steady: { attempted: 200, elapsedMs: 10_000 },
  steps: [
    { wait: { attempted: 300, elapsedMs: 10_000 } },
    'quiesce',
    { publish: { count: closedCount, withinMs: 10_000 } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'kill' },
  ],
  sources: ['https://www.rabbitmq.com/docs/confirms', 'https://www.rabbitmq.com/docs/reliability', 'https://www.rabbitmq.com/docs/classic-queues'],
} as const satisfies Partial<ScenarioInput>;

export const noConfirmsHomeKill = defineScenario({
  ...shared,
  name: 'rabbitmq/classic-no-confirms/home-node-kill',
  title: 'Durable classic queue, persistent messages, no confirms; its home node is killed right after the publish',
  twin: 'rabbitmq/classic-confirms/home-node-kill',
  producer: { ...producer, confirms: false },
  contract: { ...sound, lost: 'required', stuck: 'forbidden', duplicated: 'forbidden' },
});

export const confirmsHomeKill = defineScenario({
  ...shared,
  name: 'rabbitmq/classic-confirms/home-node-kill',
  title: 'Durable classic queue, persistent messages, confirms; its home node is killed at the last confirm',
  twin: 'rabbitmq/classic-no-confirms/home-node-kill',
  producer: { ...producer, confirms: true },
  contract: { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'forbidden' },
});
