import { expect, test } from 'vitest';
import type { Facts } from '../../../harness/model/facts.ts';
import { descendants, parseXml, textOf } from '../../testing/parse-xml.ts';
import { upheldRun } from '../../testing/sample-records.ts';
import { storyBlock } from './story.ts';

const example = { producer: 1, sequence: 7, story: 'sent 2 times; never delivered; not in the log', cause: 'client' as const, sentMs: 14_870.5, partition: 5 };
const place = { id: 'run-x', alone: true, open: true, outcomes: ['lost', 'erased'] };
const withStory: Facts = { ...upheldRun.facts!, stories: { '1:7': {
  exposed: 'one of the 20 messages of a closed publish, exposed to the fault that followed',
  chapters: [
    { timeMs: 14_870.5, of: 'message', words: 'sent by producer-1, for partition 5', leader: 'kafka-3' },
    { timeMs: 14_880, of: 'leader', words: 'leader of partition 5: kafka-3 → kafka-1', leader: null },
    { timeMs: 15_200, of: 'message', words: 'reported as sent without a receipt by producer-1', leader: 'kafka-1' },
    { timeMs: 31_000, of: 'message', words: 'the audit did not find it', leader: null },
  ],
  neighbours: [{ producer: 1, sequence: 1, summary: 'sent at 14.000 s; in the log' }, { producer: 1, sequence: 13, summary: 'sent at 15.000 s; <b>never</b> delivered' }], leftOut: 3,
} } };
const rendered = (facts: Facts) => parseXml(storyBlock(example, facts, place).source);

test('a story has an address of its own, and says who led its own partition then and how long after the strike', () => {
  const root = rendered(withStory);
  expect(root.attributes).toEqual({ open: 'open', class: 'message', 'data-message': '1:7', 'data-outcome': 'lost|erased', 'data-cause': 'client', 'data-partition': '5', 'data-sent': '14870.5' });
  expect(descendants(root).flatMap(({ attributes }) => attributes['id'] ?? [])).toEqual(['run-x--message-1-7', 'message-1:7']);
  const items = descendants(root).filter(({ name }) => name === 'li').map(textOf);
  expect(items).toEqual([
    ' 14.870 ssent by producer-1, for partition 5 leader kafka-3, 2.6\u00a0s after kill struck',
    ' 14.880 sleader of partition 5: kafka-3 → kafka-1',
    ' 15.200 sreported as sent without a receipt by producer-1 leader kafka-1, 2.9\u00a0s after kill struck',
    ' 31.000 sthe audit did not find it 18.7\u00a0s after kill struck',
    ' sent at 14.000\u00a0s; in the log1:1', ' sent at 15.000\u00a0s; <b>never</b> delivered1:13',
  ]);
  expect(descendants(root).filter(({ attributes }) => attributes['class'] === 'around')).toHaveLength(1);
  for (const words of ['Lost by: client.', 'one of the 20 messages of a closed publish', '3 events in the middle are left out', 'sent 2 times; never delivered']) expect(textOf(root)).toContain(words);
});

test('where the record has no story nothing is made up: no leader, no moment', () => {
  const text = textOf(rendered(upheldRun.facts!));
  expect(text).toContain('sent 2 times; never delivered; not in the log');
  expect(text).toContain('leaderfall explain');
  expect(text).not.toMatch(/leader kafka|after kill/);
});
