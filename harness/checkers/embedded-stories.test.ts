// What a run's record tells of single messages: examples of every anomaly, those that were exposed and survived, each with its own partition's leader and its neighbours.
import { expect, test } from 'vitest';
import { exampleLimit, survivorLimit, type Facts } from '../model/facts.ts';
import { check } from './check.ts';
import { tellMessage } from './message-story.ts';
import { HistoryBuilder } from './testing/history-builder.ts';

/** Producer 0 sends to six partitions by turns; 0:11, for partition 5, is claimed as sent without a receipt and is nowhere, though partition 5 never lost its leader. */
function falselyAcknowledged(): HistoryBuilder {
  const builder = new HistoryBuilder({ storeKind: 'log', scenario: { destination: { partitions: 6, settings: {} } } })
    .at(500, { type: 'leader', partition: 0, from: null, to: 'a', epoch: 1 }).at(500, { type: 'leader', partition: 5, from: null, to: 'c', epoch: 1 })
    .at(2_050, { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' })
    .at(2_300, { type: 'leader', partition: 0, from: 'a', to: 'b', epoch: 2 })
    .produced(0, 'reserved', 0, { atMs: 600, offset: 24 });
  for (let sequence = 0; sequence < 24; sequence++) {
    const [partition, atMs, offset] = [sequence % 6, 1_000 + 100 * sequence, Math.floor(sequence / 6)];
    builder.produced(0, 'sent', sequence, { atMs, partition });
    if (sequence === 11) builder.produced(0, 'unreceipted', sequence, { atMs: atMs + 1 }).produced(0, 'acknowledged', sequence, { atMs: atMs + 2 });
    else builder.produced(0, 'acknowledged', sequence, { atMs: atMs + 2, partition, offset }).consumed(0, 'delivered', 0, sequence, { atMs: atMs + 20, partition, offset }).consumed(0, 'processed', 0, sequence, { atMs: atMs + 21 }).audited('stored', 0, sequence, { atMs: 30_000 + sequence, partition, offset });
  }
  return builder.at(29_000, { type: 'drain', conclusive: true, detail: '' })
    .at(31_000, { type: 'audit', conclusive: true, detail: '', records: 23, positions: { partitions: [0, 1, 2, 3, 4, 5].map((partition) => ({ partition, committed: 4, start: 0, end: 4 })) } });
}

const examplesOf = ({ measures }: Facts, name: string) => measures.find(({ measure }) => measure === name)!.examples;

test('a message without a receipt is told with the leader of its own partition, which never moved', async () => {
  const facts = await check(falselyAcknowledged().build());
  expect(examplesOf(facts, 'lost')).toMatchObject([{ producer: 0, sequence: 11, partition: 5 }]);
  const { chapters, neighbours } = facts.stories!['0:11']!;
  expect(chapters.map(({ words, leader }) => [words, leader])).toEqual([
    ['kill struck a', null], ['sent by producer-0, for partition 5', 'c'],
    ['reported as sent without a receipt to producer-0', 'c'], ['acknowledged to producer-0', 'c'], ['the audit did not find it', 'c'],
  ]);
  expect(neighbours.map(({ sequence }) => sequence)).toEqual([5, 17]);
});

test('explain tells the same, and the same neighbours', async () => {
  const source = falselyAcknowledged().build({ cuts: [7, 3] });
  const { stories } = await check(source);
  const { chapters, neighbours, exposed } = await tellMessage(source, { producer: 0, sequence: 11 }, { neighbours: 1 });
  expect(stories!['0:11']!.chapters).toEqual(chapters.filter(({ words }) => words !== 'its number was reserved'));
  expect(stories!['0:11']!.neighbours).toEqual(neighbours);
  expect(exposed).toBeNull();
});

/** 100 messages of a closed publish before a kill, of which every tenth is lost. */
function closedPublish(): HistoryBuilder {
  const builder = new HistoryBuilder({ storeKind: 'log' }).produced(0, 'reserved', 0, { atMs: 600, offset: 100 });
  for (let sequence = 0; sequence < 100; sequence++) {
    builder.produced(0, 'sent', sequence, { atMs: 1_000 + sequence, partition: 0 }).produced(0, 'acknowledged', sequence, { atMs: 1_200 + sequence, partition: 0, offset: sequence });
    if (sequence % 10 !== 0) builder.consumed(0, 'delivered', 0, sequence, { atMs: 5_000 + sequence, partition: 0, offset: sequence }).consumed(0, 'processed', 0, sequence, { atMs: 5_500 + sequence }).audited('stored', 0, sequence, { atMs: 30_000 + sequence, partition: 0, offset: sequence });
  }
  return builder.at(1_900, { type: 'closed', producer: 0, from: 0, to: 100, complete: true })
    .at(2_000, { type: 'fault', id: 'kill', fault: 'kill', strikes: 'node', edge: 'struck', nodes: ['a'], detail: '' })
    .at(29_000, { type: 'drain', conclusive: true, detail: '' })
    .at(31_000, { type: 'audit', conclusive: true, detail: '', records: 90, positions: { partitions: [{ partition: 0, committed: 100, start: 0, end: 100 }] } });
}

test('of what was exposed and survived some are told, spread over all of them, with how many there are', async () => {
  const { survivors, stories, exposedSet } = await check(closedPublish().build());
  expect(survivors!.count).toBe(90);
  expect(exposedSet.exposedNotLost).toBe(90);
  expect(survivors!.examples).toHaveLength(survivorLimit);
  expect([survivors!.examples[0]!.sequence, survivors!.examples.at(-1)!.sequence >= 90]).toEqual([1, true]);
  expect(stories!['0:1']).toMatchObject({ exposed: 'one of the 100 messages of a closed publish, exposed to the fault that followed', neighbours: [{ sequence: 0 }, { sequence: 2 }] });
  expect(stories!['0:1']!.chapters.map(({ words }) => words)).toContain('processed by consumer-0');
});

test('a message that was delivered without end has its first and its last chapters told, and says how many are not', async () => {
  const builder = closedPublish();
  for (let again = 0; again < 200; again++) builder.consumed(0, 'delivered', 0, 10, { atMs: 6_000 + again, partition: 0, offset: 10 });
  const { chapters, leftOut } = (await check(builder.build())).stories!['0:10']!;
  expect([chapters.length, chapters[0]!.words, chapters.at(-1)!.words]).toEqual([40, 'sent by producer-0, for partition 0', 'the audit did not find it']);
  expect(leftOut).toBeGreaterThan(150);
});

test('the history is read twice, however many messages are told', async () => {
  const source = closedPublish().build();
  let reads = 0;
  const facts = await check({ ...source, batches: (wanted) => { reads++; return source.batches(wanted); } });
  expect(Object.keys(facts.stories!).length).toBeGreaterThan(exampleLimit);
  expect(reads).toBe(2);
});
