// From the trigger to the strike, for every fault that can strike small containers: what the harness and the engine add, without a broker in the way.
import { resolveImage } from '../harness/engine/docker/images/resolve-image.ts';
import { createFleetWith, type DockerFleet, type ResolveImage } from '../harness/engine/docker/create-fleet.ts';
import { storageCapability } from '../harness/engine/docker/storage/storage-capability.ts';
import { Injector } from '../harness/chaos/injector.ts';
import { LeaderWatch } from '../harness/chaos/leader-watch.ts';
import { monotonicClock, seededPrng } from '../harness/model/clock.ts';
import type { Cluster, Node } from '../harness/model/cluster.ts';
import type { NodeRequest } from '../harness/model/engine.ts';
import { faultDeclarations } from '../harness/model/fault-parameters.ts';
import { faultNames, type FaultName, type FaultParameters } from '../harness/model/scenario.ts';
import { waitUntil } from '../harness/model/wait.ts';
import { median, type Row } from './row.ts';

const rounds = 5;
const roundsOfKill = 15;
const killBudgetMs = 300;
const { signal } = new AbortController();
const destination = { name: 'orders', partitions: 1 } as const;

/** Only where something replicates, or leads, can these be proved: they are measured in runs. */
const needsBroker: readonly FaultName[] = ['replication-cut', 'leader-transfer', 'leader-election', 'unclean-election'];
/** What a fault does by itself is left as short as it can be. */
const parameters: Readonly<Partial<Record<FaultName, FaultParameters>>> = { 'connection-churn': { times: 1 } };

/** Plays a broker: writes to its disk all the time, and answers every line on its port. */
const server = String.raw`(while :; do echo line >> /data/log; sleep 0.05; done) & exec perl -MIO::Socket::INET -e '$SIG{CHLD} = "IGNORE"; $SIG{TERM} = sub { exit 0 }; $s = IO::Socket::INET->new(LocalPort => 9092, Listen => 99, ReuseAddr => 1) or die;
while (1) { $c = $s->accept or next; if (fork) { close $c; next } $c->autoflush(1); while (<$c>) { print $c $_ eq "hello\n" ? "welcome\n" : ("x" x 31) . "\n" } exit }'`;
const question = { greeting: Buffer.from('hello\n'), echo: Buffer.from('echo\n'), echoAnswerBytes: 32 } as const;
const resolve: ResolveImage = (docker, request, options) => resolveImage(docker, request.name === 'toxiproxy' ? request : { name: 'nettools', version: '1' }, options);

export async function benchFaults(): Promise<readonly Row[]> {
  const { ok: hasDisks, reason } = await storageCapability(true);
  await using fleet = await createFleetWith({ resolve }, { runId: `bench-${process.pid}`, keep: false, signal, onProgress: () => {} });
  const nodes = await startNodes(fleet, hasDisks);
  await fleet.prepareSidecars(signal);
  const rows: Row[] = [];
  for (const fault of faultNames.filter((name) => faultDeclarations[name].strikes.includes('node') && !needsBroker.includes(name))) {
    const name = `${fault}, trigger to strike`;
    const { equipment } = faultDeclarations[fault];
    if (equipment === 'disk' && !hasDisks) rows.push({ name, value: Number.NaN, unit: 'ms', note: `not runnable here: ${reason}` });
    else rows.push(rowOf(name, fault, await delaysOf(fault, nodes)));
    process.stderr.write(`${name}: ${rows.at(-1)!.value.toFixed(0)} ms, ${rows.at(-1)!.note}\n`);
  }
  return rows;
}

function rowOf(name: string, fault: FaultName, delays: readonly number[]): Row {
  if (delays.length === 0) return { name, value: Number.NaN, unit: 'ms', note: 'no strike was proved' };
  return { name, value: median(delays), unit: 'ms', note: `median of ${delays.length}, longest ${Math.round(Math.max(...delays))} ms`, ...(fault === 'kill' ? { budget: killBudgetMs } : {}) };
}

async function startNodes(fleet: DockerFleet, hasDisks: boolean): Promise<readonly Node[]> {
  const count = 3;
  const ports = await fleet.reservePorts(count * 2);
  const request = (index: number): NodeRequest => ({
    id: `node-${index + 1}`, image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', `mkdir -p /data; ${server}`], clientPort: 9092, hostPort: ports[index]!, memoryMiB: 96,
    proxied: { directPort: ports[index + count]!, directContainerPort: 9092, question },
    ...(hasDisks ? { disk: { path: '/data', sizeMiB: 32, userId: 0, groupId: 0 } } : {}),
  });
  return await fleet.startNodes(Array.from({ length: count }, (_, index) => request(index)), signal);
}

/** Each round strikes a whole cluster. The delay of a strike that was not proved means nothing, and does not count. */
async function delaysOf(fault: FaultName, nodes: readonly Node[]): Promise<readonly number[]> {
  const wanted = fault === 'kill' ? roundsOfKill : rounds;
  const { nowNs } = monotonicClock(String(process.hrtime.bigint()));
  const edges: { readonly edge: string; readonly ok: boolean | undefined; readonly detail: string; readonly ns: number }[] = [];
  const topology: Cluster['topology'] = async () => {
    const ids = nodes.map(({ id }) => id);
    return { partitions: [{ partition: 0, leader: ids[0]!, epoch: null, replicas: ids, inSync: ids }], controller: ids[0]!, alive: ids };
  };
  const cluster = { broker: 'kafka', nodes, topology, replicationPort: null } as unknown as Cluster;
  await using watch = new LeaderWatch(cluster, destination, () => {}, nowNs);
  await watch.start();
  const injector = new Injector({
    cluster, destination, watch, prng: seededPrng('bench'), client: () => null, prefetch: 1, nowNs,
    record: (draft) => { if (draft.type === 'fault') edges.push({ edge: draft.edge, ok: draft.ok, detail: draft.detail, ns: nowNs() }); },
  });
  const target = fault === 'partition-ring' ? ({ role: 'all' } as const) : ({ role: 'node', node: nodes[0]!.id } as const);
  const delays: number[] = [];
  for (let round = 0; round < wanted; round++) {
    edges.length = 0;
    await ready(nodes);
    await injector.inject({ kind: 'inject', fault, id: fault, target, parameters: parameters[fault] ?? {} }, signal);
    const at = (edge: string) => edges.find((each) => each.edge === edge)!;
    if (at('proved').ok === true) delays.push((at('struck').ns - at('trigger').ns) / 1e6);
    else process.stderr.write(`${fault} was not proved: ${at('proved').detail}\n`);
    await injector.heal(fault, signal);
  }
  injector.end();
  return delays;
}

/** All run, and have written since they were started; where they share links, those work. */
async function ready(nodes: readonly Node[]): Promise<void> {
  for (const node of nodes) {
    await waitUntil(async () => {
      const { status } = await node.state(signal);
      if (status !== 'running') return { done: false, seen: status };
      const { exitCode, output } = await node.exec(['sh', '-c', 'test -s /data/log && perl -MIO::Socket::INET -e \'exit !IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 9092)\''], { timeoutMs: 5_000, signal });
      return exitCode === 0 ? { done: true, value: undefined } : { done: false, seen: output };
    }, { describe: `${node.id} to listen`, timeoutMs: 15_000, intervalMs: 50, signal });
    // A restart gave it a new network, and so a new sidecar, which the clusters of real brokers have before they are called healed.
    await node.netExec(['true'], { timeoutMs: 15_000, signal });
  }
}
