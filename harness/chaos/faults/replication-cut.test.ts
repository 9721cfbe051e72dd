import { expect, test } from 'vitest';
import type { Cluster, Node } from '../../model/cluster.ts';
import type { FaultContext } from '../fault.ts';
import { droppedByPeer, replicationCut } from './replication-cut.ts';

/** What `iptables -L -v -x -n` prints: both chains, rules of others among them. */
const listing = `Chain INPUT (policy ACCEPT 812 packets, 90210 bytes)
    pkts      bytes target     prot opt in     out     source               destination
       3      180 DROP       tcp  --  *      *       10.0.0.12            0.0.0.0/0            tcp dpt:9094
       0        0 DROP       tcp  --  *      *       10.0.0.13            0.0.0.0/0            tcp dpt:9094
     100     9000 ACCEPT     tcp  --  *      *       10.0.0.13            0.0.0.0/0            tcp dpt:9092

Chain OUTPUT (policy ACCEPT 700 packets, 80000 bytes)
    pkts      bytes target     prot opt in     out     source               destination
       4      240 DROP       tcp  --  *      *       0.0.0.0/0            10.0.0.12            tcp spt:9094
       7      420 DROP       tcp  --  *      *       0.0.0.0/0            10.0.0.1             tcp spt:9094
`;

test('dropped packets are summed for each peer over both directions, and for nobody else', () => {
  expect(droppedByPeer(listing, ['10.0.0.12', '10.0.0.13', '10.0.0.1', '10.0.0.99'])).toEqual([7, 0, 7, 0]);
});

test('an empty listing has dropped nothing', () => {
  expect(droppedByPeer('', ['10.0.0.12'])).toEqual([0]);
});

/** Stands for a node's network: remembers its rules, and refuses the command that the test wants refused. */
function networkOf(refused: number) {
  const rules: string[] = [];
  let commands = 0;
  const netExec: Node['netExec'] = async ([, , verb, ...rule]) => {
    if (++commands === refused) return { exitCode: 4, output: 'iptables: Permission denied' };
    if (verb === '-A') rules.push(rule.join(' '));
    if (verb === '-D' && rules.includes(rule.join(' '))) rules.splice(rules.indexOf(rule.join(' ')), 1);
    return { exitCode: 0, output: '' };
  };
  const life = { status: 'running', pid: 1, startedAt: 'now', exitCode: null } as const;
  const node = { id: 'kafka-1', address: '10.0.0.11', state: async () => life, netExec } as unknown as Node;
  const peers = ['10.0.0.12', '10.0.0.13'].map((address, index) => ({ id: `kafka-${index + 2}`, address }) as Node);
  const cluster = { broker: 'kafka', replicationPort: 9094, nodes: [node, ...peers] } as unknown as Cluster;
  const context: FaultContext = { cluster, victims: [{ kind: 'node', life: node }], destination: { name: 'orders', partitions: 1 }, partition: 0, parameter: () => 0, signal: new AbortController().signal };
  return { rules, context };
}

test('both directions to every peer are cut, and healing leaves no rule', async () => {
  const { rules, context } = networkOf(0);
  const active = await replicationCut.inject(context);
  expect(rules.length).toBe(4);
  await active.heal(context.signal);
  expect(rules).toEqual([]);
});

test.each([1, 2, 3, 4])('a cut that is refused at rule %i leaves none of its rules behind', async (refused) => {
  const { rules, context } = networkOf(refused);
  await expect(replicationCut.inject(context)).rejects.toMatchObject({ code: 'E_CAPABILITY', message: expect.stringContaining('Permission denied') });
  expect(rules).toEqual([]);
});
