// Storage faults on real disks under real containers: what they take, what their proofs see, and what is left when the tool dies.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, Node, NodeDisk } from '../../model/cluster.ts';
import type { NodeRequest } from '../../model/engine.ts';
import type { FaultName } from '../../model/scenario.ts';
import { createFleetWith, type DockerFleet, type ResolveImage } from '../../engine/docker/create-fleet.ts';
import { connectEngine } from '../../engine/docker/engine-client.ts';
import { resolveImage } from '../../engine/docker/images/resolve-image.ts';
import { disksFolder } from '../../engine/docker/storage/disk.ts';
import { storageCapability } from '../../engine/docker/storage/storage-capability.ts';
import { listOwned, removeLabelled, sweep } from '../../engine/docker/sweeper.ts';
import { sabotagesOn, swallowing } from '../testing/sabotage.ts';
import { strike, type StrikeContext, type Struck } from '../testing/strike.ts';
import { bringBack } from './disk.ts';

const { ok: hasStorage } = await storageCapability(true);
const { signal } = new AbortController();
const resolve: ResolveImage = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);

/** Plays a broker: keeps a log open for writing, and goes on although a write fails. */
const writer = 'exec 3>>/data/log; while :; do echo line >&3; sleep 0.02; done';
const request = (id: string, hostPort: number): NodeRequest => ({
  id, hostPort, image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', writer], clientPort: 9092, memoryMiB: 64,
  disk: { path: '/data', sizeMiB: 32, userId: 0, groupId: 0 },
});

let fleet: DockerFleet;
let nodes: readonly Node[];
beforeAll(async () => {
  if (!hasStorage) return;
  fleet = await createFleetWith({ resolve }, { runId: 'storage-faults', keep: false, signal, onProgress: () => {} });
  const ports = await fleet.reservePorts(2);
  nodes = await fleet.startNodes(ports.map((port, index) => request(`node-${index + 1}`, port)), signal);
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const node of nodes ?? []) {
    await node.disk!.empty().catch(() => {});
    await bringBack({ node, disk: node.disk! }, signal);
    await node.unpause(signal);
  }
});

/** Lines that the node has written, as the host sees them. */
const logOf = (node: Node): string => {
  const found = readdirSync(disksFolder).find((name) => name.endsWith(node.id) && name.includes('storage-faults'))!;
  return readFileSync(join(disksFolder, found, 'mount', 'data', 'log'), 'utf8');
};
const writes = (node: Node) => expect.poll(() => logOf(node).length, { timeout: 5_000 });

function contextOf(victims: readonly Node[]): StrikeContext {
  const cluster = { broker: 'kafka', nodes: victims } as unknown as Cluster;
  return { cluster, destination: { name: 'orders', partitions: 1 }, victims: victims.map((life) => ({ kind: 'node', life })), partition: 0, parameter: () => 0, signal };
}

const inject = (fault: FaultName, victims: readonly Node[]): Promise<Struck> => strike(fault, contextOf(victims));

const withDisk = (node: Node, disk: NodeDisk): Node => new Proxy(node, {
  get: (real, name) => {
    if (name === 'disk') return disk;
    const value: unknown = Reflect.get(real, name, real);
    return typeof value === 'function' ? value.bind(real) as unknown : value;
  },
});

describe.runIf(hasStorage)('a storage fault', () => {
  test('power loss takes from all victims what they had not synced, and keeps what they had', async () => {
    for (const node of nodes) await writes(node).toBeGreaterThan(0);
    const written = nodes.map((node) => logOf(node).length);
    await Promise.all(nodes.map(({ disk }) => disk!.sync()));
    // The node writes on while its disk is synced.
    const synced = nodes.map((node) => logOf(node).length);
    await writes(nodes[1]!).toBeGreaterThan(synced[1]! + 50);
    const active = await inject('power-loss', nodes);
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringMatching(/node-1.*without power.*an unsynced mark is gone.*node-2.*is gone/) });
    for (const [index, node] of nodes.entries()) {
      expect(logOf(node).length).toBeGreaterThanOrEqual(written[index]!);
      expect(logOf(node).length).toBeLessThanOrEqual(synced[index]!);
    }
    await active.heal(signal);
    for (const node of nodes) expect((await node.state(signal)).status).toBe('running');
    await writes(nodes[0]!).toBeGreaterThan(synced[0]! + 50);
  });

  test('a full disk refuses the node, and is free again when it is healed', async () => {
    const [node] = nodes;
    const active = await inject('disk-full', [node!]);
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringContaining('ENOSPC') });
    await active.heal(signal);
    expect(await node!.disk!.tryWrite()).toMatchObject({ ok: true });
  });

  test('a disk turns read-only although the node has a file open, and the node comes back with its data', async () => {
    const [node] = nodes;
    await writes(node!).toBeGreaterThan(0);
    const before = await node!.state(signal);
    const active = await inject('disk-read-only', [node!]);
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringContaining('EROFS') });
    const kept = logOf(node!).length;
    expect((await node!.state(signal)).startedAt).toBe(before.startedAt);
    await active.heal(signal);
    await writes(node!).toBeGreaterThan(kept);
    expect((await node!.state(signal)).startedAt).not.toBe(before.startedAt);
  });

  test('a wiped node comes back with nothing', async () => {
    const [node] = nodes;
    const active = await inject('disk-wipe', [node!]);
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringContaining('its disk is empty') });
    await active.heal(signal);
    expect((await node!.state(signal)).status).toBe('running');
    await writes(node!).toBeGreaterThan(0);
  });

  test.each(['power-loss', 'disk-full', 'disk-read-only', 'disk-wipe'] as const)('%s can be healed twice, and the second time ends nothing', async (fault) => {
    const [node] = nodes;
    await writes(node!).toBeGreaterThan(0);
    const active = await inject(fault, [node!]);
    await active.heal(signal);
    const healed = await node!.state(signal);
    await active.heal(signal);
    expect(await node!.state(signal)).toEqual(healed);
  });

  test.each(sabotagesOn('disks'))('%s of a %s is not proved where what it does to the disk was swallowed', async (fault) => {
    const [node] = nodes;
    await writes(node!).toBeGreaterThan(0);
    const active = await inject(fault, [withDisk(node!, swallowing(node!.disk!, 'losePower', 'fill', 'turnReadOnly', 'wipe'))]);
    expect(await active.prove(signal)).toMatchObject({ ok: false });
    await active.heal(signal);
  });

  test.each(['power-loss', 'disk-wipe'] as const)('%s is not proved where the process lives on', async (fault) => {
    const [node] = nodes;
    const active = await inject(fault, [swallowing(node!, 'kill')]);
    expect(await active.prove(signal)).toMatchObject({ ok: false });
    await node!.kill(signal);
  });

  test('a power loss that fails at the second of two nodes leaves both running', async () => {
    const dead: NodeDisk = new Proxy(swallowing(nodes[1]!.disk!, 'mark'), {
      get: (real, name) => (name === 'losePower' ? async () => { throw new Error('xfs_io is not there'); } : Reflect.get(real, name, real) as unknown),
    });
    await expect(inject('power-loss', [nodes[0]!, withDisk(nodes[1]!, dead)])).rejects.toThrow('xfs_io is not there');
    for (const node of nodes) expect((await node.state(signal)).status).toBe('running');
  });

  test('is refused where a node has no disk, or writes elsewhere', async () => {
    const { disk: _, ...bare } = { ...nodes[0]!, id: 'bare' };
    await expect(inject('disk-full', [bare as Node])).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('bare has no disk of its own') });
    const unused = new Proxy(nodes[0]!.disk!, { get: (real, name) => (name === 'isEmpty' ? async () => true : Reflect.get(real, name, real) as unknown) });
    await expect(inject('disk-full', [withDisk(nodes[0]!, unused)])).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('the engine does not see it') });
  });
});

test('where disks cannot be made the nodes do not start, and the reason is said', async () => {
  const storage = async () => ({ ok: false, reason: 'mounting a disk needs root on this machine' });
  await using made = await createFleetWith({ resolve, storage }, { runId: 'storage-refused', keep: false, signal, onProgress: () => {} });
  const [port] = await made.reservePorts(1);
  await expect(made.startNodes([request('node-1', port!)], signal)).rejects.toMatchObject({
    code: 'E_CAPABILITY', message: 'not runnable here: node-1 cannot have a disk of its own (mounting a disk needs root on this machine)',
  });
});

/** A tool that dies in the middle of a fault: its node runs on, or is dead, and its disk is mounted, or has no power. */
const tool = `
const [{ createFleetWith }, { resolveImage }, { faults }] = await Promise.all([import('../../engine/docker/create-fleet.ts'), import('../../engine/docker/images/resolve-image.ts'), import('../catalogue.ts')]);
const resolve = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const [fault, request] = [process.argv[1], JSON.parse(process.argv[2])];
const fleet = await createFleetWith({ resolve }, { runId: 'storage-killed', keep: false, signal, onProgress: () => {} });
const [hostPort] = await fleet.reservePorts(1);
const [node] = await fleet.startNodes([{ ...request, hostPort }], signal);
while (await node.disk.isEmpty()) await new Promise((resolve) => setTimeout(resolve, 20));
await faults[fault].inject({ victims: [{ kind: 'node', life: node }], healWith: () => {}, signal });
console.log('struck');
setInterval(() => {}, 1000);
`;

describe.runIf(hasStorage)('a tool that is killed in the middle of', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await removeLabelled((await connectEngine(signal)).docker, ['leaderfall.run=storage-killed'], signal);
  });

  test.each(['power-loss', 'disk-full', 'disk-read-only', 'disk-wipe'] as const)('%s leaves, after the next sweep, no container, mount, loop device or file', async (fault) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', tool, fault, JSON.stringify(request('node-1', 0))], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    expect(await once(createInterface({ input: child.stdout }), 'line')).toEqual(['struck']);
    const left = () => readdirSync(disksFolder).filter((name) => name.includes('storage-killed'));
    const traces = (names: readonly string[]) => [readFileSync('/proc/self/mounts', 'utf8'), execFileSync('losetup', ['--all'], { encoding: 'utf8' })].map((text) => names.some((name) => text.includes(name)));
    const [name] = left();
    expect(traces([name!])).toEqual([true, true]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await sweep(signal);
    expect(traces([name!])).toEqual([false, false]);
    expect(existsSync(join(disksFolder, name!))).toBe(false);
    expect((await listOwned(await connectEngine(signal), signal)).filter(({ runId }) => runId === 'storage-killed')).toEqual([]);
  });
});
