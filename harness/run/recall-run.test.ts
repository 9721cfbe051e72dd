// A run's folder without run.json: what its timeline still says about how the run ended.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Phase } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import { makePlan } from '../scenario/plan.ts';
import { recallRun } from './recall-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-recall-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scenario = defineScenario({ name: 'memory/a', cluster: { broker: 'memory' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } });
const plan = makePlan({ scenario, seed: 'abc', repetition: 2, createdAt: '2026-11-23T14:05:06.789Z' });

let timeNs = 0;
const phase = (name: Phase, failed?: string): readonly TimelineEntry[] => [
  { timeNs: ++timeNs, type: 'phase', phase: name, edge: 'begin' },
  { timeNs: ++timeNs, type: 'phase', phase: name, edge: 'end', ok: failed === undefined, detail: failed ?? 'done' },
];
const errorOf = (...timeline: readonly (readonly TimelineEntry[])[]) => recallRun(folder, plan, timeline.flat()).error;

test('a run whose phases all went well has no error', () => {
  expect(errorOf(phase('provision'), phase('chaos'), phase('teardown'))).toBeNull();
});

test.each([
  ['that never got a cluster failed to get one', [phase('provision', 'kafka-1 exited with code 1'), phase('teardown')], { code: 'E_NOT_READY', phase: 'provision', message: 'kafka-1 exited with code 1' }],
  ['whose phase hit its bound found just that', [phase('provision'), phase('drain', 'Waited 100 ms for the drain'), phase('audit', 'too'), phase('teardown')], { code: 'E_TIMEOUT', phase: 'drain' }],
  ['whose worker died failed by it', [phase('provision'), [{ timeNs: 0, type: 'worker', worker: 'producer-0', edge: 'died', detail: 'SIGSEGV' } as const], phase('chaos', 'producer-0 ended by itself'), phase('teardown')], { code: 'E_WORKER_DIED', phase: 'chaos' }],
  ['that was interrupted was interrupted', [phase('provision'), phase('chaos', 'Interrupted by SIGINT'), phase('teardown')], { code: 'E_INTERRUPTED', phase: 'chaos' }],
  ['without its teardown was cut off', [phase('provision'), phase('chaos')], { code: 'E_INTERRUPTED', phase: 'chaos', message: 'The run was cut off before its record was written' }],
])('one %s', (_, timeline, error) => {
  expect(errorOf(...timeline)).toMatchObject(error);
});

test('its repetition is in its id', () => {
  expect(recallRun(folder, plan, []).repetition).toBe(2);
});
