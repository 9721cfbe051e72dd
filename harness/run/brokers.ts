// The brokers that a run knows. A fourth is one new folder in brokers/ and one line here.
import type { BrokerModule } from '../model/broker.ts';
import type { BrokerName } from '../model/cluster.ts';

const loaders: Readonly<Record<BrokerName, () => Promise<BrokerModule>>> = {
  memory: async () => (await import('../brokers/memory/index.ts')).memory,
  kafka: async () => (await import('../brokers/kafka/index.ts')).kafka,
  rabbitmq: async () => (await import('../brokers/rabbitmq/index.ts')).rabbitmq,
};

/** Loaded when it is first asked for: a worker for one broker does not pay for the others' drivers. */
export const loadBroker = (name: BrokerName): Promise<BrokerModule> => loaders[name]();
