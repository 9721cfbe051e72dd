// A tool that is killed in the middle of a fault of processes or of links between nodes: what it leaves on the engine, and that the next
// sweep takes all of it. Storage and the way of clients have tests of their own beside their faults.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine, type Engine } from '../../engine/docker/engine-client.ts';
import { startTicksOf } from '../../engine/owner.ts';
import { listOwned, removeLabelled, sweep } from '../../engine/docker/sweeper.ts';
import { faultDeclarations } from '../../model/fault-parameters.ts';
import { faultNames, type FaultName } from '../../model/scenario.ts';

const { signal } = new AbortController();
const runId = 'leftovers-killed';

/** Strikes the first of three nodes, or all of a ring, says in which networks they are and what is set there, and waits to be killed. */
const tool = `
const [{ createFleetWith }, { resolveImage }, { faults }, { faultDeclarations }] = await Promise.all(
  ['../../engine/docker/create-fleet.ts', '../../engine/docker/images/resolve-image.ts', '../catalogue.ts', '../../model/fault-parameters.ts'].map((path) => import(path)));
const [fault, runId] = process.argv.slice(1);
const resolve = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const fleet = await createFleetWith({ resolve }, { runId, keep: false, signal, onProgress: () => {} });
const ports = await fleet.reservePorts(3);
const nodes = await fleet.startNodes(ports.map((hostPort, index) => (
  { id: 'node-' + (index + 1), hostPort, image: { name: 'kafka', version: 'any' }, env: {}, command: ['sleep', 'infinity'], clientPort: 9092, memoryMiB: 64 })), signal);
await fleet.prepareSidecars(signal);
const look = (command) => Promise.all(nodes.map(async (node) => (await node.netExec(['sh', '-c', command], { timeoutMs: 15_000, signal })).output.trim()));
const networks = await look('readlink /proc/self/ns/net');
const struck = fault === 'partition-ring' ? nodes : nodes.slice(0, 1);
await faults[fault].inject({
  cluster: { broker: 'kafka', nodes, replicationPort: 9092 }, destination: { name: 'orders', partitions: 1 }, partition: 0, healWith: () => {}, signal,
  victims: struck.map((life) => ({ kind: 'node', life })), parameter: (name) => Number(faultDeclarations[fault].parameters[name].default),
});
const links = faultDeclarations[fault].family === 'node-links';
const rules = links ? (await look('iptables-save -t filter | grep leaderfall; tc qdisc show | grep htb; true')).join('') : '';
console.log(JSON.stringify({ networks, rules, status: (await nodes[0].state(signal)).status }));
setInterval(() => {}, 1000);
`;

interface Said {
  readonly networks: readonly string[];
  readonly rules: string;
  readonly status: string;
}

let engine: Engine;
const children: ChildProcess[] = [];
beforeAll(async () => {
  engine = await connectEngine(signal);
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await removeLabelled(engine.docker, [`leaderfall.run=${runId}`], signal);
});

/** Injects in a process of its own, which is then killed. */
async function abandon(fault: FaultName): Promise<Said> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', tool, fault, runId], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.parse(line) as Said;
}

const left = async (): Promise<readonly string[]> => (await listOwned(engine, signal)).filter((object) => object.runId === runId).map(({ kind }) => kind).toSorted();

interface Seen {
  readonly pid: number;
  readonly startTicks: number | undefined;
}

/** Processes of this machine in these network namespaces: what is set in one lives as long as a process in it. */
function processesIn(networks: readonly string[]): readonly Seen[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return networks.includes(readlinkSync(`/proc/${name}/ns/net`)) ? [{ pid: Number(name), startTicks: startTicksOf(Number(name)) }] : [];
    } catch {
      return [];
    }
  });
}

const families = ['process', 'node-links'] as const;
const cases = families.flatMap((family) => faultNames.filter((fault) => faultDeclarations[fault].family === family && faultDeclarations[fault].strikes.includes('node')).map((fault) => [family, fault] as const));
const statuses: Readonly<Partial<Record<FaultName, string>>> = { kill: 'exited', stop: 'exited', pause: 'paused' };
/** Processes of containers are seen only by root, on the machine of the engine. */
const seesProcesses = process.getuid?.() === 0 && (await connectEngine(signal)).isLocal;

describe('a tool that is killed in the middle of', () => {
  test.each(cases)('a fault of the family %s, %s, leaves, after the next sweep, no container, network, process or rule', async (family, fault) => {
    const { networks, rules, status } = await abandon(fault);
    expect(status).toBe(statuses[fault] ?? 'running');
    expect(rules).toMatch(family === 'node-links' ? /leaderfall-\d+-|htb/ : /^$/);
    expect((await left()).filter((kind) => kind === 'network')).toHaveLength(1);
    const inside = seesProcesses ? processesIn(networks) : [];
    if (seesProcesses) expect(inside.length).toBeGreaterThanOrEqual(4);
    await sweep(signal);
    expect(await left()).toEqual([]);
    // Not the namespaces themselves: the kernel gives their numbers to others.
    await expect.poll(() => inside.filter(({ pid, startTicks }) => startTicksOf(pid) === startTicks), { timeout: 5_000 }).toEqual([]);
    if (seesProcesses) expect(execFileSync('sh', ['-c', 'iptables-save 2>/dev/null | grep -c -- "--comment leaderfall" || true'], { encoding: 'utf8' }).trim()).toBe('0');
  });
});
