import { expect, test } from 'vitest';
import type { FateMap } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { byName, parseXml, textOf } from '../../testing/parse-xml.ts';
import { requiredRun, upheldRun, violatedRun } from '../../testing/sample-records.ts';
import { fateFigure } from './fate-map.ts';

const drawn = (run: RunRecord, fateMap: Partial<FateMap> = {}) => {
  const facts = { ...run.facts!, fateMap: { ...run.facts!.fateMap, ...fateMap } };
  return parseXml(`<div>${fateFigure(run, facts, 'x', 'run-x').source}</div>`);
};
const cells = (root: ReturnType<typeof drawn>) => byName(byName(root, 'svg').find(({ attributes }) => attributes['role'] === 'img')!, 'rect').filter(({ children }) => children.length > 0);

test('in a cell the worst outcome wins, and its words have all', () => {
  const root = drawn(violatedRun, { binMs: 1_000, fromMs: 20_000, bins: 3, rows: [{ partitions: [0], cells: [{ bin: 0, counts: { processed: 90 } }, { bin: 1, counts: { lost: 1, failed: 2, processed: 997 } }] }, { partitions: [1], cells: [{ bin: 2, counts: { repeated: 3, processed: 5 } }] }] });
  expect(cells(root).map(({ attributes, children }) => [attributes['fill'], textOf(children[0]!)])).toEqual([
    ['#d8e4ef', 'partition 0, sent 20.0 s to 21.0 s: 90 processed'],
    ['url(#pattern-lost)', 'partition 0, sent 21.0 s to 22.0 s: 1 lost, 2 failed and 997 processed'],
    ['url(#pattern-repeated)', 'partition 1, sent 22.0 s to 23.0 s: 3 processed, and stored or processed more than once and 5 processed'],
  ]);
  expect(textOf(byName(root, 'figcaption')[0]!)).toContain('The worst: 1 lost, sent between 21.0 s and 22.0 s, partition 0.');
});

test('neighbours in which all went well are drawn as one, with their sum; a gap between them stays', () => {
  const root = drawn(upheldRun, { binMs: 100, fromMs: 0, bins: 9, rows: [{ partitions: [0], cells: [{ bin: 0, counts: { processed: 1 } }, { bin: 1, counts: { processed: 2 } }, { bin: 4, counts: { processed: 4 } }] }] });
  expect(cells(root).map(({ children }) => textOf(children[0]!))).toEqual(['partition 0, sent 0.0 s to 0.2 s: 3 processed', 'partition 0, sent 0.4 s to 0.5 s: 4 processed']);
  expect(textOf(root)).toContain('Every message that was sent was processed, wherever and whenever it was sent.');
});

test('a cell leads to the stories of its messages', () => {
  const links = byName(drawn(violatedRun), 'a');
  expect(links).toHaveLength(6);
  expect(links[0]!.attributes['href']).toBe('#run-x--message-0-10411');
  expect(textOf(drawn(violatedRun))).toContain('and 6 more');
});

test('a cell says how many of its messages are told nowhere in the page, and what tells them', () => {
  const root = drawn(violatedRun, { binMs: 500, fromMs: 31_000, bins: 2, rows: [{ partitions: [0], cells: [{ bin: 0, counts: { lost: 50, processed: 9 } }, { bin: 1, counts: { failed: 1 } }] }] });
  expect(textOf(byName(root, 'table')[0]!)).toContain('38 messages of this cell have no story here');
  expect(textOf(byName(root, 'table')[0]!)).toContain('none1 message of this cell has no story here');
  for (const words of ['npx leaderfall explain RUN PRODUCER:SEQUENCE', 'tells what has no story here']) expect(textOf(root)).toContain(words);
  const bad = cells(root).map(({ attributes }) => [attributes['data-cell'], attributes['data-from'], attributes['data-to']]);
  expect(bad).toEqual([['0', '31000', '31500'], ['0', '31500', '32000']]);
});

test('a loss that the contract demands is not drawn as a failure', () => {
  const fills = cells(drawn(requiredRun)).map(({ attributes }) => attributes['fill']);
  expect(fills).toContain('url(#pattern-asked)');
  expect(fills).not.toContain('url(#pattern-lost)');
});

test('what has no place is told: an unknown partition, several in one row, messages without an attempt', () => {
  const text = textOf(drawn(upheldRun, { unsent: 7, rows: [{ partitions: [0, 1, 2], cells: [{ bin: 0, counts: { processed: 1 } }] }, { partitions: [], cells: [{ bin: 0, counts: { failed: 1 } }] }] }));
  for (const words of ['partitions 0 to 2', 'partition not known', '7 messages without an attempt on record have no place on it']) expect(text).toContain(words);
  expect(textOf(drawn(upheldRun, { rows: [] }))).toBe('No message was sent, so there is nothing to map.');
});
