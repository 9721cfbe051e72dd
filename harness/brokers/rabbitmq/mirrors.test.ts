import { expect, test } from 'vitest';
import { copiesOf, judgeMirrors } from './mirrors.ts';
import { parseDestination } from './policy.ts';

const queue = (replicas: readonly string[], inSync: readonly string[]) => ({ partition: 0, leader: replicas[0]!, epoch: null, replicas, inSync });

test('a queue has as many copies as its policy says, and one without mirrors', () => {
  expect(copiesOf(parseDestination({ type: 'classic' }), 3)).toBe(1);
  expect(copiesOf(parseDestination({ type: 'classic', mirrors: 'all' }), 3)).toBe(3);
  expect(copiesOf(parseDestination({ type: 'classic', mirrors: 2 }), 3)).toBe(2);
});

test('a mirror that is missing is a shortfall', () => {
  expect(judgeMirrors(queue(['rabbitmq-1'], ['rabbitmq-1']), 2, false)).toMatchObject({ healthy: false });
});

test('a mirror that lacks messages is a shortfall only where mirrors are synchronised by themselves', () => {
  const behind = queue(['rabbitmq-1', 'rabbitmq-2'], ['rabbitmq-1']);
  expect(judgeMirrors(behind, 2, true)).toEqual({ healthy: false, detail: 'rabbitmq-2 not synchronised' });
  expect(judgeMirrors(behind, 2, false)).toMatchObject({ healthy: true });
  expect(judgeMirrors(queue(['rabbitmq-1', 'rabbitmq-2'], ['rabbitmq-1', 'rabbitmq-2']), 2, true)).toMatchObject({ healthy: true });
});
