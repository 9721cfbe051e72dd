// Leaving in good order is what the fault is about: a process that ended is no proof of it, its exit code is.
import { expect, test } from 'vitest';
import type { ClientProcess } from '../../model/workload-control.ts';
import { strike, type StrikeContext } from '../testing/strike.ts';

const { signal } = new AbortController();

/** A consumer whose processes end with these exit codes, one after the other. */
function consumerEnding(...exitCodes: readonly number[]): ClientProcess {
  let lives = 1;
  let running = true;
  return {
    id: 'consumer-0',
    state: async () => ({ status: running ? 'running' : 'exited', pid: lives, startedAt: String(lives), exitCode: running ? null : exitCodes[lives - 1]! }),
    stop: async () => { running = false; },
    start: async () => {
      running = true;
      lives++;
    },
    untilConnected: async () => {},
  } as Partial<ClientProcess> as ClientProcess;
}

const storm = (client: ClientProcess, times: number) =>
  strike('rebalance-storm', { victims: [{ kind: 'client', life: client, between: null }], parameter: () => times, partition: 0, signal } as unknown as StrikeContext);

test('a consumer that closed its client each time has left', async () => {
  const { prove } = await storm(consumerEnding(0, 0), 2);
  expect(await prove(signal)).toMatchObject({ ok: true, detail: expect.stringContaining('left and joined 2 of 2 times') });
});

test('one whose close came to no end has not, although its process is gone', async () => {
  const { prove } = await storm(consumerEnding(0, 3), 2);
  expect(await prove(signal)).toMatchObject({ ok: false, detail: expect.stringMatching(/left and joined 1 of 2 times.*exit code 3: it did not leave in good order$/) });
});
