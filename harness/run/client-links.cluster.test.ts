// What the harness asks goes around the proxies: with every client of a real cluster cut off, it is told, counted and audited as ever.
import { expect, test } from 'vitest';
import { WireProbe } from '../engine/docker/proxy/wire-probe.ts';
import type { BrokerName, Cluster, Destination, LinkTrouble } from '../model/cluster.ts';
import type { Equipment, ProducerSpec } from '../model/scenario.ts';
import { waitUntil } from '../model/wait.ts';
import { loadBroker } from './brokers.ts';

const limit = (): AbortSignal => AbortSignal.timeout(60_000);
const down: LinkTrouble = { kind: 'down' };
const count = 20;

async function started(broker: BrokerName, equipment: readonly Equipment[]): Promise<Cluster> {
  const { spec, startCluster } = await loadBroker(broker);
  return startCluster({ spec: { broker, version: spec.defaultVersion, nodes: spec.defaultNodes, properties: {}, file: null, defects: {}, equipment }, runId: `client-links-${broker}`, keep: false, signal: AbortSignal.timeout(200_000), onProgress: () => {} });
}

async function publish(cluster: Cluster, destination: Destination, driver: string): Promise<void> {
  const { spec, createProducer } = await loadBroker(cluster.broker);
  const producerSpec: ProducerSpec = { driver, program: null, count: 1, inFlight: 1, batch: count, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', policy: spec.producerPolicy.parse({}), options: {} };
  await using producer = await createProducer({ connection: cluster.connection(), destination, destinationSpec: { partitions: 1, settings: {} }, leader: null, index: 0, onNote: () => {} }, producerSpec);
  await producer.connect(limit());
  const outcomes = await producer.publish(Array.from({ length: count }, (_, sequence) => ({ payload: Buffer.from(`message ${sequence}`), partition: 0, key: null, sequence })));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: count }, () => 'ok'));
}

const refused = async (endpoint: string): Promise<boolean> => {
  using probe = new WireProbe(endpoint);
  return (await probe.ends(5_000)) && !probe.connected;
};

const untilHealthy = (cluster: Cluster, destination: Destination) => waitUntil(async () => {
  const { healthy, detail } = await cluster.health(destination, limit());
  return healthy ? { done: true, value: detail } : { done: false, seen: detail };
}, { describe: 'the cluster to be healthy by its own view', timeoutMs: 20_000, signal: limit() });

test.each([
  ['kafka', ['proxy'], {}, 'kafkajs'],
  ['rabbitmq', ['proxy', 'streams'], { type: 'quorum' }, 'amqplib'],
  ['rabbitmq', ['proxy', 'streams'], { type: 'stream' }, 'rabbitmq-stream-js-client'],
] as const)('%s with %j and %j: clients of every port are cut off, and the harness is not', async (broker, equipment, settings, driver) => {
  await using cluster = await started(broker, equipment);
  const { spec } = await loadBroker(broker);
  const args = (name: string) => ({ name, partitions: 1, settings: spec.destination.parse(settings) });
  const destination = await cluster.createDestination(args('orders'), limit());
  await publish(cluster, destination, driver);

  await Promise.all(cluster.nodes.map((node) => node.clientLink!.apply('cut', down, limit())));
  const endpoints = cluster.connection().endpoints.flatMap(({ host, port, streamPort }) => [port, streamPort ?? []].flat().map((each) => `${host}:${each}`));
  expect(endpoints).toHaveLength(cluster.nodes.length * (broker === 'rabbitmq' ? 2 : 1));
  expect(await Promise.all(endpoints.map(refused))).toEqual(endpoints.map(() => true));

  await untilHealthy(cluster, destination);
  const { partitions: [partition], alive } = await cluster.topology(destination, limit());
  expect([partition!.leader, partition!.inSync.length, alive.length]).toEqual([expect.stringContaining(broker), cluster.nodes.length, cluster.nodes.length]);
  expect(await cluster.replicasCaughtUp(destination, limit())).toMatchObject({ healthy: true });
  const other = await cluster.createDestination(args('more-orders'), limit());
  await cluster.deleteDestination(other, limit());
  const stored: string[] = [];
  for await (const { payload } of cluster.audit(destination, { subjects: [driver], signal: limit() })) stored.push(Buffer.from(payload).toString());
  expect(stored).toEqual(Array.from({ length: count }, (_, sequence) => `message ${sequence}`));

  await Promise.all(cluster.nodes.map((node) => node.clientLink!.restore('cut', limit())));
  await publish(cluster, destination, driver);
});
