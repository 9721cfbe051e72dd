import { expect, test } from 'vitest';
import { describeStep, describeTrigger } from './describe-step.ts';
import type { Step, Target } from './scenario.ts';

const inject = (target: Target, more: Partial<Extract<Step, { kind: 'inject' }>> = {}): string =>
  describeStep({ kind: 'inject', fault: 'kill', id: 'kill', target, parameters: {}, ...more });

test.each<[Target, string]>([
  [{ role: 'leader', partition: 0 }, 'kill the leader of partition 0'],
  [{ role: 'follower', partition: 2 }, 'kill a follower of partition 2'],
  [{ role: 'controller' }, 'kill the active controller'],
  [{ role: 'node', node: 'memory-1' }, 'kill memory-1'],
  [{ role: 'client', client: 'producer', index: 1, between: null }, 'kill producer 1'],
  [{ role: 'client', client: 'consumer', index: 0, between: 'processing-and-settling' }, 'kill consumer 0 between processing and settling'],
])('a fault names its target: %j', (target, words) => {
  expect(inject(target)).toBe(words);
});

test('a fault names what it was told, and its own name where it has one', () => {
  expect(inject({ role: 'client', client: 'consumer', index: 0, between: null }, { fault: 'crash-loop', id: 'loop', parameters: { times: 3 } })).toBe('crash-loop consumer 0, times 3 (loop)');
});

test('a trigger says all that it waits for', () => {
  expect(describeTrigger({ acknowledged: 500 })).toBe('500 acknowledged');
  expect(describeTrigger({ elapsedMs: 2_000, inSyncAtMost: 1, handedOver: 5, processed: 7 })).toBe('5 handed over or 7 processed or at most 1 in sync or 2000 ms, whichever comes first');
});
