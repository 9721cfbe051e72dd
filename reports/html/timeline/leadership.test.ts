import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byName, parseXml, textOf } from '../../testing/parse-xml.ts';
import { upheldRun } from '../../testing/sample-records.ts';
import { leadership, reignsOf } from './leadership.ts';

const facts = upheldRun.facts!;
const change = (timeMs: number, from: string | null, to: string | null, partition = 0) => ({ timeMs, partition, from, to });

test('reigns follow each other without gap or overlap, from end to end', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 20 }), (times) => {
    const reigns = reignsOf(times.map((timeMs, index) => change(timeMs, `n${index}`, `n${index + 1}`)), { fromMs: 0, toMs: 1000 });
    expect([reigns[0]!.fromMs, reigns.at(-1)!.toMs]).toEqual([0, 1000]);
    for (const [index, reign] of reigns.slice(1).entries()) expect(reign.fromMs).toBe(reigns[index]!.toMs);
  }));
});

test('a partition that nobody led is drawn and named so', () => {
  const figure = parseXml(leadership(upheldRun, { ...facts, leaderChanges: [change(12_400, 'kafka-2', null), change(14_880, null, 'kafka-1'), change(15_000, 'kafka-1', 'kafka-3', 4)] }, 'x').source);
  expect(textOf(byName(figure, 'figcaption')[0]!)).toBe('Partition 0: kafka-2, nobody from 12.4 s, kafka-1 from 14.9 s. Partition 4: kafka-1, kafka-3 from 15.0 s.');
  expect(byName(figure, 'rect').filter(({ attributes }) => attributes['fill'] === 'url(#pattern-away)')).toHaveLength(1);
});

test('many partitions are cut with a notice, none is a sentence', () => {
  const many = Array.from({ length: 40 }, (_, partition) => change(13_000, 'a', 'b', partition));
  const figure = parseXml(leadership(upheldRun, { ...facts, leaderChanges: many }, 'x').source);
  expect(byName(figure, 'rect')).toHaveLength(24);
  expect(textOf(figure)).toContain('Not drawn: 28 more partitions');
  expect(leadership(upheldRun, { ...facts, leaderChanges: [] }, 'x').source).toContain('No change of leader was seen.');
});
