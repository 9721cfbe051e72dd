import { expect, test } from 'vitest';
import { TestLife } from './test-life.ts';

test('everything that a test began is ended, the last first, also where one of them cannot be', async ({ task, signal }) => {
  const life = new TestLife({ task, signal });
  const ended: string[] = [];
  life.atEnd(async () => { ended.push('first'); });
  life.atEnd(async () => { throw new Error('cannot be ended'); });
  life.atEnd(async () => { ended.push('last'); });
  await expect(life.end()).rejects.toThrow('cannot be ended');
  expect(ended).toEqual(['last', 'first']);
  expect(life.signal.aborted).toBe(true);
});
