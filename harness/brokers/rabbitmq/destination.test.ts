import { expect, test } from 'vitest';
import { queueArguments } from './destination.ts';
import { parseDestination } from './policy.ts';

const cluster = { nodes: 3, version: '4.3' };
const argumentsOf = (settings: Record<string, unknown>, version = cluster.version) => queueArguments('q', parseDestination(settings), { ...cluster, version });

test('a plain queue says its type, its place and its replicas, and leaves the rest to the broker', () => {
  expect(argumentsOf({})).toEqual({ 'x-queue-type': 'quorum', 'x-queue-leader-locator': 'client-local', 'x-quorum-initial-group-size': 3 });
  expect(argumentsOf({ type: 'stream', members: 1 })).toEqual({ 'x-queue-type': 'stream', 'x-queue-leader-locator': 'client-local', 'x-initial-cluster-size': 1 });
  expect(argumentsOf({ type: 'classic' })).toEqual({ 'x-queue-type': 'classic', 'x-queue-leader-locator': 'client-local' });
});

test('3.x knows the place of a classic queue under another name, and no delivery limit of -1', () => {
  expect(argumentsOf({ type: 'classic' }, '3.10')).toEqual({ 'x-queue-type': 'classic', 'x-queue-master-locator': 'client-local' });
  expect(argumentsOf({ deliveryLimit: -1 }, '3.10')).not.toHaveProperty('x-delivery-limit');
  expect(argumentsOf({ deliveryLimit: -1 })).toMatchObject({ 'x-delivery-limit': -1 });
});

test('limits and dead-lettering become arguments, beside those that have no field', () => {
  const settings = {
    deliveryLimit: 3, messageTtlMs: 0, maxLength: 10, overflow: 'reject-publish', deadLetter: { strategy: 'at-least-once' }, singleActiveConsumer: true,
    arguments: { 'x-max-length-bytes': 9 },
  };
  expect(argumentsOf(settings)).toMatchObject({
    'x-delivery-limit': 3, 'x-message-ttl': 0, 'x-max-length': 10, 'x-overflow': 'reject-publish', 'x-dead-letter-exchange': 'q.dlx',
    'x-dead-letter-strategy': 'at-least-once', 'x-single-active-consumer': true, 'x-max-length-bytes': 9,
  });
  expect(argumentsOf({ type: 'classic', deadLetter: {} })).not.toHaveProperty('x-dead-letter-strategy');
});
