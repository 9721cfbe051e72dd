// Which nodes a target means in a given cluster: exactly those, none twice, and unknown rather than wrong.
import { describe, expect, test } from 'vitest';
import { seededPrng } from '../model/clock.ts';
import type { PartitionTopology, Topology } from '../model/cluster.ts';
import { nodeIdsOf, type Surroundings } from './resolve-target.ts';

const nodes = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);
const partition = (index: number, leader: string | null, inSync: readonly string[]): PartitionTopology =>
  ({ partition: index, leader, epoch: 1, replicas: ['n1', 'n2', 'n3'], inSync });
const topology: Topology = { partitions: [partition(0, 'n2', ['n2', 'n3']), partition(1, 'n3', ['n3'])], controller: 'n1', alive: nodes(3) };
const around = (changes: Partial<Surroundings> = {}): Surroundings => ({ topology, all: nodes(3), coordinator: 'n3', choice: 0, ...changes });
const leaderless = around({ topology: { ...topology, controller: null, partitions: [partition(0, null, ['n2'])] }, coordinator: null });

test.each([
  [{ role: 'node', node: 'n9' }, ['n9']],
  [{ role: 'leader', partition: 1 }, ['n3']],
  [{ role: 'follower', partition: 0 }, ['n3']],
  [{ role: 'replicas', partition: 1 }, ['n1', 'n2', 'n3']],
  [{ role: 'controller' }, ['n1']],
  [{ role: 'coordinator' }, ['n3']],
  [{ role: 'all' }, ['n1', 'n2', 'n3']],
  [{ role: 'minority' }, ['n2']],
  [{ role: 'majority' }, ['n2', 'n1']],
  [{ role: 'together', targets: [{ role: 'controller' }, { role: 'leader', partition: 0 }] }, ['n1', 'n2']],
] as const)('%o of three nodes', (target, expected) => {
  expect(nodeIdsOf(target, around())).toEqual(expected);
});

describe('what is not known now is nobody, so that it is waited for', () => {
  test.each([
    [{ role: 'leader', partition: 0 }], [{ role: 'leader', partition: 7 }], [{ role: 'replicas', partition: 7 }], [{ role: 'controller' }], [{ role: 'coordinator' }], [{ role: 'minority' }], [{ role: 'majority' }],
    [{ role: 'together', targets: [{ role: 'node', node: 'n1' }, { role: 'controller' }] }],
  ] as const)('%o', (target) => {
    expect(nodeIdsOf(target, leaderless)).toBeNull();
  });

  test('the last replica in sync is no follower when nobody leads: it may be the leader that died', () => {
    expect(nodeIdsOf({ role: 'follower', partition: 0 }, leaderless)).toBeNull();
    expect(nodeIdsOf({ role: 'follower', partition: 1 }, around())).toBeNull();
  });

  test('replicas and all nodes are known without a leader', () => {
    expect([nodeIdsOf({ role: 'replicas', partition: 0 }, leaderless), nodeIdsOf({ role: 'all' }, leaderless)]).toEqual([nodes(3), nodes(3)]);
  });
});

describe('groups', () => {
  test.each([[1, 0, 1], [2, 0, 2], [3, 1, 2], [4, 1, 3], [5, 2, 3], [7, 3, 4]])('of %i nodes a minority is %i and a majority %i, the leader first', (count, minority, majority) => {
    const [few, many] = (['minority', 'majority'] as const).map((role) => nodeIdsOf({ role }, around({ all: nodes(count), topology: { ...topology, partitions: [partition(0, 'n1', ['n1'])] } }))!);
    expect([few!.length, many!.length]).toEqual([minority, majority]);
    expect(count - few!.length).toBeGreaterThan(count / 2);
    expect(many!.length).toBeGreaterThan(count / 2);
    expect([...new Set(many)]).toEqual(many);
  });

  test('a node that two targets name is struck once', () => {
    expect(nodeIdsOf({ role: 'together', targets: [{ role: 'leader', partition: 0 }, { role: 'minority' }, { role: 'all' }] }, around())).toEqual(['n2', 'n1', 'n3']);
  });
});

describe('random', () => {
  const chosen = (seed: string): readonly string[] => {
    const prng = seededPrng(seed);
    return Array.from({ length: 30 }, () => nodeIdsOf({ role: 'random' }, around({ choice: prng.next() }))![0]!);
  };

  test('the same seed chooses the same nodes, another seed others, and in time every node', () => {
    expect(chosen('a')).toEqual(chosen('a'));
    expect(chosen('a')).not.toEqual(chosen('b'));
    expect(new Set(chosen('a'))).toEqual(new Set(nodes(3)));
  });

  test('the ends of the choice are the first node and the last', () => {
    expect([0, 0.999_999_9].map((choice) => nodeIdsOf({ role: 'random' }, around({ choice })))).toEqual([['n1'], ['n3']]);
  });
});
