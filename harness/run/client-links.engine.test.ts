// Faults on the way of clients, with a real Toxiproxy before two small servers: each is met by a connection of our own, ends when healed,
// and is not proved where its injection was swallowed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../chaos/catalogue.ts';
import type { FaultContext } from '../chaos/fault.ts';
import { sabotagesOn, swallowing } from '../chaos/testing/sabotage.ts';
import { createFleetWith, type DockerFleet, type ResolveImage } from '../engine/docker/create-fleet.ts';
import { resolveImage } from '../engine/docker/images/resolve-image.ts';
import { WireProbe } from '../engine/docker/proxy/wire-probe.ts';
import type { Cluster, Node } from '../model/cluster.ts';
import type { NodeRequest } from '../model/engine.ts';
import { waitUntil } from '../model/wait.ts';

/** The nettools image is small and is needed anyway: here it plays the brokers. */
const resolve: ResolveImage = (docker, request, options) => resolveImage(docker, request.name === 'toxiproxy' ? request : { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const greeting = Buffer.from('hello\n');
const echo = Buffer.from('echo\n');
const echoAnswerBytes = 32;

/** Answers every line, and writes down what it was asked. */
const server = String.raw`exec perl -MIO::Socket::INET -e '$SIG{CHLD} = "IGNORE"; $s = IO::Socket::INET->new(LocalPort => 9092, Listen => 99, ReuseAddr => 1) or die;
while (1) { $c = $s->accept or next; if (fork) { close $c; next } $c->autoflush(1);
while (<$c>) { open($f, ">>", "/asked"); print $f $_; close $f; print $c $_ eq "hello\n" ? "welcome\n" : ("x" x 31) . "\n" } exit }'`;

let fleet: DockerFleet;
let nodes: readonly Node[];
beforeAll(async () => {
  fleet = await createFleetWith({ resolve }, { runId: 'client-links-test', keep: false, signal, onProgress: () => {} });
  const ports = await fleet.reservePorts(4);
  const request = (index: number): NodeRequest => ({
    id: `node-${index + 1}`, image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', server], clientPort: 9092, hostPort: ports[index]!, memoryMiB: 96,
    proxied: { directPort: ports[index + 2]!, directContainerPort: 9092, question: { greeting, echo, echoAnswerBytes } },
  });
  nodes = await fleet.startNodes([request(0), request(1)], signal);
  for (const node of nodes) await untilAnswers(node.endpoint);
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

function contextFor(...struck: readonly Node[]): FaultContext {
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
    const active = await faults[name].inject(contextFor(struck!));
    const proof = await active.prove(signal);
    expect(proof, proof.detail).toMatchObject({ ok: true });
    expect(await answers(spared!.endpoint)).toBe(true);
    expect(await answers(struck!.directEndpoint!)).toBe(true);
    await active.heal(signal);
    await active.heal(signal);
    expect(await answers(struck!.endpoint)).toBe(true);
  });

  test('is not proved where its injection was swallowed', async () => {
    const active = await faults[name].inject(contextFor(unstruck(nodes[0]!)));
    const proof = await active.prove(signal);
    expect(proof, proof.detail).toMatchObject({ ok: false });
    await active.heal(signal);
  }, 30_000);

  test('is not proved where it strikes only one of two', async () => {
    const active = await faults[name].inject(contextFor(nodes[0]!, unstruck(nodes[1]!)));
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
    const active = await faults['lost-response'].inject(contextFor(node!));
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
    const active = await faults['client-silence'].inject(contextFor(node!));
    client.send(Buffer.from('never heard\n'));
    expect((await active.prove(signal)).ok).toBe(true);
    expect((await node!.exec(['cat', '/asked'], { timeoutMs: 5_000, signal })).output).not.toContain('never heard');
    await active.heal(signal);
  });

  test('a reset is one on the wire where the proxy listens on this machine, and a cut is a refusal', async () => {
    const [node] = nodes;
    const reset = await faults['client-reset'].inject(contextFor(node!));
    using first = new WireProbe(node!.endpoint);
    first.send(greeting);
    expect(await first.ends(5_000)).toBe(true);
    expect(first).toMatchObject({ end: 'ECONNRESET', connected: true });
    await reset.heal(signal);
    const cut = await faults['client-cut'].inject(contextFor(node!));
    using second = new WireProbe(node!.endpoint);
    expect(await second.ends(5_000)).toBe(true);
    expect(second).toMatchObject({ end: 'ECONNREFUSED', connected: false });
    await cut.heal(signal);
  });

  test('a node that was killed and started again has its proxy as before, and its trouble too', async () => {
    const [node] = nodes;
    const { endpoint, directEndpoint } = node!;
    const active = await faults['client-silence'].inject(contextFor(node!));
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

test('a node without a proxy cannot be struck, and says so', async () => {
  const { id } = nodes[0]!;
  await expect(faults['client-cut'].inject(contextFor({ id } as Node))).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('not runnable here') });
});

test('without an image of Toxiproxy the nodes are not started, and the reason is told', async () => {
  const absent: ResolveImage = (docker, request, options) => (request.name === 'toxiproxy' ? Promise.reject(new Error('no registry answers')) : resolve(docker, request, options));
  await using bare = await createFleetWith({ resolve: absent }, { runId: 'client-links-test', keep: false, signal, onProgress: () => {} });
  const [hostPort, directPort] = await bare.reservePorts(2);
  const request: NodeRequest = {
    id: 'node-1', image: { name: 'kafka', version: 'any' }, env: {}, clientPort: 9092, hostPort: hostPort!, memoryMiB: 96,
    proxied: { directPort: directPort!, directContainerPort: 9092, question: { greeting, echo, echoAnswerBytes } },
  };
  await expect(bare.startNodes([request], signal)).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('not runnable here') });
});
