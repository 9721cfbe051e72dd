// What the harness adds to the start of three Kafka nodes, and what the class archive in our image saves.
// The same containers are made again by hand, with and without the archive, from what the engine says of ours; rounds are interleaved.
import type Dockerode from 'dockerode';
import { Kafka, logLevel } from 'kafkajs';
import { kafka } from '../harness/brokers/kafka/index.ts';
import { connectEngine } from '../harness/engine/docker/engine-client.ts';
import type { ClusterSpec } from '../harness/model/scenario.ts';
import { waitUntil } from '../harness/model/wait.ts';
import { median, type Row } from './row.ts';

const rounds = 5;
const limitMs = 120_000;

interface Recipe {
  readonly containers: readonly Dockerode.ContainerInspectInfo[];
  readonly network: Dockerode.NetworkInspectInfo;
  readonly ports: readonly number[];
}

export async function benchClusterStart(spec: ClusterSpec): Promise<readonly Row[]> {
  const signal = AbortSignal.timeout(rounds * 4 * limitMs);
  const { docker } = await connectEngine(signal);
  const [ours, byHand, plain]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const { ms, recipe } = await startOurs(docker, spec, signal);
    ours.push(ms);
    byHand.push(await startByHand(docker, recipe, false, signal));
    plain.push(await startByHand(docker, recipe, true, signal));
  }
  const [a, b, c] = [median(ours), median(byHand), median(plain)];
  return [
    { name: 'start of 3 Kafka nodes', value: a / 1_000, unit: 's', note: `median of ${rounds}` },
    { name: 'start of 3 Kafka nodes, over the same by hand', value: a / b, unit: 'x', budget: 1.1, note: `by hand ${(b / 1_000).toFixed(2)} s` },
    { name: 'start of 3 Kafka nodes with the class archive, over without', value: b / c, unit: 'x', budget: 0.65, note: `without ${(c / 1_000).toFixed(2)} s, both by hand` },
  ];
}

async function startOurs(docker: Dockerode, spec: ClusterSpec, signal: AbortSignal): Promise<{ readonly ms: number; readonly recipe: Recipe }> {
  const begin = performance.now();
  const runId = `bench-${process.pid}-${Math.round(begin)}`;
  await using cluster = await kafka.startCluster({ spec, runId, keep: false, signal, onProgress: () => {} });
  const ports = cluster.connection().endpoints.map(({ port }) => port);
  await untilReady(ports, signal);
  const ms = performance.now() - begin;
  const listed = await docker.listContainers({ all: true, filters: { label: [`leaderfall.run=${runId}`] } });
  const all = await Promise.all(listed.map(({ Id }) => docker.getContainer(Id).inspect()));
  const containers = all.filter(({ Config }) => Config.Env.some((line) => line.startsWith('KAFKA_NODE_ID=')));
  const network = await docker.getNetwork(Object.keys(containers[0]!.NetworkSettings.Networks)[0]!).inspect() as Dockerode.NetworkInspectInfo;
  return { ms, recipe: { containers, network, ports } };
}

async function startByHand(docker: Dockerode, { containers, network, ports }: Recipe, withoutArchive: boolean, signal: AbortSignal): Promise<number> {
  const begin = performance.now();
  const labels = { 'leaderfall-bench': '1' };
  const net = await docker.createNetwork({ Name: `${network.Name}-hand`, Labels: labels, ...(network.IPAM === undefined ? {} : { IPAM: network.IPAM }) });
  const made: Dockerode.Container[] = [];
  try {
    await Promise.all(containers.map(async ({ Config, HostConfig, NetworkSettings }) => {
      const { Aliases, IPAMConfig } = Object.values(NetworkSettings.Networks)[0] as { Aliases?: string[]; IPAMConfig?: object };
      const tmpfs = withoutArchive ? { Tmpfs: { '/opt/kafka/cds': '' } } : {};
      const container = await docker.createContainer({
        Image: Config.Image, Env: Config.Env, Hostname: Config.Hostname, Labels: labels, ExposedPorts: Config.ExposedPorts, ...(Config.Cmd === null ? {} : { Cmd: Config.Cmd }),
        HostConfig: { PortBindings: HostConfig.PortBindings, NetworkMode: net.id, Memory: HostConfig.Memory ?? 0, ...tmpfs },
        NetworkingConfig: { EndpointsConfig: { [net.id]: { ...(Aliases === undefined ? {} : { Aliases }), ...(IPAMConfig === undefined ? {} : { IPAMConfig }) } } },
      } as Dockerode.ContainerCreateOptions);
      made.push(container);
      await container.start();
    }));
    await untilReady(ports, signal);
    return performance.now() - begin;
  } finally {
    await Promise.all(made.map((container) => container.remove({ force: true, v: true })));
    await net.remove();
  }
}

/** The same look for both sides: every node tells of all nodes. */
async function untilReady(ports: readonly number[], signal: AbortSignal): Promise<void> {
  await Promise.all(ports.map((port) => waitUntil(async () => {
    const admin = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: { retries: 0 }, connectionTimeout: 500, requestTimeout: 1_500 }).admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      return brokers.length === ports.length ? { done: true, value: undefined } : { done: false, seen: `${brokers.length} brokers` };
    } finally {
      await admin.disconnect();
    }
  }, { describe: `port ${port} to tell of all brokers`, timeoutMs: limitMs, signal, intervalMs: 100 })));
}
