// Faults on the way of clients, with a real Toxiproxy before two small servers: each is met by a connection of our own, ends when healed,
// is not proved where its injection was swallowed, and leaves nothing after the next sweep when the tool dies in the middle of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sabotagesOn, swallowing } from '../chaos/testing/sabotage.ts';
import { strike, type StrikeContext } from '../chaos/testing/strike.ts';
import { createFleetWith, type DockerFleet, type ResolveImage } from '../engine/docker/create-fleet.ts';
import { connectEngine } from '../engine/docker/engine-client.ts';
import { resolveImage } from '../engine/docker/images/resolve-image.ts';
import { WireProbe } from '../engine/docker/proxy/wire-probe.ts';
import { listOwned, removeLabelled, sweep } from '../engine/docker/sweeper.ts';
import type { Cluster, Node } from '../model/cluster.ts';
import type { NodeRequest } from '../model/engine.ts';
import { waitUntil } from '../model/wait.ts';

/** The nettools image is small and is needed anyway: here it plays the brokers. */
const resolve: ResolveImage = (docker, request, options) => resolveImage(docker, request.name === 'toxiproxy' ? request : { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const greeting = Buffer.from('hello\n');
const echo = Buffer.from('echo\n');
const echoAnswerBytes = 32;
const question = { greeting, echo, echoAnswerBytes };

/** Answers every line on two ports, and writes down what it was asked. */
const server = String.raw`exec perl -MIO::Socket::INET -e '$SIG{CHLD} = "IGNORE"; $port = fork ? 9092 : 9095; $s = IO::Socket::INET->new(LocalPort => $port, Listen => 99, ReuseAddr => 1) or die;
while (1) { $c = $s->accept or next; if (fork) { close $c; next } $c->autoflush(1);
while (<$c>) { open($f, ">>", "/asked"); print $f $_; close $f; print $c $_ eq "hello\n" ? "welcome\n" : ("x" x 31) . "\n" } exit }'`;

let fleet: DockerFleet;
let nodes: readonly Node[];
let second: string;
beforeAll(async () => {
  fleet = await createFleetWith({ resolve }, { runId: 'client-links-test', keep: false, signal, onProgress: () => {} });
  const ports = await fleet.reservePorts(6);
  const request = (index: number): NodeRequest => ({
    id: `node-${index + 1}`, image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', server], clientPort: 9092, hostPort: ports[index]!, memoryMiB: 96,
    proxied: { directPort: ports[index + 2]!, directContainerPort: 9092, question },
  });
  // Clients of this one have another port as well.
  second = `${fleet.host}:${ports[4]}`;
  const first: NodeRequest = { ...request(0), morePorts: [{ containerPort: 9095, hostPort: ports[4]!, proxied: { directPort: ports[5]!, directContainerPort: 9095, question } }] };
  nodes = await fleet.startNodes([first, request(1)], signal);
  for (const endpoint of [...nodes.map((node) => node.endpoint), second]) await untilAnswers(endpoint);
}, 60_000);
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
});

async function answers(endpoint: string): Promise<boolean> {
  using probe = new WireProbe(endpoint);
  probe.send(greeting);
  return await probe.receives(1, 1_000);
}

const untilAnswers = (endpoint: string): Promise<void> =>
  waitUntil(async () => ((await answers(endpoint)) ? { done: true, value: undefined } : { done: false, seen: 'no answer' }), { describe: `${endpoint} to answer`, timeoutMs: 10_000, signal });

/** Smaller than the defaults where that is quicker. */
const chosen: Readonly<Record<string, number>> = { latencyMs: 100, jitterMs: 20, kibPerSecond: 16, bytes: 200, times: 3, pauseMs: 50 };

function contextFor(...struck: readonly Node[]): StrikeContext {
  return {
    cluster: { broker: 'kafka', nodes } as unknown as Cluster, victims: struck.map((life) => ({ kind: 'node', life })), destination: { name: 'orders', partitions: 1 }, partition: 0,
    parameter: (name) => chosen[name]!, signal,
  };
}

/** All but the injection is real: what is asked of the proxy never reaches it. */
const unstruck = ({ id, clientLink }: Node): Node => ({ id, clientLink: swallowing(clientLink!, 'apply') }) as Node;

describe.each(sabotagesOn('client links'))('%s of a %s', (name) => {
  test('is met by a connection of our own, strikes the one node only, and ends when healed, also twice', async () => {
    const [struck, spared] = nodes;
    const active = await strike(name, contextFor(struck!));
    const proof = await active.prove(signal);
    expect(proof, proof.detail).toMatchObject({ ok: true });
    expect(await answers(spared!.endpoint)).toBe(true);
    expect(await answers(struck!.directEndpoint!)).toBe(true);
    await active.heal(signal);
    await active.heal(signal);
    expect(await answers(struck!.endpoint)).toBe(true);
  });

  test('is not proved where its injection was swallowed', async () => {
    const active = await strike(name, contextFor(unstruck(nodes[0]!)));
    const proof = await active.prove(signal);
    expect(proof, proof.detail).toMatchObject({ ok: false });
    await active.heal(signal);
  }, 30_000);

  test('is not proved where it strikes only one of two', async () => {
    const active = await strike(name, contextFor(nodes[0]!, unstruck(nodes[1]!)));
    expect((await active.prove(signal)).ok).toBe(false);
    await active.heal(signal);
  }, 30_000);
});

describe('what clients see', () => {
  test('a lost response: the node was asked, the answer never comes, not even after healing', async () => {
    const [node] = nodes;
    using client = new WireProbe(node!.endpoint);
    client.send(greeting);
    expect(await client.receives(1, 5_000)).toBe(true);
    const before = client.received;
    const active = await strike('lost-response', contextFor(node!));
    client.send(Buffer.from('charge the card\n'));
    const asked = async () => (await node!.exec(['cat', '/asked'], { timeoutMs: 5_000, signal })).output;
    await expect.poll(asked, { timeout: 5_000 }).toContain('charge the card');
    expect(client).toMatchObject({ received: before, end: null });
    await active.heal(signal);
    expect(await client.ends(5_000)).toBe(true);
    expect(client.received).toBe(before);
  });

  test('silence both ways: the node is not asked', async () => {
    const [node] = nodes;
    using client = new WireProbe(node!.endpoint);
    client.send(greeting);
    expect(await client.receives(1, 5_000)).toBe(true);
    const active = await strike('client-silence', contextFor(node!));
    client.send(Buffer.from('never heard\n'));
    expect((await active.prove(signal)).ok).toBe(true);
    expect((await node!.exec(['cat', '/asked'], { timeoutMs: 5_000, signal })).output).not.toContain('never heard');
    await active.heal(signal);
  });

  test('a reset is one on the wire where the proxy listens on this machine, and a cut is a refusal', async () => {
    const [node] = nodes;
    const reset = await strike('client-reset', contextFor(node!));
    using first = new WireProbe(node!.endpoint);
    first.send(greeting);
    expect(await first.ends(5_000)).toBe(true);
    expect(first).toMatchObject({ end: 'ECONNRESET', connected: true });
    await reset.heal(signal);
    const cut = await strike('client-cut', contextFor(node!));
    using second = new WireProbe(node!.endpoint);
    expect(await second.ends(5_000)).toBe(true);
    expect(second).toMatchObject({ end: 'ECONNREFUSED', connected: false });
    await cut.heal(signal);
  });

  test('every port of the node that clients use is struck, and healed', async () => {
    const [node] = nodes;
    const active = await strike('lost-response', contextFor(node!));
    expect((await active.prove(signal)).detail).toMatch(/^node-1: its proxy has timeout.*; node-1-9095: its proxy has timeout/);
    expect(await answers(second)).toBe(false);
    await active.heal(signal);
    expect(await answers(second)).toBe(true);
  });

  test('a node that was killed and started again has its proxy as before, and its trouble too', async () => {
    const [node] = nodes;
    const { endpoint, directEndpoint } = node!;
    const active = await strike('client-silence', contextFor(node!));
    await node!.kill(signal);
    await node!.start(signal);
    await untilAnswers(directEndpoint!);
    const proof = await active.prove(signal);
    expect(proof, proof.detail).toMatchObject({ ok: true });
    await active.heal(signal);
    expect(await answers(endpoint)).toBe(true);
    expect(node).toMatchObject({ endpoint, directEndpoint });
  }, 60_000);
});

describe('faults that overlap on one node', () => {
  const latencyMs = async (endpoint: string): Promise<number> => {
    const beganMs = performance.now();
    await untilAnswers(endpoint);
    return performance.now() - beganMs;
  };

  test('end alone: the latency stays when the cut is over, and its end is the last', async () => {
    const [node] = nodes;
    const late = await strike('client-latency', contextFor(node!));
    const cut = await strike('client-cut', contextFor(node!));
    expect(await cut.prove(signal)).toMatchObject({ ok: true });
    await cut.heal(signal);
    const proof = await late.prove(signal);
    expect(proof, proof.detail).toMatchObject({ ok: true });
    expect(await latencyMs(node!.endpoint)).toBeGreaterThan(50);
    await late.heal(signal);
    expect(await latencyMs(node!.endpoint)).toBeLessThan(50);
  });

  test('of two cuts the second one goes on when the first is over, and a reset between them lets nobody in', async () => {
    const [node] = nodes;
    const first = await strike('client-cut', contextFor(node!));
    const second = await strike('client-cut', contextFor(node!));
    await first.heal(signal);
    const reset = await strike('client-reset', contextFor(node!));
    expect(await reset.prove(signal)).toMatchObject({ ok: false });
    expect(await second.prove(signal)).toMatchObject({ ok: true });
    await reset.heal(signal);
    await first.heal(signal);
    expect(await answers(node!.endpoint)).toBe(false);
    await second.heal(signal);
    expect(await answers(node!.endpoint)).toBe(true);
  });

  test('one whose injection was swallowed is not proved by another of the same kind', async () => {
    const [node] = nodes;
    for (const name of ['client-cut', 'client-latency'] as const) {
      const real = await strike(name, contextFor(node!));
      const swallowed = await strike(name, contextFor(unstruck(node!)));
      expect(await swallowed.prove(signal)).toMatchObject({ ok: false });
      await swallowed.heal(signal);
      expect(await real.prove(signal)).toMatchObject({ ok: true });
      await real.heal(signal);
    }
  });
});

test('a node without a proxy cannot be struck, and says so', async () => {
  const { id } = nodes[0]!;
  await expect(strike('client-cut', contextFor({ id } as Node))).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('not runnable here') });
});

test('without an image of Toxiproxy the nodes are not started, and the reason is told', async () => {
  const absent: ResolveImage = (docker, request, options) => (request.name === 'toxiproxy' ? Promise.reject(new Error('no registry answers')) : resolve(docker, request, options));
  await using bare = await createFleetWith({ resolve: absent }, { runId: 'client-links-test', keep: false, signal, onProgress: () => {} });
  const [hostPort, directPort] = await bare.reservePorts(2);
  const request: NodeRequest = {
    id: 'node-1', image: { name: 'kafka', version: 'any' }, env: {}, clientPort: 9092, hostPort: hostPort!, memoryMiB: 96,
    proxied: { directPort: directPort!, directContainerPort: 9092, question },
  };
  await expect(bare.startNodes([request], signal)).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('not runnable here') });
});

test('nodes that ask for none have no proxy, and need no image of it', async () => {
  const absent: ResolveImage = (docker, request, options) => (request.name === 'toxiproxy' ? Promise.reject(new Error('no registry answers')) : resolve(docker, request, options));
  await using plain = await createFleetWith({ resolve: absent }, { runId: 'client-links-plain', keep: false, signal, onProgress: () => {} });
  const [hostPort] = await plain.reservePorts(1);
  const [node] = await plain.startNodes([{ id: 'node-1', image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', server], clientPort: 9092, hostPort: hostPort!, memoryMiB: 96 }], signal);
  expect(node!.clientLink).toBeUndefined();
  expect(await ownedBy('client-links-plain')).toEqual(['container node-1', 'network']);
});

/** What is there of a run, without the random parts of its names. */
async function ownedBy(runId: string): Promise<readonly string[]> {
  const owned = (await listOwned(await connectEngine(signal), signal)).filter((object) => object.runId === runId);
  return owned.map(({ kind, name }) => `${kind} ${name.replace(/^leaderfall-.*?-[0-9a-f]{6}-?/, '')}`.trim()).toSorted();
}

/** A tool that dies in the middle of a fault, or between two ends of connections. */
const tool = `
const [{ createFleetWith }, { resolveImage }, { faults }] = await Promise.all([import('../engine/docker/create-fleet.ts'), import('../engine/docker/images/resolve-image.ts'), import('../chaos/catalogue.ts')]);
const resolve = (docker, request, options) => resolveImage(docker, request.name === 'toxiproxy' ? request : { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const [fault, server] = process.argv.slice(1);
const fleet = await createFleetWith({ resolve }, { runId: 'client-links-killed', keep: false, signal, onProgress: () => {} });
const [hostPort, directPort] = await fleet.reservePorts(2);
const question = { greeting: Buffer.from('hello\\n'), echo: Buffer.from('echo\\n'), echoAnswerBytes: 32 };
const request = { id: 'node-1', image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', server], clientPort: 9092, hostPort, memoryMiB: 96, proxied: { directPort, directContainerPort: 9092, question } };
const [node] = await fleet.startNodes([request], signal);
const parameter = (name) => ({ times: 100, pauseMs: 60000 })[name] ?? 50;
const injected = faults[fault].inject({ victims: [{ kind: 'node', life: node }], parameter, healWith: () => {}, signal });
if (fault !== 'connection-churn') await injected;
console.log(node.endpoint);
setInterval(() => {}, 1000);
`;

describe('a tool that is killed in the middle of', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await removeLabelled((await connectEngine(signal)).docker, ['leaderfall.run=client-links-killed'], signal);
  });

  test.each(['client-cut', 'lost-response', 'connection-churn'] as const)('%s leaves, after the next sweep, no proxy, node, network or listener', async (fault) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', tool, fault, server], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [endpoint] = await once(createInterface({ input: child.stdout }), 'line') as [string];
    expect(await ownedBy('client-links-killed')).toEqual(['container node-1', 'container proxy-1', 'network']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await sweep(signal);
    expect(await ownedBy('client-links-killed')).toEqual([]);
    using late = new WireProbe(endpoint);
    expect(await late.ends(5_000)).toBe(true);
    expect(late).toMatchObject({ end: 'ECONNREFUSED', connected: false });
  }, 30_000);
});
