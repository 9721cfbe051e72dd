import { expect, test } from 'vitest';
import { Bench, countOf, memoryScenario } from './testing/bench.ts';

test('consumers that start in the middle of the steps find what was queued before, and what still comes', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  let deliveredBefore = -1;
  let deliveredLast = 0;
  const scenario = memoryScenario('late/consumers', { consumer: { start: 'drain' }, steps: [{ wait: { acknowledged: 150 } }, 'consume', { wait: { processed: 100 } }] });
  const { suite } = await bench.run([scenario], {
    onProgress: (event) => {
      if (event.type === 'step' && event.text.startsWith('consume')) deliveredBefore = deliveredLast;
      if (event.type === 'counters') deliveredLast = event.counters.delivered;
    },
  });
  const [run] = suite.runs;
  expect(run!.judgement.verdict, run!.judgement.sentence).toBe('upheld');
  expect(deliveredBefore).toBe(0);
  expect(run!.facts!.totals.processedIds).toBe(run!.facts!.totals.acknowledged);
  expect(countOf(run!, 'lost')).toBe(0);
});
