// One message's story from planted events: what happened to it, who led, what struck, and who stood beside it.
import { expect, test } from 'vitest';
import { tellMessage } from './message-story.ts';
import { HistoryBuilder } from './testing/history-builder.ts';

/** Message 0:5 is sent twice around a kill; 0:4 and 0:6 are its neighbours, 1:5 is another producer's. */
const builder = (): HistoryBuilder => new HistoryBuilder({ storeKind: 'log', producers: 2 })
  .errors('producer', 0, [{ name: 'NOT_LEADER', message: 'moved' }])
  .produced(0, 'reserved', 0, { atMs: 1000, offset: 100 })
  .produced(0, 'sent', 4, { atMs: 1900, partition: 0 }).produced(0, 'acknowledged', 4, { atMs: 1910, partition: 0, offset: 40 })
  .produced(0, 'sent', 5, { atMs: 2000, partition: 0 }).produced(0, 'indeterminate', 5, { atMs: 2100, code: 1 })
  .produced(0, 'sent', 5, { atMs: 2400, attempt: 2, partition: 0 }).produced(0, 'acknowledged', 5, { atMs: 2500, attempt: 2, partition: 0, offset: 41 })
  .produced(0, 'sent', 6, { atMs: 2600, partition: 0 })
  .produced(1, 'sent', 5, { atMs: 2050, partition: 1 })
  .consumed(0, 'delivered', 0, 5, { atMs: 2700, attempt: 2, partition: 0, offset: 41 }).consumed(0, 'processed', 0, 5, { atMs: 2701, attempt: 2 })
  .audited('stored', 0, 5, { atMs: 30_000, attempt: 2, partition: 0, offset: 41 })
  .at(500, { type: 'leader', partition: 0, from: null, to: 'a', epoch: 1 })
  .at(2050, { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' })
  .at(2300, { type: 'leader', partition: 0, from: 'a', to: 'b', epoch: 2 })
  .at(2310, { type: 'leader', partition: 1, from: 'a', to: 'c', epoch: 2 })
  .at(9000, { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge: 'healed', nodes: ['a'], detail: '' })
  .at(31_000, { type: 'audit', conclusive: true, detail: '', records: 1, positions: { partitions: [] } as never });

const story = (sequence: number, neighbours = 1, source = builder().build({ cuts: [3, 1, 5] })) => tellMessage(source, { producer: 0, sequence }, { neighbours });

test('its events stand in the order of time, with the strike and the change of its own partition’s leader between', async () => {
  const { chapters, known } = await story(5);
  expect(known).toBe(true);
  expect(chapters.map(({ timeMs, words, leader }) => [timeMs, words, leader])).toEqual([
    [1000, 'its number was reserved', 'a'],
    [2000, 'sent by producer-0, for partition 0', 'a'],
    [2050, 'kill struck a', null],
    [2100, 'given up without a known outcome by producer-0 (NOT_LEADER: moved)', 'a'],
    [2300, 'leader of partition 0: a → b', null],
    [2400, 'sent by producer-0, attempt 2, for partition 0', 'b'],
    [2500, 'acknowledged to producer-0, attempt 2, partition 0, offset 41', 'b'],
    [2700, 'delivered to consumer-0, attempt 2, partition 0, offset 41', 'b'],
    [2701, 'processed by consumer-0, attempt 2', 'b'],
    [30_000, 'found by the audit, attempt 2, partition 0, offset 41', 'b'],
  ]);
});

test('one that is nowhere is told to the end of the fault that came after its own events, and to the audit that did not find it', async () => {
  const source = builder().at(5000, { type: 'fault', id: 'cut', fault: 'power-loss', strikes: 'node', edge: 'struck', nodes: ['b'], detail: '' })
    .at(6000, { type: 'leader', partition: 0, from: 'b', to: 'c', epoch: 3 })
    .at(7000, { type: 'fault', id: 'cut', fault: 'power-loss', strikes: 'node', edge: 'healed', nodes: ['b'], detail: '' }).build();
  const { chapters } = await story(4, 0, source);
  expect(chapters.map(({ timeMs, words }) => [timeMs, words])).toEqual([
    [1000, 'its number was reserved'],
    [1900, 'sent by producer-0, for partition 0'],
    [1910, 'acknowledged to producer-0, partition 0, offset 40'],
    [2050, 'kill struck a'],
    [2300, 'leader of partition 0: a → b'],
    [5000, 'power-loss struck b'],
    [6000, 'leader of partition 0: b → c'],
    [7000, 'power-loss of b healed'],
    [9000, 'kill of a healed'],
    [31_000, 'the audit did not find it'],
  ]);
});

test('its neighbours are those of the same producer, as many as were asked for', async () => {
  expect((await story(5)).neighbours.map(({ sequence, summary }) => [sequence, summary])).toEqual([
    [4, 'sent at 1.900 s; acknowledged at 1.910 s (partition 0, offset 40); never delivered; not in the log'],
    [6, 'sent at 2.600 s; never delivered; not in the log'],
  ]);
  expect((await story(5, 0)).neighbours).toEqual([]);
});

test('one that nothing names is not known; one that was only reserved says so', async () => {
  expect(await story(5000)).toMatchObject({ known: false, chapters: [], neighbours: [], summary: 'no event of the history names it' });
  expect(await story(50)).toMatchObject({ known: true, summary: 'reserved and never heard of again; never delivered; not in the log' });
});

test('one of a closed publish says that it was exposed', async () => {
  const source = builder().at(1950, { type: 'closed', producer: 0, from: 5, to: 25, complete: true }).build();
  expect((await story(5, 0, source)).exposed).toBe('one of the 20 messages of a closed publish, exposed to the fault that followed');
  expect((await story(4, 0, source)).exposed).toBeNull();
});

test('a history that lacks something says so', async () => {
  expect((await story(5, 0, builder().broken('producer-1 left no segment').build())).incomplete).toBe('producer-1 left no segment');
});
