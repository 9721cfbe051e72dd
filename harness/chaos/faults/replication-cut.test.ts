import { expect, test } from 'vitest';
import type { Cluster, Node } from '../../model/cluster.ts';
import { strike, type StrikeContext } from '../testing/strike.ts';

const namespace = 'net:[4026532301]\n';

/** Stands for a node's network: takes a transaction of rules whole or not at all, and counts what each drops. */
function networkOf({ refuses = false, swallows = false, dead = [] as readonly string[], drops = (_: string): number => 1 } = {}) {
  const rules: string[] = [];
  const netExec: Node['netExec'] = async ([, , script = '']) => {
    if (script.includes('iptables-save -c')) return { exitCode: 0, output: namespace + rules.map((rule) => `[${drops(rule)}:60] ${rule}\n`).join('') };
    if (script.includes('sed -n')) rules.length = 0;
    else if (refuses) return { exitCode: 4, output: `${namespace}iptables-restore: Permission denied` };
    else if (!swallows) rules.push(...script.split('\n').filter((line) => line.startsWith('-A ')).map((line) => line.replace(/(10[.\d]+)/, '$1/32')));
    return { exitCode: 0, output: namespace };
  };
  const life = { status: 'running', pid: 1, startedAt: 'now', exitCode: null } as const;
  const node = { id: 'kafka-1', address: '10.0.0.11', state: async () => life, netExec } as unknown as Node;
  const peers = ['10.0.0.12', '10.0.0.13'].map((address, index) => {
    const id = `kafka-${index + 2}`;
    return { id, address, state: async () => ({ ...life, status: dead.includes(id) ? 'exited' : 'running' }) } as unknown as Node;
  });
  const cluster = { broker: 'kafka', replicationPort: 9094, nodes: [node, ...peers] } as unknown as Cluster;
  const context: StrikeContext = { cluster, victims: [{ kind: 'node', life: node }], destination: { name: 'orders', partitions: 1 }, partition: 0, parameter: () => 0, signal: new AbortController().signal };
  return { rules, context };
}

test('both directions to every peer are cut on the replication port, and healing leaves no rule', async () => {
  const { rules, context } = networkOf();
  const active = await strike('replication-cut', context);
  expect(rules.length).toBe(4);
  expect(rules.every((rule) => rule.includes('port 9094'))).toBe(true);
  await active.heal(context.signal);
  expect(rules).toEqual([]);
});

test('a cut that is refused leaves none of its rules behind', async () => {
  const { rules, context } = networkOf({ refuses: true });
  await expect(strike('replication-cut', context)).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('Permission denied') });
  expect(rules).toEqual([]);
});

test('answers alone prove it: a follower whose answer was dropped asks nothing more', async () => {
  const { context } = networkOf({ drops: (rule) => (rule.includes('OUTPUT') ? 2 : 0) });
  expect(await (await strike('replication-cut', context)).prove(context.signal)).toMatchObject({ ok: true });
});

test('a follower that is dead feels no cut: the one that lives proves it', async () => {
  const { context } = networkOf({ dead: ['kafka-3'], drops: (rule) => (rule.includes('10.0.0.12') ? 3 : 0) });
  expect(await (await strike('replication-cut', context)).prove(context.signal)).toEqual({ ok: true, detail: expect.stringContaining('0 from kafka-3, 0 to kafka-3; kafka-3 is dead') });
});

test.each([
  ['whose command was swallowed', { swallows: true }, 'no rule'],
  ['that one follower never felt', { drops: (rule: string) => (rule.includes('10.0.0.12') ? 3 : 0) }, '0 from kafka-3'],
  ['that one follower never felt while the other is dead', { dead: ['kafka-3'], drops: () => 0 }, '0 from kafka-2'],
  ['of which only the dead would know', { dead: ['kafka-2', 'kafka-3'], drops: () => 0 }, 'kafka-2 is dead; kafka-3 is dead'],
])('a cut %s is not proved', async (_, network, seen) => {
  const { context } = networkOf(network);
  expect(await (await strike('replication-cut', context)).prove(context.signal)).toEqual({ ok: false, detail: expect.stringContaining(seen) });
});
