// A user's tests that fail: what they print is looked at.
import { contracts, suites } from 'leaderfall';
import { expect, test } from 'leaderfall/vitest';

const lossy = suites.find(({ name }) => name === 'memory/answer-on-accept/crash')!;

test('loses what it may not lose', async ({ scenario }) => {
  expect(await scenario(lossy)).toUphold(contracts.atLeastOnce());
});

test('has no time', { timeout: 1_000 }, async ({ scenario }) => {
  await scenario(lossy);
});
