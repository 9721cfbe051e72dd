import { expect, test } from 'vitest';
import { parseMembers } from './management-api.ts';
import { judgeMembers, termOf } from './quorum-members.ts';

const nodes = ['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'];
const member = (node: string, state: string, last: number, commit = last) =>
  ({ 'Node Name': `rabbit@${node}`, 'Raft State': state, 'Last Log Index': last, 'Commit Index': commit, Term: 4 });
const judge = (members: readonly ReturnType<typeof member>[], upTo: 'commit' | 'end' = 'commit') => judgeMembers(parseMembers(members), nodes, upTo);

test('all members hold what is committed', () => {
  expect(judge([member('rabbitmq-1', 'leader', 20, 10), member('rabbitmq-2', 'follower', 10), member('rabbitmq-3', 'follower', 12)]).healthy).toBe(true);
});

test('the end of the log asks for more than what is committed', () => {
  const members = [member('rabbitmq-1', 'leader', 20, 10), member('rabbitmq-2', 'follower', 20), member('rabbitmq-3', 'follower', 12)];
  expect(judge(members, 'commit').healthy).toBe(true);
  expect(judge(members, 'end')).toEqual({ healthy: false, detail: 'rabbitmq-3 is at 12 of 20' });
});

test('a member that is down or still recovering is named', () => {
  expect(judge([member('rabbitmq-1', 'leader', 9), member('rabbitmq-2', 'noproc', 9), member('rabbitmq-3', 'follower', 9)]).detail).toBe('rabbitmq-2 is noproc');
  expect(judge([member('rabbitmq-1', 'leader', 9), member('rabbitmq-2', 'follower', 9)]).detail).toBe('rabbitmq-3 is no member');
});

test('without a leader nothing is in sync, and there is no term', () => {
  const members = nodes.map((node) => member(node, 'follower', 9));
  expect(judge(members).healthy).toBe(false);
  expect(termOf(parseMembers(members))).toBeNull();
  expect(termOf(parseMembers([member('rabbitmq-1', 'leader', 9)]))).toBe(4);
});

test('the index had another name before 4.0', () => {
  expect(parseMembers([{ 'Node Name': 'rabbit@rabbitmq-1', 'Raft State': 'leader', 'Log Index': 5, 'Commit Index': 5, Term: 1 }])[0]).toMatchObject({ lastIndex: 5 });
});

test('a member that does not answer has empty numbers, and is not in sync', () => {
  const silent = { 'Node Name': 'rabbit@rabbitmq-2', 'Raft State': 'unknown', 'Last Log Index': '', 'Commit Index': '', Term: '' };
  const members = parseMembers([member('rabbitmq-1', 'leader', 9), silent, member('rabbitmq-3', 'follower', 9)]);
  expect(judgeMembers(members, nodes, 'commit').detail).toBe('rabbitmq-2 is unknown');
});
