// Link faults in the networks of real containers: what passes, what does not, what is proved, what is left after healing.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFleetWith, type DockerFleet, type ResolveImage } from '../../engine/docker/create-fleet.ts';
import { resolveImage } from '../../engine/docker/images/resolve-image.ts';
import type { Cluster, Node } from '../../model/cluster.ts';
import { faultDeclarations } from '../../model/fault-parameters.ts';
import type { FaultName } from '../../model/scenario.ts';
import { waitUntil } from '../../model/wait.ts';
import { sabotagesOn } from '../testing/sabotage.ts';
import { strike, type StrikeContext, type Struck } from '../testing/strike.ts';

const resolve: ResolveImage = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const bounds = { timeoutMs: 15_000, signal };

/** Counts what it is sent until the sender is done, and answers with the count. */
const server = String.raw`exec perl -MIO::Socket -e '$SIG{CHLD} = "IGNORE"; $s = IO::Socket::INET->new(LocalPort => 9092, Listen => 9, ReuseAddr => 1) or die;
while ($c = $s->accept) { next if fork; $n = 0; while ($r = sysread($c, $b, 65536)) { $n += $r } print $c "$n\n"; exit }'`;
const client = String.raw`$c = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 9092, Timeout => 1) or exit 1; alarm 12; print $c "x" x $ARGV[1]; shutdown($c, 1); print scalar <$c>`;

let fleet: DockerFleet;
let nodes: readonly Node[];
const on = new Set<Struck>();

beforeAll(async () => {
  fleet = await createFleetWith({ resolve }, { runId: 'links-test', keep: false, signal, onProgress: () => {} });
  const ports = await fleet.reservePorts(3);
  nodes = await fleet.startNodes(ports.map((hostPort, index) => ({
    id: `node-${index + 1}`, hostPort, image: { name: 'kafka', version: 'any' }, env: {}, command: ['sh', '-c', server], clientPort: 9092, memoryMiB: 96,
  })), signal);
  await fleet.prepareSidecars(signal);
  await waitUntil(async () => {
    const open = await openWays();
    return open.length === allWays.length ? { done: true, value: null } : { done: false, seen: open.join() };
  }, { describe: 'the servers to listen', timeoutMs: 15_000, signal });
});
afterEach(async () => {
  for (const active of on) await active.heal(signal);
  on.clear();
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
});

const named = (id: string): Node => nodes.find((node) => node.id === id)!;

/** What the receiver says that it got; empty when nothing comes back. */
async function send(from: string, to: string, bytes = 10): Promise<string> {
  const { output } = await named(from).exec(['timeout', '14', 'perl', '-MIO::Socket', '-e', client, named(to).address, String(bytes)], bounds);
  return /^\d+$/m.exec(output)?.[0] ?? '';
}

/** "1>2" for every way on which a connection can be had. */
async function openWays(): Promise<readonly string[]> {
  const pairs = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from.id, to.id] as const));
  const answers = await Promise.all(pairs.map(async ([from, to]) => ((await send(from, to)) === '10' ? [`${from.slice(-1)}>${to.slice(-1)}`] : [])));
  return answers.flat();
}
const allWays = ['1>2', '1>3', '2>1', '2>3', '3>1', '3>2'];

/** Whether a single packet arrives: a connection needs both ways. */
async function hears(to: string, from: string): Promise<boolean> {
  const listen = `perl -MIO::Socket -e '$s = IO::Socket::INET->new(LocalPort => 7777, Proto => "udp") or die; alarm 2; $s->recv($b, 9); print "heard"'`;
  const heard = named(to).exec(['sh', '-c', listen], bounds);
  const talk = named(from).exec(['bash', '-c', `for i in 1 2 3 4 5 6; do echo x > /dev/udp/${named(to).address}/7777; sleep 0.2; done`], bounds);
  const [{ output }] = await Promise.all([heard, talk]);
  return output.includes('heard');
}

interface Aim {
  readonly at: readonly string[];
  readonly given?: Readonly<Record<string, number>>;
  /** Stands before a node's network commands. */
  readonly through?: (node: Node) => Node;
}

async function inject(fault: FaultName, { at, given = {}, through = (node) => node }: Aim): Promise<Struck> {
  const known = nodes.map(through);
  const cluster = { broker: 'kafka', nodes: known, replicationPort: 9092 } as unknown as Cluster;
  const context: StrikeContext = {
    cluster, destination: { name: 'orders', partitions: 1 }, partition: 0, signal,
    victims: known.filter(({ id }) => at.includes(id)).map((life) => ({ kind: 'node', life })),
    parameter: (name) => given[name] ?? Number(faultDeclarations[fault].parameters[name]!.default),
  };
  const active = await strike(fault, context);
  on.add(active);
  return active;
}

async function rulesLeft(): Promise<string> {
  const seen = await Promise.all(nodes.map((node) => node.netExec(['sh', '-c', 'iptables-save -t filter | grep leaderfall; tc qdisc show | grep htb'], bounds)));
  return seen.map(({ output }) => output).join('');
}

/** The command is taken, answered as if it had worked, and not run. */
const swallow = (node: Node): Node => new Proxy(node, {
  get: (target, key) => {
    if (key === 'netExec') {
      return ((command, options) => {
        const script = command.join(' ').replace(/iptables-restore -w 5 --noflush <</, 'cat > /dev/null <<').replaceAll(/tc (qdisc|class|filter) add/g, 'true $1');
        return target.netExec(['bash', '-c', script.slice('bash -c '.length)], options);
      }) satisfies Node['netExec'];
    }
    const value: unknown = Reflect.get(target, key, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});

describe('a partition', () => {
  test('of one node parts it from all others in both directions, and from nobody else', async () => {
    const active = await inject('partition', { at: ['node-2'] });
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringMatching(/^packets dropped at node-2 \(net:\[\d+\]\): [1-9]\d* from node-1, [1-9]\d* to node-1, [1-9]\d* from node-3, [1-9]\d* to node-3$/) });
    expect(await openWays()).toEqual(['1>3', '3>1']);
    await active.heal(signal);
    await active.heal(signal);
    expect(await rulesLeft()).toBe('');
    expect(await openWays()).toEqual(allWays);
  });

  test('of two of three parts the third', async () => {
    const active = await inject('partition', { at: ['node-1', 'node-2'] });
    expect((await active.prove(signal)).ok).toBe(true);
    expect(await openWays()).toEqual(['1>2', '2>1']);
  });

  test('is proved by the peer that lives when the other one is dead, and holds for that one when it is back', async () => {
    const dead = named('node-3');
    await dead.kill(signal);
    const active = await inject('partition', { at: ['node-1'] });
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringMatching(/[1-9]\d* from node-2, [1-9]\d* to node-2, .*node-3 is dead$/) });
    await dead.start(signal);
    await expect.poll(openWays, { timeout: 10_000 }).toEqual(['2>3', '3>2']);
    await active.heal(signal);
    await expect.poll(openWays, { timeout: 10_000 }).toEqual(allWays);
  });

  test('that overlaps with another one ends alone', async () => {
    const first = await inject('partition', { at: ['node-1'] });
    await inject('partition', { at: ['node-3'] });
    expect(await openWays()).toEqual([]);
    await first.heal(signal);
    expect(await openWays()).toEqual(['1>2', '2>1']);
  });

  test('one way leaves the target deaf, and what it sends arrives', async () => {
    const active = await inject('partition-one-way', { at: ['node-1'] });
    expect((await active.prove(signal)).ok).toBe(true);
    expect(await Promise.all([hears('node-1', 'node-2'), hears('node-2', 'node-1')])).toEqual([false, true]);
    expect(await openWays()).toEqual(['2>3', '3>2']);
  });

  test('as a ring makes every node deaf to one, no two to the same one', async () => {
    const active = await inject('partition-ring', { at: ['node-1', 'node-2', 'node-3'] });
    expect((await active.prove(signal)).ok).toBe(true);
    expect(await Promise.all([hears('node-1', 'node-2'), hears('node-2', 'node-3'), hears('node-3', 'node-1')])).toEqual([false, false, false]);
    expect(await Promise.all([hears('node-1', 'node-3'), hears('node-2', 'node-1'), hears('node-3', 'node-2')])).toEqual([true, true, true]);
  });
});

describe('a node that was started again', () => {
  test('has taken the old fault with it, and is struck anew in its new network', async () => {
    const node = named('node-2');
    const namespace = async (): Promise<string> => (await node.exec(['readlink', '/proc/self/ns/net'], bounds)).output.trim();
    const before = await namespace();
    const old = await inject('partition', { at: ['node-2'] });
    expect(await old.prove(signal)).toMatchObject({ ok: true, detail: expect.stringContaining(before) });
    await node.kill(signal);
    await old.heal(signal);
    await node.start(signal);
    await expect.poll(openWays, { timeout: 10_000 }).toEqual(allWays);
    const after = await namespace();
    expect(after).not.toBe(before);
    expect(await old.prove(signal)).toEqual({ ok: false, detail: expect.stringContaining('another network namespace') });
    await old.heal(signal);
    const anew = await inject('partition', { at: ['node-2'] });
    expect(await anew.prove(signal)).toMatchObject({ ok: true, detail: expect.stringContaining(after) });
    expect(await openWays()).toEqual(['1>3', '3>1']);
    await anew.heal(signal);
    expect(await openWays()).toEqual(allWays);
  });
});

test('packets are lost by the share that was asked for', async () => {
  const active = await inject('packet-loss', { at: ['node-1'], given: { percent: 30 } });
  expect(await active.prove(signal)).toMatchObject({ ok: true });
  const drop = async (): Promise<number> => Number(/\[(\d+):\d+\] -A INPUT -s \S+ -m statistic/.exec((await named('node-2').netExec(['iptables-save', '-c', '-t', 'filter'], bounds)).output)?.[1]);
  const before = await drop();
  await named('node-1').exec(['bash', '-c', `for ((i = 0; i < 1000; i++)); do echo x > /dev/udp/${named('node-2').address}/9; done`], bounds);
  expect(await drop() - before).toBeGreaterThan(220);
  expect(await drop() - before).toBeLessThan(380);
  await active.heal(signal);
  expect(await rulesLeft()).toBe('');
});

describe('a bandwidth limit', () => {
  const timed = async (from: string, to: string): Promise<number> => {
    const beganMs = performance.now();
    expect(await send(from, to, 196_608)).toBe('196608');
    return performance.now() - beganMs;
  };

  test('holds what the target sends to other nodes, and nothing else', async () => {
    const active = await inject('bandwidth-limit', { at: ['node-1'], given: { kibPerSecond: 64 } });
    expect(await active.prove(signal)).toEqual({ ok: true, detail: expect.stringMatching(/packets to node-2 at up to 65536 bytes a second, held back [1-9]\d* times; [1-9]\d* packets to node-3 at/) });
    expect(await timed('node-1', 'node-2')).toBeGreaterThan(2_000);
    expect(await timed('node-2', 'node-3')).toBeLessThan(1_500);
    expect(await timed('node-2', 'node-1')).toBeLessThan(1_500);
    await active.heal(signal);
    await active.heal(signal);
    expect(await rulesLeft()).toBe('');
    expect(await timed('node-1', 'node-2')).toBeLessThan(1_500);
  });

  test('on a node that has one is refused, and the first one stays', async () => {
    const first = await inject('bandwidth-limit', { at: ['node-1'], given: { kibPerSecond: 64 } });
    await expect(inject('bandwidth-limit', { at: ['node-1'], given: { kibPerSecond: 9 } })).rejects.toMatchObject({ code: 'E_CAPABILITY' });
    expect((await first.prove(signal)).ok).toBe(true);
  });
});

test.each(sabotagesOn('node networks'))('%s of a %s is not proved when its command was swallowed', async (fault) => {
  const active = await inject(fault, { at: fault === 'partition-ring' ? nodes.map(({ id }) => id) : ['node-1'], through: swallow });
  expect(await rulesLeft()).toBe('');
  expect(await active.prove(signal)).toEqual({ ok: false, detail: expect.stringMatching(/no rule|no limit/) });
});
