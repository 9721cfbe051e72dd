import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NodeRequest } from '../../model/engine.ts';
import { collectNodeLogs } from '../collect-node-logs.ts';
import { createFleetWith, type DockerFleet, type ResolveImage } from './create-fleet.ts';
import { connectEngine, type Engine } from './engine-client.ts';
import { resolveImage } from './images/resolve-image.ts';
import { listOwned, removeLabelled } from './sweeper.ts';

/** The nettools image is small and is needed anyway: here it plays the brokers too. */
const resolve: ResolveImage = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const bounds = { timeoutMs: 10_000, signal };

/** Answers every connection with the number of times that the node was started, counted in its writable layer. */
const server = String.raw`echo start >> /starts; echo "life $(wc -l < /starts) says $GREETING"
exec perl -MIO::Socket -e '$s = IO::Socket::INET->new(LocalPort => 9092, Listen => 9, ReuseAddr => 1) or die;
while ($c = $s->accept) { open(my $f, "<", "/starts"); my @n = <$f>; print $c scalar(@n), "\n"; close $c }'`;

let engine: Engine;
let fleet: DockerFleet | undefined;
beforeAll(async () => {
  engine = await connectEngine(signal);
});
afterEach(async () => {
  await fleet?.[Symbol.asyncDispose]();
  fleet = undefined;
});

async function newFleet(keep = false): Promise<DockerFleet> {
  fleet = await createFleetWith({ resolve }, { runId: 'fleet-test', keep, signal, onProgress: () => {} });
  return fleet;
}

function request(id: string, hostPort: number, more: Partial<NodeRequest> = {}): NodeRequest {
  return {
    id, hostPort, image: { name: 'kafka', version: 'any' }, env: { GREETING: 'hello' }, command: ['sh', '-c', server],
    files: [{ path: '/etc/laid/in.conf', content: 'setting = 1\n', mode: 0o600 }], clientPort: 9092, memoryMiB: 96, ...more,
  };
}

async function startThree(): Promise<Awaited<ReturnType<DockerFleet['startNodes']>>> {
  const made = await newFleet();
  const ports = await made.reservePorts(3);
  return made.startNodes(ports.map((port, index) => request(`node-${index + 1}`, port)), signal);
}

/** What the node's server says through its published port, as soon as the program inside listens. */
async function ask(endpoint: string): Promise<string> {
  let answer = '';
  await expect.poll(async () => (answer = await askOnce(endpoint)), { timeout: 10_000, interval: 50 }).not.toBe('');
  return answer;
}

/** Empty when nobody answers. */
function askOnce(endpoint: string): Promise<string> {
  const [host = '', port] = endpoint.split(':');
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host, port: Number(port) });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => {}).on('close', () => resolve(text.trim()));
  });
}

async function remains(): Promise<readonly string[]> {
  const owned = await listOwned(engine, signal);
  return owned.filter(({ runId }) => runId === 'fleet-test').map(({ name }) => name);
}

describe('a fleet', () => {
  test('gives every node its files, environment, memory bound, one network, and names by which the others find it', async () => {
    const nodes = await startThree();
    const [first] = nodes;
    expect(nodes.map(({ id }) => id)).toEqual(['node-1', 'node-2', 'node-3']);
    const seen = await first!.exec(['sh', '-c', 'cat /etc/laid/in.conf; stat -c %a /etc/laid/in.conf; hostname; getent hosts node-2'], bounds);
    expect(seen).toEqual({ exitCode: 0, output: expect.stringMatching(/^setting = 1\n600\nnode-1\n/) });
    expect(seen.output).toContain(nodes[1]!.address);
    const { NetworkSettings: network, HostConfig: host } = await engine.docker.getContainer(first!.containerId).inspect();
    expect(Object.keys(network.Networks)).toHaveLength(1);
    expect(host.Memory).toBe(96 * 1024 * 1024);
    expect(await ask(first!.endpoint)).toBe('1');
    expect(fleet!.images.map(({ node, id }) => [node, id.startsWith('sha256:')])).toEqual([['node-1', true], ['node-2', true], ['node-3', true]]);
  });

  test('leaves nothing when it is disposed of, twice if need be, with sidecars, a dead node and a paused one', async () => {
    const nodes = await startThree();
    await fleet!.prepareSidecars(signal);
    await nodes[0]!.kill(signal);
    await nodes[1]!.pause(signal);
    expect((await remains()).length).toBe(7);
    await Promise.all([fleet![Symbol.asyncDispose](), fleet![Symbol.asyncDispose]()]);
    await fleet![Symbol.asyncDispose]();
    expect(await remains()).toEqual([]);
  });

  test('that is aborted while its nodes start leaves nothing', async () => {
    const made = await newFleet();
    const ports = await made.reservePorts(3);
    const aborting = new AbortController();
    const starting = made.startNodes(ports.map((port, index) => request(`node-${index + 1}`, port)), aborting.signal);
    await expect.poll(remains, { interval: 5 }).toContainEqual(expect.stringContaining('-node-'));
    aborting.abort(new Error('enough'));
    await expect(starting).rejects.toThrow('enough');
    await made[Symbol.asyncDispose]();
    expect(await remains()).toEqual([]);
  });

  test('that is to be kept leaves its nodes and network, marked so, and takes its sidecars away', async () => {
    const made = await newFleet(true);
    const [port] = await made.reservePorts(1);
    const [node] = await made.startNodes([request('node-1', port!)], signal);
    await made.prepareSidecars(signal);
    await made[Symbol.asyncDispose]();
    try {
      const owned = (await listOwned(engine, signal)).filter(({ runId }) => runId === 'fleet-test');
      expect(owned.map(({ kind, kept }) => [kind, kept])).toEqual([['container', true], ['network', true]]);
      expect(await ask(node!.endpoint)).toBe('1');
      expect(node!.endpoint).toBe(`127.0.0.1:${port}`);
    } finally {
      await removeLabelled(engine.docker, ['leaderfall.run=fleet-test'], signal);
    }
  });
});

describe('a start that fails', () => {
  test('because a port is taken names the port and its holder, and leaves none of the nodes', async () => {
    const made = await newFleet();
    const [free, taken] = await made.reservePorts(2);
    const blocker = createServer().listen(taken, '127.0.0.1');
    await once(blocker, 'listening');
    const requests = [request('node-1', free!), request('node-2', taken!)];
    await expect(made.startNodes(requests, signal)).rejects.toMatchObject({ code: 'E_PORT_TAKEN', message: expect.stringMatching(new RegExp(`${taken}.*process ${process.pid}`)) });
    expect((await remains()).length).toBe(1);
    expect(made.images).toEqual([]);
    blocker.close();
    await once(blocker, 'close');
    expect(await made.startNodes(requests, signal)).toHaveLength(2);
  });

  test('because the process ends at once is told soon, as a failure or as an exited node, with its last words', async () => {
    const made = await newFleet();
    const [port] = await made.reservePorts(1);
    const begun = performance.now();
    const command = ['sh', '-c', 'echo "bad setting: x"; exit 3'];
    const outcome = await made.startNodes([request('node-1', port!, { command })], signal).catch((error: unknown) => error);
    expect(performance.now() - begun).toBeLessThan(9000);
    if (Array.isArray(outcome)) {
      const [node] = outcome as Awaited<ReturnType<DockerFleet['startNodes']>>;
      await expect.poll(() => node!.state(signal)).toMatchObject({ status: 'exited', exitCode: 3 });
      expect(await node!.lastLogLines(1)).toBe('bad setting: x\n');
    } else {
      expect(outcome).toMatchObject({ code: 'E_NODE_FAILED', message: expect.stringContaining('exit code 3'), detail: expect.stringContaining('bad setting: x') });
      expect((await remains()).length).toBe(1);
    }
  });

  test('because the command does not exist leaves nothing', async () => {
    const made = await newFleet();
    const [port] = await made.reservePorts(1);
    await expect(made.startNodes([request('node-1', port!, { command: ['/no/such/program'] })], signal)).rejects.toMatchObject({ code: 'E_NODE_FAILED' });
    expect((await remains()).length).toBe(1);
  });
});

describe('a node', () => {
  test('that is killed and started keeps its port, address and data, and proves that it died by its identity', async () => {
    const [node] = await startThree();
    expect(await ask(node!.endpoint)).toBe('1');
    const before = await node!.state(signal);
    expect(before).toMatchObject({ status: 'running', exitCode: null });
    const inside = await engine.docker.getContainer(node!.containerId).top() as { Processes: string[][]; Titles: string[] };
    const pids = inside.Processes.map((row) => Number(row[inside.Titles.indexOf('PID')]));
    expect(pids).toContain(before.pid);
    await node!.kill(signal);
    if (engine.isLocal) expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(await node!.state(signal)).toMatchObject({ status: 'exited', pid: 0, exitCode: 137 });
    expect(await askOnce(node!.endpoint)).toBe('');
    await node!.start(signal);
    const after = await node!.state(signal);
    expect(after.status).toBe('running');
    expect(after.pid).not.toBe(before.pid);
    expect(after.startedAt).not.toBe(before.startedAt);
    expect(await ask(node!.endpoint)).toBe('2');
    const { output } = await node!.exec(['sh', '-c', 'ip -4 -o addr show eth0; cat /etc/laid/in.conf'], bounds);
    expect(output).toContain(`inet ${node!.address}/24`);
    expect(output).toContain('setting = 1');
  });

  test('is another process as soon as start has returned, however soon after the kill it was called', async () => {
    const [node] = await startThree();
    for (let life = 2; life <= 4; life++) {
      const { pid, startedAt } = await node!.state(signal);
      await node!.kill(signal);
      await node!.start(signal);
      const after = await node!.state(signal);
      expect(after.status).toBe('running');
      expect(after.startedAt).not.toBe(startedAt);
      expect(after.pid).not.toBe(pid);
    }
  });

  test('may be killed when it is dead, started when it runs, paused when it is paused: the wish is already true', async () => {
    const [node] = await startThree();
    await node!.start(signal);
    await node!.pause(signal);
    await node!.pause(signal);
    expect((await node!.state(signal)).status).toBe('paused');
    await node!.unpause(signal);
    await node!.unpause(signal);
    await node!.pause(signal);
    await node!.kill(signal);
    await node!.kill(signal);
    await node!.stop(signal);
    expect((await node!.state(signal)).status).toBe('exited');
  });

  test('that is paused answers nobody until it is unpaused, and does not restart', async () => {
    const [node] = await startThree();
    expect(await ask(node!.endpoint)).toBe('1');
    const before = await node!.state(signal);
    await node!.pause(signal);
    await expect(node!.exec(['true'], bounds)).rejects.toMatchObject({ code: 'E_NODE_FAILED', message: expect.stringContaining('paused') });
    await node!.unpause(signal);
    expect(await ask(node!.endpoint)).toBe('1');
    expect(await node!.state(signal)).toEqual(before);
  });

  test('that is stopped gets SIGTERM and its time to end', async () => {
    const made = await newFleet();
    const [port] = await made.reservePorts(1);
    const command = ['sh', '-c', 'trap "echo flushed; exit 7" TERM; echo up; while :; do sleep 0.1; done'];
    const [node] = await made.startNodes([request('node-1', port!, { command })], signal);
    await expect.poll(() => node!.lastLogLines(5)).toContain('up');
    await node!.stop(signal);
    expect(await node!.state(signal)).toMatchObject({ status: 'exited', exitCode: 7 });
    expect(await node!.lastLogLines(1)).toBe('flushed\n');
  });

  test('runs commands with their exit code and both outputs, and gives up in time', async () => {
    const [node] = await startThree();
    const { exitCode, output } = await node!.exec(['sh', '-c', 'echo out; echo err >&2; exit 5'], bounds);
    expect(exitCode).toBe(5);
    // Two pipes have no order between them.
    expect(output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
    expect((await node!.exec(['/no/such/program'], bounds)).exitCode).not.toBe(0);
    await expect(node!.exec(['sleep', '30'], { timeoutMs: 300, signal })).rejects.toMatchObject({ code: 'E_TIMEOUT', message: expect.stringContaining('sleep 30') });
  });

  test('gives its log of all its lives, whole into a file or the last lines', async () => {
    const [node] = await startThree();
    await ask(node!.endpoint);
    await node!.kill(signal);
    await node!.start(signal);
    await ask(node!.endpoint);
    expect(await node!.lastLogLines(1)).toBe('life 2 says hello\n');
    const folder = await mkdtemp(join(tmpdir(), 'log-test-'));
    for (const [stamped, stamp] of [[true, '\\d{4}\\S+Z '], [false, '']] as const) {
      expect(await collectNodeLogs([node!], folder, { stamped, signal })).toEqual({ files: ['node-1.log'], incomplete: [] });
      expect(await readFile(join(folder, 'node-1.log'), 'utf8')).toMatch(new RegExp(`^${stamp}life 1 says hello\n${stamp}life 2 says hello\n$`));
    }
    await rm(folder, { recursive: true });
  });
});

describe('network commands', () => {
  test('act on the network of their node only, and cut it from another', async () => {
    const [first, second, third] = await startThree();
    const works = { ok: true, reason: expect.any(String) };
    expect(await fleet!.netCapability(signal)).toEqual({ ...works, packetLoss: works, bandwidth: works });
    expect((await first!.netExec(['sh', '-c', 'iptables -S | grep -e -A; tc qdisc show | grep htb'], bounds)).output).toBe('');
    const reach = (address: string): Promise<number> =>
      third!.exec(['timeout', '1', 'bash', '-c', `exec 3<>/dev/tcp/${address}/9092; read -r line <&3`], bounds).then(({ exitCode }) => exitCode);
    await ask(first!.endpoint);
    await ask(second!.endpoint);
    await first!.netExec(['iptables', '-w', '-A', 'INPUT', '-s', third!.address, '-j', 'DROP'], bounds);
    expect(await reach(first!.address)).toBe(124);
    expect(await reach(second!.address)).toBe(0);
    expect(await ask(first!.endpoint)).toBe('1');
    await first!.netExec(['iptables', '-w', '-F'], bounds);
    expect(await reach(first!.address)).toBe(0);
  });

  test('follow a node into the new network namespace that a restart gives it', async () => {
    const [node] = await startThree();
    const namespace = async (): Promise<readonly string[]> => {
      const show = ['readlink', '/proc/self/ns/net'];
      return [(await node!.netExec(show, bounds)).output, (await node!.exec(show, bounds)).output];
    };
    const [sidecarBefore, nodeBefore] = await namespace();
    expect(sidecarBefore).toBe(nodeBefore);
    await node!.netExec(['iptables', '-w', '-A', 'INPUT', '-p', 'tcp', '--dport', '9092', '-j', 'DROP'], bounds);
    await node!.kill(signal);
    await expect(node!.netExec(['true'], bounds)).rejects.toMatchObject({ code: 'E_NODE_FAILED', message: expect.stringContaining('does not run') });
    await node!.start(signal);
    // Several that ask at once share the one new sidecar.
    const [[sidecarAfter, nodeAfter] = []] = await Promise.all([namespace(), namespace(), namespace()]);
    expect(nodeAfter).not.toBe(nodeBefore);
    expect(sidecarAfter).toBe(nodeAfter);
    expect((await node!.netExec(['iptables', '-w', '-S', 'INPUT'], bounds)).output).toBe('-P INPUT ACCEPT\n');
    expect((await remains()).filter((name) => name.includes('-net-'))).toHaveLength(1);
  });
});
