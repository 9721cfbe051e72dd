// What a confirm is worth while a classic queue's home is down: to every other node of 3.10 the queue is gone, the message is unroutable,
// and RabbitMQ confirms what it throws away. Both libraries pass that on as success; only `mandatory` tells the difference. Since 4.0 the
// queue is known and down, and the publish is refused.
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { sound } from '../contracts.ts';

const closedCount = 1_000;

const refused = {
  versions: ['4.0', '4.3'], because: 'Measured: 4.0.5 and 4.3.6 refuse such a publish (basic.nack); 3.10.8 confirmed it, and it was nowhere, 200 of 200.',
} as const;
const nothingLost = { lost: 'forbidden', indeterminate: { min: closedCount } } as const;

/** What was confirmed before the kill is on the home's disk and comes back with it: exactly the closed set is lost. */
const shared = {
  tags: ['client-truth', 'rabbitmq', 'full', 'kill'],
  cluster: { broker: 'rabbitmq', version: '3.10' },
  destination: { type: 'classic', durable: true },
  consumer: { start: 'drain' },
  steady: { attempted: 200, elapsedMs: 10_000 },
  steps: [
    { wait: { attempted: 300, elapsedMs: 10_000 } },
    'quiesce',
    { inject: 'kill', target: { leader: 0 } },
    { wait: { elapsedMs: 3_000 } },
    { publish: { count: closedCount, withinMs: 20_000 } },
    // Producers stay quiet until the home is back: what they published before would be gone as well.
    { heal: 'kill' },
  ],
  bounds: { healMs: 120_000, recoverMs: 120_000 },
  sources: ['https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed', 'https://www.rabbitmq.com/docs/publishers#unroutable'],
} as const satisfies Partial<ScenarioInput>;

const producer = { confirms: true, persistent: true, connectTo: 'other', inFlight: 32, ratePerSecond: 500, resend: 'never' } as const;
/** No twins: a thousand messages are lost under both, and only one of the two publishers hears of it. */
const nameOf = (driver: string, policy: string): string => `client-truth/${driver}-${policy}/home-down`;

function believed(driver: 'amqplib' | 'rabbitmq-client'): Scenario {
  return defineScenario({
    ...shared,
    name: nameOf(driver, 'confirms'),
    title: `${driver} publishes to a queue whose home is down: 3.10 confirms every message, and none of them is anywhere; 4.0 and later refuse them`,
    tags: shared.tags,
    producer: { ...producer, driver, mandatory: false },
    contract: { ...sound, lost: { equals: closedCount }, stuck: 'forbidden', duplicated: 'forbidden' },
    onVersions: [{ ...refused, contract: nothingLost }],
  });
}

function told(driver: 'amqplib' | 'rabbitmq-client'): Scenario {
  return defineScenario({
    ...shared,
    name: nameOf(driver, 'mandatory'),
    title: `${driver} with mandatory publishes to a queue whose home is down: on 3.10 every message comes back; 4.0 and later refuse them`,
    producer: { ...producer, driver, mandatory: true },
    contract: { ...sound, unroutable: { equals: closedCount }, lost: { equals: closedCount }, stuck: 'forbidden', duplicated: 'forbidden' },
    onVersions: [{ ...refused, contract: { ...nothingLost, unroutable: 'forbidden' } }],
  });
}

export const homeDown: readonly Scenario[] = [believed('amqplib'), told('amqplib'), believed('rabbitmq-client'), told('rabbitmq-client')];
