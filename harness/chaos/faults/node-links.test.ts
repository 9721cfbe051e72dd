import { describe, expect, test } from 'vitest';
import type { Node } from '../../model/cluster.ts';
import { countDropped } from './firewall.ts';
import { othersThan, ringWays, waysAround, type Way } from './node-links.ts';

const nodesOf = (count: number): readonly Node[] => Array.from({ length: count }, (_, index) => ({ id: String(index), address: `10.0.0.1${index}` }) as Node);
const words = (ways: readonly Way[]): readonly string[] => ways.map(({ from, to }) => `${from.id}>${to.id}`).toSorted();

describe('a ring', () => {
  test('of three: each loses one, and no two the same one', () => {
    expect(words(ringWays(nodesOf(3)))).toEqual(['0>2', '1>0', '2>1']);
  });

  test.each([3, 4, 5, 6, 7])('of %i: each hears a majority, and no two the same', (count) => {
    const ways = ringWays(nodesOf(count));
    const majorities = nodesOf(count).map(({ id }) => nodesOf(count).filter((from) => !ways.some((way) => way.to.id === id && way.from.id === from.id)).map((from) => from.id));
    for (const [index, majority] of majorities.entries()) {
      expect(majority).toContain(String(index));
      expect(majority.length).toBe(Math.floor(count / 2) + 1);
    }
    expect(new Set(majorities.map(String)).size).toBe(count);
  });

  test('of an odd number above three parts pairs in both directions', () => {
    const ways = words(ringWays(nodesOf(5)));
    expect(ways.map((way) => way.split('>').reverse().join('>')).toSorted()).toEqual(ways);
  });
});

test('ways around some nodes are all that begin or end at one, each once', () => {
  const all = nodesOf(3);
  expect(words(waysAround(all.slice(0, 1), all))).toEqual(['0>1', '0>2', '1>0', '2>0']);
  expect(words(waysAround(all, all)).length).toBe(6);
});

test('nobody is left to be separated from every node', () => {
  expect(() => othersThan(nodesOf(3), nodesOf(3))).toThrow(expect.objectContaining({ code: 'E_SCENARIO_INVALID' }));
});

describe('counts', () => {
  /** What `iptables-save -c` prints: rules of two faults, and one of somebody else. */
  const listing = `*filter
:INPUT ACCEPT [812:90210]
[3:180] -A INPUT -s 10.0.0.11/32 -p tcp -m tcp --dport 9094 -m comment --comment leaderfall-1-replication-cut -j DROP
[90:1] -A INPUT -s 10.0.0.10/32 -m comment --comment leaderfall-11-partition -j DROP
[0:0] -A OUTPUT -d 10.0.0.11/32 -p tcp -m tcp --sport 9094 -m comment --comment leaderfall-1-replication-cut -j DROP
[70:1] -A INPUT -s 10.0.0.10/32 -j DROP
COMMIT
`;
  const [zero, one] = nodesOf(2) as [Node, Node];

  test('are those of this fault alone, each rule\'s for itself; a rule that is not there has none', () => {
    const rules = [{ peer: one, direction: 'from' }, { peer: one, direction: 'to' }, { peer: zero, direction: 'from' }] as const;
    expect(countDropped(listing, 'leaderfall-1-replication-cut', rules)).toEqual([3, 0, null]);
  });

  test('of an empty listing are none', () => {
    expect(countDropped('', 'leaderfall-1-partition', [{ peer: one, direction: 'from' }])).toEqual([null]);
  });
});
