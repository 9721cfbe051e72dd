// What a phase that is out of time says: its own bound, and what the wait inside it still lacked.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { monotonicClock } from '../model/clock.ts';
import { waitUntil } from '../model/wait.ts';
import { PhaseRunner } from './phase-runner.ts';
import type { RunContext } from './run-context.ts';

const { signal } = new AbortController();
const runner = (): PhaseRunner => new PhaseRunner({ record: () => {}, onProgress: () => {}, clock: monotonicClock(String(process.hrtime.bigint())), signal } as unknown as RunContext);

test('a wait with a longer bound of its own is ended by the phase, and the error names what it lacked', async () => {
  const phases = runner();
  const heal = phases.run('heal', 50, async (within) => {
    // A look takes its time, and is not ended by the signal.
    const look = async () => {
      await delay(700);
      return { done: false, seen: 'kafka-2 does not answer' } as const;
    };
    return await waitUntil(look, { describe: 'all brokers to be back', timeoutMs: 120_000, intervalMs: 1, signal: within });
  });
  const message = 'The heal phase took longer than its bound of 50 ms: it waited for all brokers to be back; last seen: kafka-2 does not answer';
  await expect(heal).rejects.toMatchObject({ code: 'E_TIMEOUT', message, hint: expect.stringContaining('bounds.healMs') });
  expect(phases.finished).toMatchObject([{ phase: 'heal', ok: false, detail: message }]);
});

test('a wait inside with a bound as long as the phase\'s speaks first', async () => {
  const drain = runner().run('drain', 50, (within) => waitUntil(async () => ({ done: false, seen: '3 ready' }) as const, { describe: 'the consumers', timeoutMs: 50, intervalMs: 1, signal: within }));
  await expect(drain).rejects.toMatchObject({ message: 'Waited 50 ms for the consumers; last seen: 3 ready' });
});

test('work that does not look at its signal does not outlive the phase for long', { timeout: 20_000 }, async () => {
  await expect(runner().run('heal', 50, () => new Promise(() => {}))).rejects.toMatchObject({ message: 'The heal phase took longer than its bound of 50 ms' });
});
