import { expect, test } from 'vitest';
import { descendants, parseXml, textOf } from '../../testing/parse-xml.ts';
import { upheldRun } from '../../testing/sample-records.ts';
import { chaptersOf, leaderAt } from './chapters.ts';
import { storyBlock } from './story.ts';

const facts = upheldRun.facts!;
const story = 'sent 2 times between 12.100 s and 13.000 s; acknowledged (attempt 2) at 15.200 s (partition 0, offset 812); delivered at 13.100 s; not in the log';

test('a story is told in the order of time, with strikes and changes of leader between, and the audit last', () => {
  expect(chaptersOf(story, facts).map(({ timeMs, words }) => [timeMs, words])).toEqual([
    [12_100, 'sent 2 times between 12.100 s and 13.000 s'], [12_311, 'kill struck kafka-2'], [13_100, 'delivered at 13.100 s'],
    [14_880, 'leader of partition 0: kafka-2 → kafka-1'], [15_200, 'acknowledged (attempt 2) at 15.200 s (partition 0, offset 812)'], [null, 'not in the log'],
  ]);
});

test('what happened long before or after a message is not in its story', () => {
  expect(chaptersOf('sent at 5.000 s; acknowledged at 5.010 s', facts).map(({ of }) => of)).toEqual(['message', 'message']);
  expect(chaptersOf('a story without a moment', facts)).toEqual([{ timeMs: null, words: 'a story without a moment', of: 'message' }]);
});

test('the leader at a moment is the one before or after the change', () => {
  expect([leaderAt(facts, 0, 14_879), leaderAt(facts, 0, 14_880), leaderAt(facts, 1, 14_880)]).toEqual(['kafka-2', 'kafka-1', null]);
});

test('a story has an address of its own, and says who led and how long after the strike', () => {
  const root = parseXml(storyBlock({ producer: 1, sequence: 7, story, cause: 'broker', sentMs: 14_870.5, partition: 0 }, facts, { id: 'run-x', alone: true, open: true, outcomes: ['lost', 'erased'] }).source);
  expect(root.attributes).toEqual({ open: 'open', class: 'message', 'data-message': '1:7', 'data-outcome': 'lost|erased', 'data-cause': 'broker', 'data-partition': '0', 'data-sent': '14870.5' });
  expect(descendants(root).flatMap(({ attributes }) => attributes['id'] ?? [])).toEqual(['run-x--message-1-7', 'message-1:7']);
  const text = textOf(root);
  for (const words of ['1:7', 'Lost by: broker.', 'leader kafka-2', 'leader kafka-1, 2.9\u00a0s after kill struck']) expect(text).toContain(words);
  expect(descendants(root).filter(({ attributes }) => attributes['class'] === 'around')).toHaveLength(2);
});
