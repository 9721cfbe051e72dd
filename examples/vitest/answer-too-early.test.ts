import { contracts, defineScenario } from 'leaderfall';
import { expect, test } from 'leaderfall/vitest';

// A server queues requests in its own process and is killed. When does it answer?
const crash = (answer: 'on-accept' | 'after-processing') =>
  defineScenario({
    name: `orders/answer-${answer}/crash`,
    cluster: { broker: 'memory' },
    destination: { answer },
    producer: { inFlight: 64, ratePerSecond: 600, resend: 'unknown' },
    consumer: { prefetch: 16, handlerMs: 3 },
    steps: [
      { wait: { attempted: 900 } },
      { inject: 'kill', target: { node: 'memory-1' } },
      { heal: 'kill' },
      { wait: { attempted: 300 } },
    ],
    contract: answer === 'on-accept' ? contracts.mustLose() : contracts.atLeastOnce(),
  });

test('an order that is answered after processing survives the crash', { timeout: 60_000 }, async ({ scenario }) => {
  // The unsafe twin runs beside it: if that one lost nothing, the crash would prove nothing, and this test would fail.
  const run = await scenario(crash('after-processing'), { twin: crash('on-accept') });
  expect(run).toUphold();
  expect(run).toHaveLost(0);
  expect(run).toHaveCounted('stuck', 0);
});

test('an order that is answered when it is accepted is lost', { timeout: 60_000 }, async ({ scenario }) => {
  const run = await scenario(crash('on-accept'));
  expect(run).toHaveLost({ min: 1 });
  expect(run).not.toUphold(contracts.atLeastOnce());
});

test('it is lost every time', { timeout: 60_000 }, async ({ scenario }) => {
  const runs = await scenario(crash('on-accept'), { repeat: 2, seed: 'orders' });
  expect(runs).toHaveLost({ min: 1 });
});
