// Faults of clients whose command never reaches the worker process: none is proved, although there is traffic and the fault returned.
import { expect, test, vi } from 'vitest';
import { sabotagesOn, swallowing } from '../chaos/testing/sabotage.ts';
import { strike } from '../chaos/testing/strike.ts';
import type { Proof } from '../chaos/fault.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import type { CrashPoint, FaultName } from '../model/scenario.ts';
import type { ClientProcess } from '../model/workload-control.ts';
import { ClientBench, never } from './testing/client-bench.ts';

vi.setConfig({ testTimeout: 60_000 });
const backlog = { producer: { inFlight: 32, ratePerSecond: 400 }, consumer: { prefetch: 8, handlerMs: 3 } } as const;
const parameters: Readonly<Record<string, number>> = { times: 2, held: 2 };
const strikes = ['kill', 'stop', 'pause', 'stall', 'dieBetween'] as const satisfies readonly (keyof ClientProcess)[];

interface Sabotage {
  readonly fault: FaultName;
  readonly role: 'producer' | 'consumer';
  readonly swallowed: readonly (keyof ClientProcess)[];
  readonly between?: CrashPoint | null;
}

async function proofOf(bench: ClientBench, { fault, role, swallowed, between = null }: Sabotage): Promise<Proof> {
  await bench.workforce.resume();
  await bench.until(() => bench.workforce.counters.processed >= 40, 'traffic');
  const life = swallowing<ClientProcess>(bench.workforce.client(role, 0)!, ...swallowed);
  const active = await strike(fault, {
    cluster: bench.cluster, destination: { name: 'orders', partitions: 1 }, victims: [{ kind: 'client', life, between }], partition: 0, signal: never,
    parameter: (name) => parameters[name] ?? Number(faultDeclarations[fault].parameters[name]!.default),
  });
  return await active.prove(AbortSignal.timeout(8_000));
}

test.each(sabotagesOn('worker processes'))('%s of a %s is not proved when its command was swallowed', async (fault, role) => {
  if (role === 'node') throw new Error('a node is no worker process');
  await using bench = await ClientBench.open(backlog);
  const { pid } = bench.workforce.client(role, 0)!.current.life.state();
  const proof = await proofOf(bench, { fault, role, swallowed: strikes });
  expect(proof, proof.detail).toMatchObject({ ok: false });
  expect(bench.workforce.client(role, 0)!.current.life.state()).toMatchObject({ status: 'running', pid });
});

test.each(['restart', 'rebalance-storm'] as const)('%s of a consumer is not proved when it was ended and none came in its place', async (fault) => {
  await using bench = await ClientBench.open(backlog);
  const proof = await proofOf(bench, { fault, role: 'consumer', swallowed: ['start'] });
  expect(proof, proof.detail).toMatchObject({ ok: false });
});

test('a consumer that was to die between two of its steps and was not told lives on, and nothing is proved', async () => {
  await using bench = await ClientBench.open(backlog);
  const proof = await proofOf(bench, { fault: 'kill', role: 'consumer', swallowed: ['dieBetween'], between: 'processing-and-settling' });
  expect(proof).toMatchObject({ ok: false, detail: expect.stringContaining('is running') });
});
