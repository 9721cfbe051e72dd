import { defineScenario, runScenario } from 'leaderfall';
import { expect, test as base } from 'leaderfall/vitest';

// One run that several tests look at: a fixture of the file, played when the first of them needs it.
const test = base.extend('run', { scope: 'file' }, () =>
  runScenario(defineScenario({
    name: 'orders/pause',
    cluster: { broker: 'memory' },
    producer: { inFlight: 64, ratePerSecond: 600 },
    consumer: { prefetch: 16, handlerMs: 3 },
    steps: [
      { wait: { acknowledged: 200 } },
      { inject: 'pause', target: { node: 'memory-1' } },
      { wait: { elapsedMs: 500 } },
      { heal: 'pause' },
      { wait: { acknowledged: 200 } },
    ],
    contract: { lost: 'forbidden' },
  })));

test('nothing is lost in a short pause', { timeout: 60_000 }, ({ run }) => {
  expect(run).toUphold();
});

test('nobody waits longer than five seconds', { timeout: 60_000 }, ({ run }) => {
  expect(run).toHaveCounted('unavailableMs', { max: 5_000 });
});
