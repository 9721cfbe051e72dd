import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts, ReplicaState } from '../../../harness/model/facts.ts';
import { byName, parseXml, textOf } from '../../testing/parse-xml.ts';
import { upheldRun } from '../../testing/sample-records.ts';
import { leadership, stretchesOf } from './leadership.ts';

const facts: Facts = { ...upheldRun.facts!, leaderChanges: [] };
const state = (timeMs: number, leader: string | null, inSync: readonly string[] | null = ['a', 'b'], partition = 0): ReplicaState => ({ timeMs, partition, leader, inSync });
const drawn = (replicas: readonly ReplicaState[], more: Partial<Facts> = {}) => parseXml(leadership(upheldRun, { ...facts, ...more, replicas }, 'x').source);
const caption = (figure: ReturnType<typeof drawn>): string => textOf(byName(figure, 'figcaption')[0]!);

test('what a node was to a partition follows without gap or overlap, from the first word to the end', () => {
  const roles = fc.record({ leader: fc.constantFrom('a', 'b', null), inSync: fc.constantFrom(['a'], ['b'], ['a', 'b'], null) });
  fc.assert(fc.property(fc.array(roles, { minLength: 1, maxLength: 30 }), (all) => {
    const stretches = stretchesOf('a', all.map(({ leader, inSync }, index) => state(index * 10, leader, inSync)), { fromMs: 0, toMs: 1_000 });
    expect([stretches[0]!.fromMs, stretches.at(-1)!.toMs]).toEqual([0, 1_000]);
    for (const [index, stretch] of stretches.slice(1).entries()) expect([stretch.fromMs, stretch.role === stretches[index]!.role]).toEqual([stretches[index]!.toMs, false]);
  }));
});

test('a replica that falls out of sync, or is gone while it leads nobody, is drawn so and named in the caption', () => {
  const figure = drawn([state(0, 'a'), state(12_400, null, ['b']), state(14_880, 'b', ['b']), state(18_000, 'b')], { leaderChanges: [{ timeMs: 12_400, partition: 0, from: 'a', to: null }, { timeMs: 14_880, partition: 0, from: null, to: 'b' }] });
  expect(caption(figure)).toBe('Partition 0: led by a, nobody from 12.4 s, b from 14.9 s; at worst 1 of 2 in sync (b), from 12.4 s.');
  expect(byName(byName(figure, 'svg').at(-1)!, 'rect').filter(({ attributes }) => attributes['fill'] === 'url(#pattern-away)')).toHaveLength(1);
  expect(byName(figure, 'title').map(textOf)).toContain('a not in sync, 12.4 s to 18.0 s');
});

test('partitions that fared alike share a sentence; a queue is called one', () => {
  expect(caption(drawn([state(0, 'a'), state(0, 'a', ['a', 'b'], 3)]))).toBe('Partitions 0 and 3: a led throughout; all 2 replicas in sync.');
  expect(caption(drawn([state(0, 'a')], { storeKind: 'queue' }))).toBe('The queue: a led throughout; all 2 replicas online.');
});

test('many partitions are cut with a notice, those without a change first; none is a sentence', () => {
  const many = Array.from({ length: 40 }, (_, partition) => state(0, 'a', ['a', 'b'], partition));
  const figure = drawn([...many, state(13_000, 'b', ['b'], 39)]);
  expect(textOf(figure)).toContain('Not drawn: 28 more partitions');
  expect(textOf(figure)).toContain('partition 39');
  expect(leadership(upheldRun, { ...facts, replicas: [] }, 'x').source).toContain('Nobody saw who led');
});
