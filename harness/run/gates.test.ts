// A gate for each way in which a fault does not strike or a run is cut short: inconclusive, never upheld. Real processes, really struck.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gate } from '../model/contract.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { slugOf } from '../scenario/plan.ts';
import { contracts } from '../verdict/presets.ts';
import { Bench, countOf, failedGates, gateOf, memoryScenario } from './testing/bench.ts';
import { childrenOf, serverAmong, socketOf, workerPid } from './testing/processes.ts';

const memory1 = { node: 'memory-1' };
const crash = [{ wait: { acknowledged: 100 } }, { inject: 'kill', target: memory1 }, { heal: 'kill' }] as const;
/** The consumer is slower than the producer by so much that a backlog is there to be lost on a busy machine, too. */
const onAccept = { destination: { answer: 'on-accept' }, consumer: { handlerMs: 10 } } as const;
/** The consumer is slow enough that something is always under way. */
const afterProcessing = { destination: { answer: 'after-processing' }, producer: { resend: 'unknown', inFlight: 32 }, consumer: { handlerMs: 3 } } as const;

/** What the test does to a run while it goes on; by the scenario's name. */
type Strikes = Readonly<Record<string, (event: ProgressEvent, runFolder: string) => void>>;

const begins = (event: ProgressEvent, phase: string): boolean => event.type === 'phase' && event.phase === phase && event.edge === 'begin';
const server = (): number => serverAmong(childrenOf(process.pid))!;

/** One suite after the other in each lane: `server()` must find one server only, so what strikes a server runs alone in lane one. */
const lanes: readonly (readonly Scenario[])[] = [
  [
    memoryScenario('gate/not-healed', { steps: crash.slice(0, 2), bounds: { healMs: 300 } }),
    memoryScenario('gate/audit-cut'),
  ],
  [
    // Answered after processing: once no attempt is under way, nothing waits to be processed either.
    memoryScenario('gate/nothing-exposed', { ...afterProcessing, steps: [{ wait: { acknowledged: 100 } }, 'quiesce', { inject: 'kill', target: memory1 }, { heal: 'kill' }, 'resume'] }),
    memoryScenario('gate/already-dead', { ...afterProcessing, steps: [{ wait: { acknowledged: 100 } }, { inject: 'kill', as: 'first', target: memory1 }, { inject: 'kill', as: 'second', target: memory1 }] }),
    memoryScenario('gate/producer-dies', { steps: [{ wait: { elapsedMs: 8_000 } }] }),
    memoryScenario('gate/consumer-dies', { steps: [{ wait: { elapsedMs: 8_000 } }] }),
    memoryScenario('gate/drain-cut', { consumer: { handlerMs: 20 }, bounds: { drainMs: 300 } }),
  ],
  [
    memoryScenario('power/safe', { ...afterProcessing, steps: crash, twin: 'power/unsafe' }),
    memoryScenario('power/unsafe', { ...onAccept, steps: crash, twin: 'power/safe', contract: contracts.mustLose() }),
    memoryScenario('powerless/safe', { ...afterProcessing, steps: crash, twin: 'powerless/unsafe' }),
    memoryScenario('powerless/unsafe', { ...afterProcessing, steps: crash, twin: 'powerless/safe', contract: contracts.mustLose() }),
    memoryScenario('gate/not-steady', { steps: crash, defects: { neverConfirmsAfter: 5 }, bounds: { steadyMs: 500, recoverMs: 300 } }),
  ],
];

const strikes: Strikes = {
  // Without the folder of its socket the server cannot listen again.
  'gate/not-healed': (event) => { if (event.type === 'fault' && event.edge === 'begin') rmSync(dirname(socketOf(server())), { recursive: true }); },
  'gate/audit-cut': (event) => { if (begins(event, 'audit')) process.kill(server(), 'SIGSTOP'); },
  'gate/producer-dies': (event, folder) => { if (begins(event, 'chaos')) process.kill(workerPid(folder, 'producer-0'), 'SIGKILL'); },
  'gate/consumer-dies': (event, folder) => { if (begins(event, 'chaos')) process.kill(workerPid(folder, 'consumer-0'), 'SIGKILL'); },
};

const bench = new Bench();
const runs = new Map<string, RunRecord>();

async function runLane(scenarios: readonly Scenario[]): Promise<void> {
  let folder = '';
  let name = '';
  const { suite } = await bench.run(scenarios, {
    onProgress(event) {
      if (event.type === 'suite-begin') folder = event.folder;
      if (event.type === 'scenario-begin') name = event.name;
      strikes[name]?.(event, join(folder, slugOf(name)));
    },
  });
  for (const run of suite.runs) runs.set(run.scenario.name, run);
}

beforeAll(async () => {
  await runLane(lanes[0]!);
  await Promise.all(lanes.slice(1).map(runLane));
}, 120_000);
afterAll(() => bench[Symbol.dispose]());

const runOf = (name: string): RunRecord => runs.get(name)!;
const gate = (name: string, called: string): Gate => runOf(name).judgement.gates.find((one) => one.name === called)!;

test.each(['nothing-exposed', 'already-dead', 'not-steady', 'not-healed', 'drain-cut', 'audit-cut', 'producer-dies', 'consumer-dies'])('%s: the run completes, and is inconclusive', (name) => {
  const { status, judgement } = runOf(`gate/${name}`);
  expect([status, judgement.verdict]).toEqual(['completed', 'inconclusive']);
  expect(judgement.sentence).toMatch(/^Inconclusive: /);
});

test('a kill while nothing is under way exposes nothing, and only that gate fails', () => {
  expect(failedGates(runOf('gate/nothing-exposed'))).toEqual(['exposed']);
});

test('a kill of a node that is dead already is no hit', () => {
  expect(gateOf(runOf('gate/already-dead'), 'target-hit')).toBe(false);
  expect(gate('gate/already-dead', 'target-hit').detail).toContain('memory-1 was exited before the fault');
});

test('traffic that never becomes healthy is not struck at all', () => {
  const run = runOf('gate/not-steady');
  expect(failedGates(run)).toEqual(expect.arrayContaining(['steady', 'target-hit', 'exposed']));
  expect(gate('gate/not-steady', 'target-hit').detail).toContain('it was never injected');
  expect(run.facts!.faults).toEqual([]);
  expect(run.error).toMatchObject({ code: 'E_TIMEOUT', phase: 'steady', message: expect.stringContaining('not within 500 ms') });
  expect(countOf(run, 'lost')).toBe(0);
});

test('a cluster that cannot be healed fails the gate, and what was not drained is unseen, not lost', () => {
  const run = runOf('gate/not-healed');
  expect(failedGates(run)).toEqual(expect.arrayContaining(['heal', 'drain', 'audit', 'probe-after']));
  expect(run.error).toMatchObject({ phase: 'heal', message: expect.stringMatching(/^The heal phase took longer than its bound of 300 ms: it waited for memory-1 to answer; last seen: ./) });
  // The folder that was removed had its log, too.
  expect(run.phases.find(({ phase }) => phase === 'teardown')!.detail).toMatch(/^0 logs kept; the log of memory-1 is not whole: .*ENOENT/);
  expect(run.judgement.sentence).toContain(`Inconclusive: phase heal failed (${run.error!.message}); gate `);
  expect(countOf(run, 'lost')).toBe(0);
});

test('a drain that is cut short says what was left, and calls nothing lost', () => {
  const run = runOf('gate/drain-cut');
  expect(failedGates(run)).toEqual(['drain']);
  expect(gate('gate/drain-cut', 'drain').detail).toMatch(/\d+ ready, \d+ unacknowledged/);
  expect(runOf('gate/drain-cut').judgement.sentence).toMatch(/^Inconclusive: gate drain failed /);
  expect(countOf(run, 'lost')).toBe(0);
  expect(countOf(run, 'unseen')).toBeGreaterThan(0);
});

test('an audit that the broker does not answer fails its gate alone, and is no defect of ours', () => {
  expect(failedGates(runOf('gate/audit-cut'))).toEqual(['audit']);
  expect(runOf('gate/audit-cut').error).toMatchObject({ code: 'E_NOT_READY', phase: 'audit' });
});

test('a producer that dies by itself is named, and waits for its traffic end at once', () => {
  const run = runOf('gate/producer-dies');
  expect(gate('gate/producer-dies', 'workers').detail).toBe('ended by itself: producer-0');
  const chaos = run.phases.find(({ phase }) => phase === 'chaos')!;
  expect(chaos.endMs - chaos.beginMs).toBeLessThan(6_000);
  expect([countOf(run, 'lost'), countOf(run, 'phantom')]).toEqual([0, 0]);
});

test('a consumer that dies by itself is named, and nobody waits for a drain that cannot be complete', () => {
  const run = runOf('gate/consumer-dies');
  expect(failedGates(run)).toEqual(expect.arrayContaining(['workers', 'drain']));
  expect(gate('gate/consumer-dies', 'drain').detail).toContain('consumer-0 ended by itself');
  const drain = run.phases.find(({ phase }) => phase === 'drain')!;
  expect(drain.endMs - drain.beginMs).toBeLessThan(6_000);
});

test('a twin that loses shows the power of the fault, and its partner is upheld', () => {
  expect(runOf('power/unsafe').judgement, runOf('power/unsafe').judgement.sentence).toMatchObject({ verdict: 'upheld', power: { state: 'is-the-twin' } });
  expect(countOf(runOf('power/unsafe'), 'lost')).toBeGreaterThan(0);
  expect(runOf('power/safe').judgement).toMatchObject({ verdict: 'upheld', power: { state: 'shown' } });
});

test('a twin that loses nothing is violated, and its partner inconclusive although it lost nothing either', () => {
  expect(runOf('powerless/unsafe').judgement).toMatchObject({ verdict: 'violated' });
  expect(runOf('powerless/safe').judgement).toMatchObject({ verdict: 'inconclusive', power: { state: 'not-shown' } });
  expect(runOf('powerless/safe').judgement.clauses.every(({ verdict }) => verdict === 'upheld')).toBe(true);
});
