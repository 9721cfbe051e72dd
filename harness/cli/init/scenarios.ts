// The first scenario that `init` writes, for each broker: short, with what to change next said beside it.
import type { BrokerName } from '../../model/cluster.ts';

const schemaLine = '# yaml-language-server: $schema=../node_modules/leaderfall/docs/schemas/scenario.schema.json';

const memory = `${schemaLine}
# A server that keeps requests in its own process is killed in the middle of the traffic. It runs anywhere, without a container engine:
#   npx leaderfall run
# The two scenarios are twins: they differ in one field. The safe one must lose nothing; the unsafe one must lose, or the kill had no power.
# For your own cluster: npx leaderfall init --broker kafka, or --broker rabbitmq. Every field: node_modules/leaderfall/docs/scenarios.md
- name: orders/answer-after-processing/crash
  title: Orders are answered once they are processed, and clients send again what was not answered
  twin: orders/answer-on-accept/crash
  cluster: &cluster { broker: memory }
  destination: { answer: after-processing }
  producer: &producer { inFlight: 64, ratePerSecond: 600, resend: unknown, timeoutMs: 2000 }
  consumer: &consumer { prefetch: 16, handlerMs: 3 }
  steps: &steps
    - wait: { attempted: 900, elapsedMs: 15000 }
    - inject: kill
      target: { node: memory-1 }
    - heal: kill
    - wait: { attempted: 300, elapsedMs: 10000 }
  contract: at-least-once

- name: orders/answer-on-accept/crash
  title: Orders are answered as soon as they are queued in memory
  twin: orders/answer-after-processing/crash
  cluster: *cluster
  destination: { answer: on-accept }
  producer: *producer
  consumer: *consumer
  steps: *steps
  contract: must-lose
`;

const kafka = `${schemaLine}
# Followers stop fetching, 1,000 messages are published, and the leader is killed: what it alone had is gone.
# The two scenarios are twins: they differ in acks alone. acks=all must lose nothing; acks=1 must lose exactly the exposed messages.
# Put your own server.properties beside this file and name it below. Every field: node_modules/leaderfall/docs/scenarios.md
- name: orders/acks-all/leader-kill-behind
  title: Our orders with acks=all; the leader is killed while its followers are behind
  twin: orders/acks-1/leader-kill-behind
  cluster: &cluster
    broker: kafka
    version: 4.1
    # propertiesFile: ./server.properties
  destination: &destination { partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 }
  producer: { acks: all, inFlight: 16, batch: 10, ratePerSecond: 1000 }
  steps: &steps
    - wait: { attempted: 500, elapsedMs: 10000 }
    - quiesce
    - inject: replication-cut
      as: cut
      target: { leader: 0 }
    - publish: { count: 1000, withinMs: 5000 }
    - inject: kill
      target: { leader: 0 }
    - heal: cut
    - resume
    - wait: { acknowledged: 300, elapsedMs: 15000 }
    - heal: kill
  contract: at-least-once
  sources: &sources ["https://kafka.apache.org/documentation/#producerconfigs_acks"]

- name: orders/acks-1/leader-kill-behind
  title: The same orders with acks=1
  twin: orders/acks-all/leader-kill-behind
  cluster: *cluster
  destination: *destination
  producer: { acks: 1, inFlight: 16, batch: 10, ratePerSecond: 1000 }
  steps: *steps
  contract: must-lose-exposed
  sources: *sources
`;

const rabbitmq = `${schemaLine}
# A burst of 2,000 orders, then the node that holds the queue is killed at once.
# The two scenarios are twins: they differ in confirms alone. With confirms nothing confirmed may be lost; without them messages must be lost.
# Put your own rabbitmq.conf beside this file and name it below. Every field: node_modules/leaderfall/docs/scenarios.md
- name: orders/confirms/home-node-kill
  title: Our orders with publisher confirms; the queue's home node is killed right after the last one
  twin: orders/no-confirms/home-node-kill
  cluster: &cluster
    broker: rabbitmq
    version: 4.3
    # configFile: ./rabbitmq.conf
  destination: &destination { type: classic, durable: true }
  producer: { confirms: true, connectTo: home, inFlight: 100 }
  consumer: &consumer { settle: after-processing, start: drain }
  steady: &steady { attempted: 200, elapsedMs: 10000 }
  steps: &steps
    - wait: { attempted: 300, elapsedMs: 10000 }
    - quiesce
    - publish: { count: 2000, withinMs: 20000 }
    - inject: kill
      target: { leader: 0 }
    - heal: kill
    - resume
    - wait: { attempted: 300, elapsedMs: 15000 }
  contract: at-least-once
  sources: &sources ["https://www.rabbitmq.com/docs/confirms"]

- name: orders/no-confirms/home-node-kill
  title: The same orders without confirms
  twin: orders/confirms/home-node-kill
  cluster: *cluster
  destination: *destination
  producer: { confirms: false, connectTo: home, inFlight: 100 }
  consumer: *consumer
  steady: *steady
  steps: *steps
  contract: must-lose
  sources: *sources
`;

export const firstScenarios: Readonly<Record<BrokerName, string>> = { memory, kafka, rabbitmq };
