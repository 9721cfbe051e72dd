import { expect, test } from 'vitest';
import { judgeReaders, judgeStream, positionsOf, type StreamMember, type StreamReader } from './stream-status.ts';

const writer = (last: number, committed = last): StreamMember => ({ node: 'rabbitmq-1', writer: true, last, committed, first: 0 });
const replica = (node: string, last: number): StreamMember => ({ node, writer: false, last, committed: last, first: 0 });
const expected = ['rabbitmq-1', 'rabbitmq-2'];
const status = (members: readonly StreamMember[], readers: readonly StreamReader[] = []) => ({ members, readers });

test('a replica must reach what is committed under traffic, and the very end when all is quiet', () => {
  const behind = status([writer(99, 90), replica('rabbitmq-2', 95)]);
  expect(judgeStream(behind, expected, 'commit').healthy).toBe(true);
  expect(judgeStream(behind, expected, 'end')).toEqual({ healthy: false, detail: 'rabbitmq-2 is at 95 of 99' });
});

test('a replica that does not run, and a stream without a writer, are shortfalls', () => {
  expect(judgeStream(status([writer(9)]), expected, 'commit')).toEqual({ healthy: false, detail: 'rabbitmq-2 has no replica' });
  expect(judgeStream(status([replica('rabbitmq-1', 9), replica('rabbitmq-2', 9)]), expected, 'commit').healthy).toBe(false);
});

test('a drain needs a reader, at the end, with nothing held back', () => {
  const members = [writer(99)];
  expect(judgeReaders(status(members))).toEqual({ done: false, detail: 'no consumers' });
  expect(judgeReaders(status(members, [{ next: 100, unacknowledged: 3 }])).done).toBe(false);
  expect(judgeReaders(status(members, [{ next: 90, unacknowledged: 0 }])).done).toBe(false);
  expect(judgeReaders(status(members, [{ next: 100, unacknowledged: 0 }, { next: 99, unacknowledged: 0 }])).done).toBe(false);
  expect(judgeReaders(status(members, [{ next: 100, unacknowledged: 0 }])).done).toBe(true);
});

test('without a writer nobody knows the end, which is not the same as no records', () => {
  expect(positionsOf(status([replica('rabbitmq-1', 9), replica('rabbitmq-2', 9)]))).toBeNull();
});

test('an empty stream has nothing to drain and no records', () => {
  expect(judgeReaders(status([writer(-1)], [{ next: 0, unacknowledged: 0 }])).done).toBe(true);
  expect(positionsOf(status([writer(-1)]))).toEqual({ partitions: [{ partition: 0, committed: null, start: 0, end: 0 }] });
  expect(positionsOf(status([writer(99)]))).toEqual({ partitions: [{ partition: 0, committed: null, start: 0, end: 100 }] });
});
