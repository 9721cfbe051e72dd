// Faults on real processes: targets resolved, proof taken from the world, healing that can be asked for twice.
import { expect, test } from 'vitest';
import type { Cluster, Node, Topology } from '../model/cluster.ts';
import type { Step } from '../model/scenario.ts';
import { MemoryCluster } from '../brokers/memory/cluster.ts';
import { ChaosBench, never } from './testing/memory-bench.ts';
import { strike } from './testing/strike.ts';

type Inject = Extract<Step, { kind: 'inject' }>;

const startMemory = (): Promise<MemoryCluster> =>
  MemoryCluster.start({ spec: { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} }, runId: 'injector', keep: false, signal: never, onProgress: () => {} });
const destination = { name: 'orders', partitions: 1 };
const step = (fault: Inject['fault'], target: Inject['target'] = { role: 'node', node: 'memory-1' }, id: string = fault): Inject => ({ kind: 'inject', fault, id, target, parameters: {} });

async function open(): Promise<{ readonly cluster: MemoryCluster; readonly bench: ChaosBench }> {
  const cluster = await startMemory();
  const bench = new ChaosBench(cluster, destination);
  await bench.watch.start();
  return { cluster, bench };
}

test('a kill is proved by the same life having ended, and healing starts a new one', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  const before = await cluster.nodes[0].state();
  await bench.injector.inject(step('kill'), never);
  expect(await cluster.nodes[0].state()).toMatchObject({ status: 'exited', pid: before.pid, exitCode: 137 });
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true, nodes: ['memory-1'], detail: expect.stringContaining(`process ${before.pid}`) });
  await bench.injector.heal('kill', never);
  const after = await cluster.nodes[0].state();
  expect([after.status, after.pid === before.pid]).toEqual(['running', false]);
  expect(bench.edges).toEqual(['kill trigger', 'kill begin', 'kill struck', 'kill proved', 'kill heal', 'kill healed']);
  await bench.injector.heal('kill', never);
  await bench.injector.healAll(never);
  expect(bench.edges.length).toBe(6);
});

test('a kill of what is dead already is no hit', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  await cluster.nodes[0].kill();
  await bench.injector.inject(step('kill'), never);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: false, detail: 'memory-1 was exited before the fault' });
  await cluster.heal(never);
  expect((await cluster.nodes[0].state()).status).toBe('running');
});

test('a node that was started again before the proof does not prove its death', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  const node = cluster.nodes[0];
  const active = await strike('kill', { cluster, destination, victims: [{ kind: 'node', life: node }], partition: 0, parameter: () => 0, signal: never });
  await node.start(never);
  expect(await active.prove(never)).toEqual({ ok: false, detail: 'memory-1 has been started again since' });
});

test('a pause is seen in the process table, survives a proof, and thaws', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  await bench.injector.inject(step('pause'), never);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true });
  expect((await cluster.nodes[0].state()).status).toBe('paused');
  await bench.injector.healAll(never);
  expect((await cluster.nodes[0].state()).status).toBe('running');
});

test('a pause that somebody else ended is not proved by having been asked for', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  const node = cluster.nodes[0];
  const active = await strike('pause', { cluster, destination, victims: [{ kind: 'node', life: node }], partition: 0, parameter: () => 0, signal: never });
  expect(await active.prove(never)).toMatchObject({ ok: true, detail: expect.stringContaining('is paused') });
  process.kill((await node.state()).pid, 'SIGCONT');
  await bench.until(async () => (await node.state()).status === 'running', 'the node to be seen running again');
  expect(await active.prove(never)).toMatchObject({ ok: false, detail: expect.stringContaining('is running') });
});

test('a stop ends the process with SIGTERM and counts as struck', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  await bench.injector.inject(step('stop'), never);
  expect(await cluster.nodes[0].state()).toMatchObject({ status: 'exited', exitCode: 143 });
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true });
});

test('faults that overlap are all ended, the last one first', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  await bench.injector.inject(step('pause', undefined, 'first'), never);
  await bench.injector.inject(step('kill', undefined, 'second'), never);
  await bench.injector.healAll(never);
  expect(bench.edges.slice(-4)).toEqual(['second heal', 'second healed', 'first heal', 'first healed']);
  await cluster.heal(never);
  expect((await cluster.nodes[0].state()).status).toBe('running');
});

/** The real node, but for what the test does instead of some of its methods. */
async function openHalf(methods: (real: Node) => Partial<Node>) {
  const real = await startMemory();
  const node: Node = real.nodes[0];
  const instead = methods(node);
  const half = new Proxy<Node>(node, { get: (target, key) => bound(target, key, instead) });
  const cluster = new Proxy<Cluster>(real, { get: (target, key) => (key === 'nodes' ? [half] : bound(target, key, {})) });
  const bench = new ChaosBench(cluster, destination);
  await bench.watch.start();
  return { node, bench };
}

function bound<T extends object>(target: T, key: string | symbol, instead: Partial<T>): unknown {
  const value: unknown = instead[key as keyof T] ?? Reflect.get(target, key, target);
  return typeof value === 'function' ? value.bind(target) : value;
}

test('a fault that came by half is healed with the others, and healing that fails is told and tried again', async () => {
  let refusals = 1;
  const { node, bench } = await openHalf((real) => ({
    async kill(signal) {
      await real.kill(signal);
      throw new Error('the answer was lost');
    },
    async start(signal) {
      if (refusals-- > 0) throw new Error('not now');
      await real.start(signal);
    },
  }));
  await using _ = bench;
  await expect(bench.injector.inject(step('kill'), never)).rejects.toThrow('the answer was lost');
  expect(bench.edges).toEqual(['kill trigger', 'kill begin']);
  await expect(bench.injector.healAll(never)).rejects.toThrow('not now');
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'healed', ok: false });
  await bench.injector.healAll(never);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'healed', ok: true });
  expect((await node.state(never)).status).toBe('running');
});

test('a fault that is still being injected out of its time is healed after that, not beside it', async () => {
  const gate = Promise.withResolvers<void>();
  const { node, bench } = await openHalf((real) => ({
    async kill(signal) {
      await gate.promise;
      await real.kill(signal);
    },
  }));
  await using _ = bench;
  const chaos = new AbortController();
  const injected = bench.injector.inject(step('kill'), chaos.signal);
  await bench.until(() => bench.edges.includes('kill begin'), 'the kill to begin');
  chaos.abort(new Error('out of time'));
  const healed = bench.injector.healAll(never);
  gate.resolve();
  await expect(injected).rejects.toThrow('out of time');
  await healed;
  expect((await node.state(never)).status).toBe('running');
  await expect(bench.injector.healAll(never)).resolves.toBeUndefined();
});

test('what heals again while the first healing is still under way waits for it', async () => {
  const gate = Promise.withResolvers<void>();
  let starts = 0;
  const { node, bench } = await openHalf((real) => ({
    async start(signal) {
      starts += 1;
      await gate.promise;
      await real.start(signal);
    },
  }));
  await using _ = bench;
  await bench.injector.inject(step('kill'), never);
  const first = bench.injector.heal('kill', never);
  await bench.until(() => starts === 1, 'the first healing to start the node');
  const all = bench.injector.healAll(never);
  gate.resolve();
  await Promise.all([first, all]);
  expect(starts).toBe(1);
  expect((await node.state(never)).status).toBe('running');
});

test.each<[string, Inject['target']]>([
  ['a node by its name', { role: 'node', node: 'memory-1' }], ['every node', { role: 'all' }], ['a random node', { role: 'random' }],
  ['several such targets', { role: 'together', targets: [{ role: 'random' }, { role: 'all' }] }],
])('%s is struck at once although the cluster does not answer', async (_, target) => {
  const { bench } = await openSilent();
  await using __ = bench;
  const beganMs = performance.now();
  await bench.injector.inject(step('kill', target), never);
  expect(performance.now() - beganMs).toBeLessThan(4_000);
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true, nodes: ['memory-1'] });
});

test('a role of which the cluster says nothing is told as that', async () => {
  const { bench } = await openSilent();
  await using _ = bench;
  await expect(bench.injector.inject(step('kill', { role: 'leader', partition: 0 }), never)).rejects.toMatchObject({
    code: 'E_NOT_READY', message: 'The cluster did not say for 5000 ms who is the leader of partition 0: it gave no answer',
  });
});

/** The real node, of a cluster that does not answer. */
async function openSilent() {
  const real = await startMemory();
  const cluster = new Proxy<Cluster>(real, { get: (target, key) => bound(target, key, { topology: async () => { throw new Error('no answer'); } }) });
  const bench = new ChaosBench(cluster, destination);
  await bench.watch.start();
  return { bench };
}

test('the leader is struck by its role, and that it led is on record', async () => {
  const { bench } = await open();
  await using _ = bench;
  await bench.injector.inject(step('kill', { role: 'leader', partition: 0 }), never);
  bench.injector.end();
  await bench.injector.observed();
  expect(bench.of('led')).toMatchObject([{ node: 'memory-1', partition: 0, led: true, detail: expect.stringMatching(/^memory-1 led partition 0 \d+ ms before the strike; afterwards nobody else led$/) }]);
});

test('a leader that is being elected is waited for, and struck when it is known', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  await cluster.nodes[0].kill();
  await bench.until(() => bench.watch.partition(0)?.leader === null, 'the leader to be gone');
  const injected = bench.injector.inject(step('kill', { role: 'leader', partition: 0 }), never);
  await cluster.nodes[0].start(never);
  await injected;
  expect(bench.of('fault').at(-1)).toMatchObject({ edge: 'proved', ok: true });
});

test('a target that no node is is no strike: an interrupt ends the wait for it, and nothing was begun', async () => {
  const { cluster, bench } = await open();
  await using _ = bench;
  await cluster.nodes[0].kill();
  await bench.until(() => bench.watch.partition(0)?.leader === null, 'the leader to be gone');
  await expect(bench.injector.inject(step('kill', { role: 'leader', partition: 0 }), AbortSignal.timeout(200))).rejects.toThrow();
  await expect(bench.injector.inject(step('kill', { role: 'node', node: 'memory-7' }), never)).rejects.toMatchObject({ code: 'E_SCENARIO_INVALID', message: 'No node is memory-7' });
  expect(bench.edges.some((edge) => edge.endsWith('begin'))).toBe(false);
});

/** The real node, with the leadership that the test says: the watch's last look is older than what it becomes. */
async function openWith(initial: { readonly leader: string | null; readonly epoch: number; readonly epochIsTerm?: boolean }) {
  const real = await startMemory();
  let now = initial;
  const cluster = new Proxy(real, {
    get(target, key) {
      if (key === 'topology') return async (): Promise<Topology> => ({ partitions: [{ partition: 0, ...now, replicas: ['memory-1', 'memory-2'], inSync: ['memory-1'] }], controller: null, alive: ['memory-1'] });
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as Cluster;
  const bench = new ChaosBench(cluster, destination);
  await bench.watch.start();
  return { bench, become: (next: Omit<typeof initial, 'epochIsTerm'>) => { now = { ...initial, ...next }; } };
}

test.each([
  { epochIsTerm: false, from: 5, to: 7, led: false, shows: 'a victim that lost its leadership just before the strike is recorded as not leading: its epoch moved by more than one' },
  { epochIsTerm: true, from: 1, to: 3, led: true, shows: 'a Raft term that moved by more than one tells of an election that nobody won, not of another leader' },
])('$shows', async ({ epochIsTerm, from, to, led }) => {
  const { bench, become } = await openWith({ leader: 'memory-1', epoch: from, epochIsTerm });
  await using _ = bench;
  const injected = bench.injector.inject(step('kill', { role: 'leader', partition: 0 }), never);
  become({ leader: 'memory-2', epoch: to });
  await injected;
  await bench.injector.observed();
  expect(bench.of('led')).toMatchObject([{ led, detail: expect.stringContaining(`epoch went from ${from} to ${to}`) }]);
});

test('a victim after which nobody led led until it was struck, although the next leader was elected from nobody', async () => {
  const { bench, become } = await openWith({ leader: 'memory-1', epoch: 5 });
  await using _ = bench;
  await bench.injector.inject(step('kill', { role: 'leader', partition: 0 }), never);
  become({ leader: null, epoch: 6 });
  await bench.until(() => bench.watch.partition(0)?.leader === null, 'the watch to see that nobody leads');
  become({ leader: 'memory-2', epoch: 7 });
  await bench.injector.observed();
  expect(bench.of('led')).toMatchObject([{ led: true, detail: expect.stringMatching(/epoch went from 5 to 6 and nobody led; afterwards memory-2 led$/) }]);
});
