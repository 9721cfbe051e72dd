// Whole runs with a user's own producer and consumer on the embedded broker: faults strike them, every message is accounted for, and a bad program is named.
import { expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { Bench, countOf, failedGates, memoryScenario } from '../../run/testing/bench.ts';

const client = fileURLToPath(new URL('../../../tests/examples/memory-client.ts', import.meta.url));
const program = (...habits: readonly string[]) => ({ driver: 'program', program: { command: [process.execPath, '--disable-warning=ExperimentalWarning', client, ...habits] } });

async function played(name: string, changes: Parameters<typeof memoryScenario>[1]) {
  using bench = new Bench();
  const { suite } = await bench.run([memoryScenario(name, changes)]);
  return suite.runs[0]!;
}

test('own producer and consumer: every message accounted for, none lost', async () => {
  const run = await played('memory/program/calm', { producer: program(), consumer: program() });
  expect(run.error).toBeNull();
  expect([run.judgement.verdict, failedGates(run)]).toEqual(['upheld', []]);
  expect([countOf(run, 'lost'), countOf(run, 'corrupted'), countOf(run, 'processedTwice')]).toEqual([0, 0, 0]);
  expect(run.facts!.accounting).toMatchObject({ addsUp: true, unseen: 0 });
}, 40_000);

test.each([
  ['after-processing', 'processing-and-settling', { lost: 0, processedTwice: 1, settledUnprocessed: 0 }],
  ['before-processing', 'settling-and-processing', { lost: 1, processedTwice: 0, settledUnprocessed: 1 }],
] as const)('own consumer that settles %s is killed between %s: exactly what that order costs, for exactly the one message', async (settle, between, expected) => {
  const run = await played(`memory/program/${settle}`, {
    producer: program(), consumer: { ...program(), settle, prefetch: 1 },
    steps: [{ wait: { acknowledged: 100 } }, { inject: 'kill', target: { consumer: 0, between } }, { heal: 'kill' }, { wait: { acknowledged: 50 } }],
    contract: { lost: 'allowed', processedTwice: 'allowed', redelivered: 'allowed', settledUnprocessed: 'allowed' },
  });
  expect(run.error).toBeNull();
  expect({ lost: countOf(run, 'lost'), processedTwice: countOf(run, 'processedTwice'), settledUnprocessed: countOf(run, 'settledUnprocessed') }).toEqual(expected);
}, 40_000);

test('own producer that is told to stop ends with its worker, what it had under way is unknown, and the run goes on with a new one', async () => {
  const run = await played('memory/program/stop', {
    producer: { ...program(), resend: 'unknown' }, consumer: program(),
    steps: [{ wait: { acknowledged: 100 } }, { inject: 'stop', target: { producer: 0 } }, { heal: 'stop' }, { wait: { acknowledged: 50 } }],
  });
  expect(run.error).toBeNull();
  // Whether something was under way when the signal came is chance here.
  expect(failedGates(run).filter((gate) => gate !== 'exposed')).toEqual([]);
  expect([countOf(run, 'lost'), run.facts!.accounting.addsUp, run.facts!.accounting.unseen]).toEqual([0, true, 0]);
}, 40_000);

test('a program that breaks the protocol ends the run with what it printed', async () => {
  const run = await played('memory/program/careless', { producer: program('careless') });
  expect(run.error?.message).toMatch(/is not JSON: published \d+/);
  expect(run.judgement.verdict).not.toBe('upheld');
}, 40_000);

test('a program that ends while something that it started holds on to its stderr ends the run at once, with its last words', async () => {
  const run = await played('memory/program/orphan', { producer: { driver: 'program', program: { command: ['/bin/sh', '-c', 'sleep 60 > /dev/null & printf "no such jar" >&2; exit 3'] } } });
  expect(run.error?.message).toMatch(/ended by itself \(exit code 3\).*no such jar/);
}, 40_000);
