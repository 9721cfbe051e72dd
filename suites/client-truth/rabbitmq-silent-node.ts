// A publisher whose node falls silent while its connection stays open. Neither library has a deadline for a confirm: with the heartbeat
// that the broker proposes, 60 s, a publish waits for as long as the node is frozen.
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { sound } from '../contracts.ts';

const frozenMs = 20_000;
type Driver = 'amqplib' | 'rabbitmq-client';

const shared = {
  tags: ['client-truth', 'rabbitmq', 'full', 'pause'],
  cluster: { broker: 'rabbitmq' },
  destination: { type: 'quorum' },
  steady: { attempted: 200, elapsedMs: 10_000 },
  steps: [
    { wait: { attempted: 1_000, elapsedMs: 15_000 } },
    // The publisher's node: clients that stay away from the leader on the first node begin with the second.
    { inject: 'pause', target: { node: 'rabbitmq-2' } },
    { wait: { elapsedMs: frozenMs } },
    { heal: 'pause' },
    { wait: { attempted: 300, elapsedMs: 15_000 } },
  ],
  sources: ['https://www.rabbitmq.com/docs/heartbeats', 'https://github.com/amqp-node/amqplib/issues/419'],
} as const satisfies Partial<ScenarioInput>;

const producer = { confirms: true, connectTo: 'other', confirmTimeoutMs: 40_000, inFlight: 32, ratePerSecond: 500, resend: 'unknown' } as const;
const contract = { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' } as const;
const nameOf = (driver: Driver, heartbeat: string): string => `client-truth/${driver}-${heartbeat}/node-frozen`;

const patient = (driver: Driver): Scenario => defineScenario({
  ...shared,
  name: nameOf(driver, 'default-heartbeat'),
  title: `${driver} with the broker's heartbeat of 60 s stays with a frozen node until it thaws`,
  twin: nameOf(driver, 'short-heartbeat'),
  producer: { ...producer, driver, heartbeatSeconds: 60 },
  contract: { ...contract, unavailableMs: { min: frozenMs - 2_000 } },
});

const attentive = (driver: Driver): Scenario => defineScenario({
  ...shared,
  name: nameOf(driver, 'short-heartbeat'),
  title: `${driver} with a heartbeat of 2 s gives a frozen node up and goes on with another`,
  twin: nameOf(driver, 'default-heartbeat'),
  producer: { ...producer, driver, heartbeatSeconds: 2 },
  contract: { ...contract, unavailableMs: { max: frozenMs - 5_000 } },
});

export const silentNode: readonly Scenario[] = [patient('amqplib'), attentive('amqplib'), patient('rabbitmq-client'), attentive('rabbitmq-client')];
