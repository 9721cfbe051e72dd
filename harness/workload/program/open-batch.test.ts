// Which step may come when: the table of docs/bring-your-own-client.md, one message.
import { expect, test } from 'vitest';
import { OpenBatch, type SettleOrder } from './open-batch.ts';

type Step = 'delivered' | 'processed' | 'settled' | 'rejected';
const delivery = { payload: new Uint8Array(0), partition: 0, offset: 0, redelivered: false };

/** Takes the steps one by one, each answered before the next; the first that is refused ends the story. */
function story(order: SettleOrder, steps: readonly Step[]): string {
  const batch = new OpenBatch(order, [delivery]);
  for (const step of steps) {
    if (step !== 'delivered') {
      const refusal = batch.refuses(step, 0);
      if (refusal !== null) return `${step}: ${refusal}`;
      batch.begins(step, [0]);
    }
    batch.ends(step, [0]);
  }
  return batch.done ? 'done' : 'open';
}

test.each<[SettleOrder, readonly Step[], string | RegExp]>([
  ['after-processing', ['delivered', 'processed', 'settled'], 'done'],
  ['after-processing', ['delivered', 'processed', 'rejected'], 'done'],
  ['after-processing', ['delivered', 'processed'], 'open'],
  ['after-processing', ['delivered', 'settled'], /^settled: the scenario says settle after-processing/],
  ['after-processing', ['delivered', 'processed', 'settled', 'settled'], 'settled: it was settled before'],
  ['after-processing', ['processed'], /^processed: that it was delivered/],
  ['after-processing', ['delivered', 'processed', 'processed'], 'processed: it was processed before'],
  ['before-processing', ['delivered', 'settled', 'processed'], 'done'],
  ['before-processing', ['delivered', 'processed'], 'done'],
  ['before-processing', ['delivered', 'processed', 'settled'], /^settled: the scenario says settle before-processing/],
  ['before-processing', ['delivered', 'rejected'], /^rejected: only with/],
  ['automatic-queue', ['delivered', 'processed'], 'done'],
  ['automatic-queue', ['delivered', 'settled'], /^settled: with settle automatic a queue/],
  ['automatic-log', ['delivered', 'processed', 'settled'], 'done'],
  ['automatic-log', ['delivered', 'settled', 'processed'], 'done'],
  ['automatic-log', ['delivered', 'processed'], 'open'],
])('%s: %j', (order, steps, outcome) => {
  expect(story(order, steps)).toEqual(typeof outcome === 'string' ? outcome : expect.stringMatching(outcome));
});

test('a message that the batch does not have is refused', () => {
  expect(new OpenBatch('after-processing', [delivery]).refuses('processed', 1)).toBe('the batch has 1 messages');
});
